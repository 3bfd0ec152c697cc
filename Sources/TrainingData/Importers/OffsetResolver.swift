import Algorithms
import Annotations

/// What a format's offsets count.
package enum OffsetUnit: String, CaseIterable, Sendable {
    case codePoints = "code-points"
    case utf16 = "utf-16"
    case bytes
    case tokens
}

/// A span as a file has it: offsets in a unit that is yet to be found out, and the text it stood for there, if that is known.
struct ReadSpan {
    let start: Int
    let end: Int
    let label: Label
    var confidence: Double?
    var surface: String?

    init(start: Int, end: Int, label: Label, confidence: Double? = nil, surface: String? = nil) {
        (self.start, self.end, self.label, self.confidence, self.surface) = (start, end, label, confidence, surface)
    }
}

/// Finds out what the offsets of a record count: the first unit under which every span of the record that came with its text marks
/// just that text. Tried are what the format documents, code points, UTF-16, bytes, then the same with CR LF counted as one.
///
/// Where no span came with its text there is nothing to find out by, and the documented unit holds.
struct OffsetResolver {
    /// How the text that came with a span is compared with the one it marks.
    enum Comparison {
        case exact
        /// Runs of white space count as one blank, and none at the edges: some tools store surfaces so.
        case blanksFolded
    }

    /// What was found out.
    struct Resolved {
        /// In the order and nesting in which they were given.
        let spans: [[ScoredSpan]]
        let unit: OffsetUnit
        let foldsLineEnds: Bool

        /// What was counted, unless it is what the format documents.
        func unexpectedUnit(documented: OffsetUnit) -> String? {
            guard unit != documented || foldsLineEnds else { return nil }
            return foldsLineEnds ? "\(unit.rawValue) with CR LF as one" : unit.rawValue
        }
    }

    private let text: DocumentText
    private let documented: OffsetUnit
    private let isForced: Bool
    private let comparison: Comparison

    /// - Parameter forced: The only unit that is tried, whatever the format documents.
    init(_ text: DocumentText, documented: OffsetUnit, forced: OffsetUnit? = nil, comparison: Comparison = .exact) {
        self.text = text
        self.documented = forced ?? documented
        (isForced, self.comparison) = (forced != nil, comparison)
    }

    /// - Parameter lists: All spans of a record, by their owners.
    /// - Throws: ``RecordError`` `offsets` with the first span that does not fit.
    func resolve(_ lists: [[ReadSpan]]) throws(RecordError) -> Resolved {
        let first: RecordError
        do throws(RecordError) { return try resolved(lists, Counting(text, documented)) } catch { first = error }
        let hasSurfaces = lists.contains { $0.contains { $0.surface != nil } }
        guard !isForced, hasSurfaces else { throw first }
        let folded = Counting.folded(text)
        let units: [OffsetUnit] = [.codePoints, .utf16, .bytes]
        var countings = units.filter { $0 != documented }.map { Counting(text, $0) }
        if let folded { countings += ([documented] + units.filter { $0 != documented }).map { Counting(folded, $0) } }
        for counting in countings {
            if let resolved = try? resolved(lists, counting) { return resolved }
        }
        throw RecordError(first.code, "\(first.message); no other unit fits all spans either")
    }

    private func resolved(_ lists: [[ReadSpan]], _ counting: Counting) throws(RecordError) -> Resolved {
        var result: [[ScoredSpan]] = []
        for list in lists {
            var spans: [ScoredSpan] = []
            for span in list { spans.append(try scored(span, counting)) }
            result.append(spans)
        }
        return Resolved(spans: result, unit: counting.unit, foldsLineEnds: counting.foldsLineEnds)
    }

    private func scored(_ read: ReadSpan, _ counting: Counting) throws(RecordError) -> ScoredSpan {
        guard let start = counting.scalar(read.start), let end = counting.scalar(read.end),
            let span = ScalarSpan(start: start, end: end, label: read.label)
        else {
            throw RecordError(
                "offsets",
                "\(read.start)..<\(read.end) (\(read.label)) is no span of a text of \(counting.length) \(counting.unit.rawValue)")
        }
        if let surface = read.surface {
            let found = text.slice(span)
            guard isSame(found, surface) else {
                throw RecordError(
                    "offsets",
                    "\(read.start)..<\(read.end) (\(read.label)) came with `\(surface.prefix(60))`, in \(counting.unit.rawValue) the text has `\(found.prefix(60))`"
                )
            }
        }
        return ScoredSpan(span: span, confidence: read.confidence)
    }

    private func isSame(_ found: String, _ surface: String) -> Bool {
        if found.utf8.elementsEqual(surface.utf8) { return true }
        // A surface may have been stored with its line ends folded.
        if Self.lineEndsFolded(found).elementsEqual(Self.lineEndsFolded(surface)) { return true }
        guard comparison == .blanksFolded else { return false }
        return words(found).elementsEqual(words(surface)) { $0.elementsEqual($1) }
    }

    private static func lineEndsFolded(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return bytes.indices.filter { bytes[$0] != 0x0D || $0 + 1 == bytes.count || bytes[$0 + 1] != 0x0A }.map { bytes[$0] }
    }

    private func words(_ text: String) -> [Substring.UnicodeScalarView] {
        text.unicodeScalars.split { $0.properties.isWhitespace }
    }
}

/// Offsets in one unit, of the text or of the text with CR LF folded, as scalars of the text.
private struct Counting {
    /// The text with LF for CR LF, and the folded scalar offsets of those LF, ascending.
    struct Folded {
        let text: DocumentText
        let lineFeeds: [Int]
    }

    let unit: OffsetUnit
    private let text: DocumentText
    private let lineFeeds: [Int]
    let foldsLineEnds: Bool

    init(_ text: DocumentText, _ unit: OffsetUnit) {
        (self.text, self.unit, lineFeeds, foldsLineEnds) = (text, unit, [], false)
    }

    init(_ folded: Folded, _ unit: OffsetUnit) {
        (text, self.unit, lineFeeds, foldsLineEnds) = (folded.text, unit, folded.lineFeeds, true)
    }

    /// - Returns: `nil` when there is no CR LF.
    static func folded(_ text: DocumentText) -> Folded? {
        var bytes: [UInt8] = []
        var lineFeeds: [Int] = []
        var scalars = 0
        for (index, byte) in text.bytes.enumerated() {
            let next = index + 1 < text.bytes.count ? text.bytes[index + 1] : 0
            if byte == 0x0D, next == 0x0A {
                lineFeeds.append(scalars)
            } else {
                bytes.append(byte)
                if byte & 0xC0 != 0x80 { scalars += 1 }
            }
        }
        return lineFeeds.isEmpty ? nil : Folded(text: DocumentText(valid: bytes), lineFeeds: lineFeeds)
    }

    var length: Int {
        switch unit {
        case .utf16: text.utf16Count
        case .bytes: text.bytes.count
        case .codePoints, .tokens: text.scalarCount
        }
    }

    func scalar(_ offset: Int) -> ScalarOffset? {
        let inText: ScalarOffset?
        switch unit {
        case .utf16: inText = (try? text.scalar(UTF16Offset(offset))) ?? nil
        case .bytes: inText = text.scalar(byte: offset)
        case .codePoints, .tokens: inText = (0...text.scalarCount).contains(offset) ? ScalarOffset(offset) : nil
        }
        return inText.map { found in
            ScalarOffset(found.rawValue + lineFeeds.partitioningIndex { $0 >= found.rawValue })
        }
    }
}
