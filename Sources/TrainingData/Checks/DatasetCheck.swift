import Algorithms
import Annotations
package import GroundTruth

/// Checks span JSON Lines for what makes training data bad: spans that do not fit, labels that are written in two ways, texts that
/// are there twice.
///
/// Lines are read one at a time; kept are ids, labels, and the texts of spans with their labels.
package struct DatasetCheck {
    package struct Finding: Hashable, Sendable, CustomStringConvertible {
        package let line: Int
        package let code: String
        package let message: String
        package var description: String { "\(code): \(message)" }
    }

    /// Of more different texts of spans, later ones are not compared.
    static let maximumSurfaces = 1_000_000

    private var texts: [String: (line: Int, text: TextKey)] = [:]
    private var labels: [Label: (line: Int, count: Int)] = [:]
    private var surfaces: [[UInt8]: [Label: (line: Int, count: Int)]] = [:]

    package init() {}

    package mutating func check(_ line: LineSplitter.Line) -> [Finding] {
        guard !line.isBlank else { return [] }
        var findings: [Finding] = []
        func report(_ code: String, _ message: String) {
            findings.append(Finding(line: line.number, code: code, message: message))
        }
        guard !line.isTooLong else {
            report("line-too-long", "over \(LineSplitter.maximumLineBytes) bytes; the rest was not read")
            return findings
        }
        let record: JSONValue
        do throws(JSONError) { record = try JSONScanner.parse(line.bytes) } catch {
            report("not-json", "\(error)")
            return findings
        }
        guard let string = record["text"]?.string else {
            report("bad-record", "expected an object with a string `text`")
            return findings
        }
        let text = DocumentText(string)
        checkID(record, text, line: line.number, report)
        let unit = record["offset-unit"]?.string
        if let unit, unit != ScalarOffset.unit, unit != OffsetUnit.codePoints.rawValue {
            report("offset-unit", "`offset-unit` is `\(unit)`; offsets here count Unicode scalars")
        }
        let tokens = tokens(of: record, text, report)
        for (owner, list) in lists(of: record, report) {
            let spans = SpanListCheck(text: text, tokens: tokens, owner: owner).check(list, report)
            // Only what stands for all workers is learnt from.
            guard owner == "entities" else { continue }
            for span in spans { note(span, surface: text.slice(span), line: line.number) }
        }
        return findings
    }

    // MARK: One record

    private mutating func checkID(
        _ record: JSONValue, _ text: DocumentText, line: Int, _ report: (String, String) -> Void
    ) {
        guard let value = record.present("id") else { return }
        guard let id = value.string else { return report("bad-record", "`id` is \(value.kindName), expected a string") }
        let key = TextKey(text, seed: 0)
        guard let known = texts[id] else {
            texts[id] = (line, key)
            return
        }
        if known.text == key {
            report("duplicate-id", "`\(id)` and its text are on line \(known.line) already")
        } else {
            report("mixed-texts", "`\(id)` is on line \(known.line) already, with another text")
        }
    }

    private func tokens(
        of record: JSONValue, _ text: DocumentText, _ report: (String, String) -> Void
    ) -> [Range<ScalarOffset>]? {
        guard let list = record.present("tokens") else { return nil }
        do throws(RecordError) { return try SpanRecord.ranges(list, text: text, of: "tokens") } catch {
            report(error.code, error.message)
            return nil
        }
    }

    /// Every list of spans with the name of its owner.
    private func lists(of record: JSONValue, _ report: (String, String) -> Void) -> [(owner: String, list: JSONValue)] {
        var lists: [(String, JSONValue)] = []
        for key in ["entities", "gold", "suggestions"] { if let list = record.present(key) { lists.append((key, list)) } }
        guard let answers = record.present("annotations") else { return lists }
        guard let answers = answers.array else {
            report("bad-record", "`annotations` is \(answers.kindName), expected an array")
            return lists
        }
        var workers: Set<String> = []
        for answer in answers {
            guard let worker = answer["worker-id"]?.string, let list = answer["entities"] else {
                report("bad-record", "\(answer.excerpt) is no answer: expected `worker-id` and `entities`")
                continue
            }
            if !workers.insert(worker).inserted { report("duplicate-worker", "worker \(worker) stands twice in `annotations`") }
            lists.append(("worker \(worker)", list))
        }
        return lists
    }

    private mutating func note(_ span: ScalarSpan, surface: String, line: Int) {
        labels[span.label, default: (line, 0)].count += 1
        let key = Array(surface.utf8)
        guard surfaces[key] != nil || surfaces.count < Self.maximumSurfaces else { return }
        surfaces[key, default: [:]][span.label, default: (line, 0)].count += 1
    }

    // MARK: The data set

    /// Findings that only the whole data set shows, by line.
    package func finish() -> [Finding] {
        (spellings() + conflicts()).sorted { left, right in
            left.line != right.line ? left.line < right.line : left.message.utf8.lexicographicallyPrecedes(right.message.utf8)
        }
    }

    /// Labels that differ only in case, or in what joins their words.
    private func spellings() -> [Finding] {
        let variants = Dictionary(grouping: labels.keys) { label in
            label.name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil }
                .map(\.value)
        }
        return variants.values.filter { $0.count > 1 }.flatMap { labels in
            rarer(labels.map { ($0, self.labels[$0]?.line ?? 0, self.labels[$0]?.count ?? 0) }) { rare, common in
                ("label-spelling", "label `\(rare)` here, `\(common)` elsewhere")
            }
        }
    }

    private func conflicts() -> [Finding] {
        surfaces.filter { $0.value.count > 1 }.flatMap { surface, labels in
            rarer(labels.map { ($0.key, $0.value.line, $0.value.count) }) { rare, common in
                ("label-conflict", "`\(String(decoding: surface, as: UTF8.self).prefix(60))` is \(rare) here, \(common) elsewhere")
            }
        }
    }

    /// A finding for each label but the most frequent one (of those the first in bytes), where it first stands.
    private func rarer(
        _ labels: [(label: Label, line: Int, count: Int)], _ finding: (Label, Label) -> (code: String, message: String)
    ) -> [Finding] {
        let sorted = labels.sorted { $0.count != $1.count ? $0.count > $1.count : $0.label < $1.label }
        return sorted.dropFirst().map { rare in
            let (code, message) = finding(rare.label, sorted[0].label)
            return Finding(line: rare.line, code: code, message: message)
        }
    }
}

/// Checks one list of spans of a record.
private struct SpanListCheck {
    let text: DocumentText
    let tokens: [Range<ScalarOffset>]?
    let owner: String

    /// - Returns: The spans that fit the text.
    func check(_ list: JSONValue, _ report: (String, String) -> Void) -> [ScalarSpan] {
        guard let elements = list.array else {
            report("bad-record", "the spans of \(owner) are \(list.kindName), expected an array")
            return []
        }
        let readings = elements.compactMap { reading($0, report) }
        var spans: [ScalarSpan] = []
        let unit = unit(of: readings)
        if let unit { report("offset-unit", "\(owner): offsets count \(unit), not Unicode scalars: only so they mark their texts") }
        for reading in readings where unit == nil {
            guard let span = ScalarSpan(start: ScalarOffset(reading.start), end: ScalarOffset(reading.end), label: reading.label),
                span.end.rawValue <= text.scalarCount
            else {
                report(
                    "out-of-range",
                    "\(owner): \(reading.start)..<\(reading.end) (\(reading.label)) is no span of a text of \(text.scalarCount) characters"
                )
                continue
            }
            check(span, surface: reading.surface, report)
            spans.append(span)
        }
        checkOverlaps(spans, report)
        return spans
    }

    private func reading(_ element: JSONValue, _ report: (String, String) -> Void) -> ReadSpan? {
        do throws(RecordError) {
            var span = try element.span(start: "startOffset", end: "endOffset", label: "label")
            span.surface = (element["text"] ?? element["surface"])?.string
            return span
        } catch {
            report(error.code, "\(owner): \(error.message)")
            return nil
        }
    }

    /// The unit in which all spans mark the texts they came with, where it is not scalars.
    private func unit(of spans: [ReadSpan]) -> String? {
        guard spans.contains(where: { $0.surface != nil }),
            let found = try? OffsetResolver(text, documented: .codePoints).resolve([spans])
        else { return nil }
        return found.unexpectedUnit(documented: .codePoints)
    }

    private func check(_ span: ScalarSpan, surface: String?, _ report: (String, String) -> Void) {
        let place = "\(owner): \(span.start)..<\(span.end) (\(span.label))"
        let found = text.slice(span)
        if let surface, !found.utf8.elementsEqual(surface.utf8) {
            report("surface-differs", "\(place) came with `\(surface.prefix(60))`, the text has `\(found.prefix(60))`")
        }
        let scalars = found.unicodeScalars
        if scalars.first?.isColumnBreak == true || scalars.last?.isColumnBreak == true {
            report("edge-space", "\(place) has white space at an edge")
        }
        if span.label.name.isEmpty { report("empty-label", "\(place) has an empty label") }
        guard let tokens else { return }
        let first = tokens.partitioningIndex { $0.upperBound > span.start }
        let last = tokens.partitioningIndex { $0.lowerBound >= span.end } - 1
        if first > last || tokens[first].lowerBound != span.start || tokens[last].upperBound != span.end {
            report("off-token", "\(place) does not start and end with a token")
        }
    }

    private func checkOverlaps(_ spans: [ScalarSpan], _ report: (String, String) -> Void) {
        // The span that reaches farthest so far is the one that a later span meets first.
        var farthest: ScalarSpan?
        for span in spans.sorted() {
            if let farthest, span.overlaps(farthest) {
                report(
                    span == farthest ? "duplicate-span" : "overlap",
                    "\(owner): \(span.start)..<\(span.end) (\(span.label)) overlaps \(farthest.start)..<\(farthest.end) (\(farthest.label))"
                )
            }
            if farthest.map({ span.end > $0.end }) ?? true { farthest = span }
        }
    }
}
