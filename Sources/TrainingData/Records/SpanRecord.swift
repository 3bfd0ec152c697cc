package import Annotations
package import GroundTruth

/// A line of span JSON Lines: a text, what workers marked on it, and what stands for all of them.
///
/// Offsets are Unicode scalars. Keys that are not known stay as they are.
package struct SpanRecord: Sendable {
    package let id: String
    package let text: DocumentText
    /// Workers' answers; a worker who did not see the text is absent.
    package let answers: [WorkerSpans<ScalarOffset>]
    /// The consolidated spans; `nil` when nobody consolidated yet.
    package let entities: [ScoredSpan]?
    /// Tokens and sentences, ascending, where the line has them.
    package let tokens: [Range<ScalarOffset>]?
    package let sentences: [Range<ScalarOffset>]?
    /// The line as read.
    package let line: ManifestLine

    /// - Parameters:
    ///   - line: One line, without its line end.
    ///   - number: Its number, from 1; the id of a line without one.
    /// - Throws: ``RecordError`` when the line is not of this form, or a span does not fit its text.
    package init(parsing line: [UInt8], number: Int) throws(RecordError) {
        let value: JSONValue
        do { value = try JSONValue.message(line, "the line") } catch { throw RecordError("not-json", error.message) }
        guard case .object = value.kind else {
            throw RecordError("not-an-object", "expected a JSON object, found \(value.kindName)")
        }
        do {
            let text = DocumentText(try value.requiredString("text", in: "the line"))
            id = try value.optionalString("id", in: "the line") ?? "line-\(number)"
            answers = try Self.answers(value, text: text)
            entities = try value.present("entities").map { list in try Self.spans(list, text: text, of: "`entities`") }
            tokens = try value.present("tokens").map { list in try Self.ranges(list, text: text, of: "tokens") }
            sentences = try value.present("sentences").map { list in try Self.ranges(list, text: text, of: "sentences") }
            self.text = text
        } catch let error as ContractError {
            throw RecordError("bad-record", error.message)
        } catch let error as RecordError {
            throw error
        } catch {
            preconditionFailure("reading a record throws its own errors only: \(error)")
        }
        self.line = ManifestLine(value)
    }

    private static func answers(_ value: JSONValue, text: DocumentText) throws -> [WorkerSpans<ScalarOffset>] {
        guard let list = value.present("annotations") else { return [] }
        guard let elements = list.array else {
            throw RecordError("bad-record", "`annotations` is \(list.kindName), expected an array")
        }
        var answers: [WorkerSpans<ScalarOffset>] = []
        for element in elements {
            let workerID = try element.requiredString("worker-id", in: "an element of `annotations`")
            guard !answers.contains(where: { $0.workerID == workerID }) else {
                throw RecordError("duplicate-worker", "worker \(workerID) stands twice in `annotations`")
            }
            let entities = try element.required("entities", in: "the answer of worker \(workerID)")
            let spans = try spans(entities, text: text, of: "worker \(workerID)")
            answers.append(
                WorkerSpans(
                    workerID: workerID, spans: spans.map(\.span), seconds: element["seconds"]?.double,
                    suggestionOutcomes: element.present("suggestions").map { SuggestionOutcomes($0) }))
        }
        return answers
    }

    /// What a model proposes; `nil` when none was asked.
    ///
    /// - Throws: ``RecordError`` when it does not fit the text. Who does not ask for suggestions takes a record with any.
    package func suggestions() throws(RecordError) -> [ScoredSpan]? {
        guard let list = line["suggestions"] else { return nil }
        return try Self.spans(list, text: text, of: "`suggestions`")
    }

    private static func spans(_ list: JSONValue, text: DocumentText, of owner: String) throws(RecordError) -> [ScoredSpan] {
        guard let elements = list.array else {
            throw RecordError("bad-record", "the entities of \(owner) are \(list.kindName), expected an array")
        }
        var spans: [ScoredSpan] = []
        for element in elements {
            guard let start = element["startOffset"]?.int, let end = element["endOffset"]?.int,
                let label = element["label"]?.string,
                let span = ScalarSpan(start: ScalarOffset(start), end: ScalarOffset(end), label: Label(label))
            else {
                throw RecordError(
                    "bad-span", "\(element.excerpt) of \(owner) is no span: expected `startOffset` < `endOffset` and a `label`")
            }
            do { try text.check(span) } catch { throw RecordError("bad-span", "\(owner): \(error.message)") }
            spans.append(ScoredSpan(span: span, confidence: element["confidence"]?.double))
        }
        return spans
    }

    /// A list of `[start, end]`, ascending and apart.
    static func ranges(_ list: JSONValue, text: DocumentText, of key: String) throws(RecordError) -> [Range<ScalarOffset>] {
        guard let elements = list.array else {
            throw RecordError("bad-record", "`\(key)` is \(list.kindName), expected an array")
        }
        var ranges: [Range<ScalarOffset>] = []
        for element in elements {
            guard let edges = element.array?.map(\.int), edges.count == 2, let start = edges[0], let end = edges[1],
                (ranges.last?.upperBound.rawValue ?? 0)...text.scalarCount ~= start, start < end, end <= text.scalarCount
            else {
                throw RecordError(
                    "bad-record", "\(element.excerpt) in `\(key)`: expected [start, end] inside the text, after the one before")
            }
            ranges.append(ScalarOffset(start)..<ScalarOffset(end))
        }
        return ranges
    }

    /// The line with other consolidated spans; everything else stays.
    package func setting(entities: [ScoredSpan]) -> [UInt8] {
        line.setting(["entities": .array(entities.map(\.json))])
    }

    /// The line with other suggestions of a model; everything else stays.
    package func setting(suggestions: [ScoredSpan]) -> [UInt8] {
        line.setting(["suggestions": .array(suggestions.map(\.json))])
    }
}

/// A span with how sure its maker is of it.
package struct ScoredSpan: Sendable {
    package let span: ScalarSpan
    /// 0...1.
    package let confidence: Double?
    /// How it came about: members written beside the span's own; not read back.
    package let provenance: [String: JSONOutput]

    package init(span: ScalarSpan, confidence: Double? = nil, provenance: [String: JSONOutput] = [:]) {
        (self.span, self.confidence, self.provenance) = (span, confidence, provenance)
    }

    package var json: JSONOutput {
        var members: [String: JSONOutput] = [
            "endOffset": .int(span.end.rawValue), "label": .string(span.label.name), "startOffset": .int(span.start.rawValue),
        ]
        members["confidence"] = confidence.map { .decimal($0) }
        return .object(members.merging(provenance) { own, _ in own })
    }
}

/// A record that cannot be used.
package struct RecordError: Error, Hashable, Sendable, CustomStringConvertible {
    package let code: String
    package let message: String
    package init(_ code: String, _ message: String) { (self.code, self.message) = (code, message) }
    package var description: String { "\(code): \(message)" }
}
