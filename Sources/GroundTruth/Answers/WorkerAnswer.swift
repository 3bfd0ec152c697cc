package import Annotations

/// The spans in one worker's answer, in the unit of the page that made them.
///
/// Two forms are understood: `crowd-entity-annotation` elements, whatever their name (UTF-16 offsets, contracts section 7), and the
/// seed's page with token spans inside a string inside a string (section 8). A span that cannot be read costs that span only.
package struct WorkerAnswer: Sendable {
    /// A token span with the tokens it came with.
    package struct SeedSpan: Sendable {
        package let span: TokenSpan
        package let surface: [String]?
    }

    package enum Marks: Sendable {
        case characters([UTF16Span])
        case tokens([SeedSpan])
    }

    /// More spans than this in one answer are refused: consolidation compares spans in pairs.
    package static let maximumSpans = 5000

    package internal(set) var marks: Marks
    /// Why spans were left out, one sentence each.
    package internal(set) var rejected: [String]
    /// The text as the page showed it, when the answer echoes it: members `text` and `text-sha256`.
    package let echo: (text: String, sha256: String)?
    /// What the project's own annotator says about the suggestions of the task.
    package let suggestionOutcomes: SuggestionOutcomes?

    /// - Parameter content: `annotationData.content`.
    /// - Throws: ``ContractError`` when the answer as a whole cannot be read.
    package init(parsing content: String) throws(ContractError) {
        let answer = try JSONValue.message(Array(content.utf8), "the answer's content")
        guard let members = answer.object else {
            throw ContractError(.wrongType, "the answer's content is \(answer.kindName), expected an object")
        }
        if let text = answer["text"]?.string, let sha256 = answer["text-sha256"]?.string {
            echo = (text, sha256)
        } else {
            echo = nil
        }
        suggestionOutcomes = answer["suggestions"].flatMap { SuggestionOutcomes(answer: $0) }

        let entityLists = members.compactMap { $0.value["entities"]?.array }
        if !entityLists.isEmpty {
            var reader = SpanReader(startKey: "startOffset", endKey: "endOffset", labelKey: "label")
            let spans: [UTF16Span] = try reader.spans(in: entityLists.flatMap(\.self)).map(\.span)
            (marks, rejected) = (.characters(spans), reader.rejected)
        } else if let document = answer["annotations"]?.string {
            let state = try JSONValue.message(Array(document.utf8), "`annotations` of the answer")
            guard let elements = state["value"]?.array else {
                throw ContractError(.missingMember, "`annotations` of the answer has no array `value`")
            }
            var reader = SpanReader(startKey: "start", endKey: "end", labelKey: "tag")
            let spans: [(span: TokenSpan, element: JSONValue)] = try reader.spans(in: elements)
            let seedSpans = spans.map { SeedSpan(span: $0.span, surface: $0.element["tokens"]?.array?.compactMap(\.string)) }
            (marks, rejected) = (.tokens(seedSpans), reader.rejected)
        } else if members.isEmpty {
            (marks, rejected) = (.characters([]), [])
        } else {
            let names = members.map { "`\($0.key)`" }.joined(separator: ", ")
            throw ContractError(
                .missingMember, "the answer holds neither `entities` nor the seed page's `annotations`, only \(names)")
        }
    }
}

extension SuggestionOutcomes {
    /// - Parameter suggestions: The member of that name in an answer: `added`, and either `outcomes` or `withheld`.
    fileprivate init?(answer suggestions: JSONValue) {
        guard let added = suggestions["added"]?.int, (0...WorkerAnswer.maximumSpans).contains(added) else { return nil }
        self.init()
        self.added = added
        wereWithheld = suggestions["withheld"]?.bool == true
        for outcome in wereWithheld ? [] : suggestions["outcomes"]?.array?.prefix(WorkerAnswer.maximumSpans) ?? [] {
            switch outcome["outcome"]?.string {
            case "accepted": accepted += 1
            case "fixed": fixed += 1
            case "rejected": rejected += 1
            default: undecided += 1
            }
        }
    }
}

/// Reads lists of spans under given keys, and notes each element that is none.
private struct SpanReader {
    let startKey: String
    let endKey: String
    let labelKey: String
    var rejected: [String] = []

    init(startKey: String, endKey: String, labelKey: String) {
        (self.startKey, self.endKey, self.labelKey) = (startKey, endKey, labelKey)
    }

    mutating func spans<Position>(
        in elements: [JSONValue]
    ) throws(ContractError) -> [(span: LabeledSpan<Position>, element: JSONValue)] {
        guard elements.count <= WorkerAnswer.maximumSpans else {
            throw ContractError(.wrongType, "\(elements.count) spans in one answer; at most \(WorkerAnswer.maximumSpans) are taken")
        }
        var spans: [(LabeledSpan<Position>, JSONValue)] = []
        for (index, element) in elements.enumerated() {
            do {
                spans.append((try span(element), element))
            } catch {
                rejected.append("span \(index): \(error)")
            }
        }
        return spans
    }

    private func span<Position>(_ element: JSONValue) throws(ContractError) -> LabeledSpan<Position> {
        let label = try element.requiredString(labelKey, in: "the span")
        let start = try offset(startKey, of: element)
        let end = try offset(endKey, of: element)
        guard let span = LabeledSpan(start: Position(start), end: Position(end), label: Label(label)) else {
            throw ContractError(
                .wrongType, "\(start)..<\(end) (\(label)) is no span: `\(startKey)` must be at least 0 and less than `\(endKey)`")
        }
        return span
    }

    private func offset(_ key: String, of element: JSONValue) throws(ContractError) -> Int {
        let value = try element.required(key, in: "the span")
        guard let offset = value.int else {
            throw ContractError(.wrongType, "`\(key)` is \(value.excerpt), expected a whole number")
        }
        return offset
    }
}
