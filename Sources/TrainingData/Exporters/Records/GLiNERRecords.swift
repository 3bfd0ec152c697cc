import Annotations
import GroundTruth

/// GLiNER's training data: tokens, and `[first, last, label]` with the last token inside. Where the tokens stand in the text is in
/// `PART.tokens.jsonl`.
enum GLiNERRecords {
    /// What the base configuration of span models can learn: tokens of a span, words of a text.
    static let maximumSpanTokens = 12
    static let maximumTextTokens = 384

    static func record(_ document: LabeledDocument) -> RecordExporter.Record {
        let ranges = TokenRanges(document, isFlat: false)
        var losses = ranges.losses
        if ranges.tokens.count > maximumTextTokens {
            losses.append(
                Loss(
                    id: document.id, code: "long-text",
                    message: "\(ranges.tokens.count) tokens; GLiNER's base configuration reads \(maximumTextTokens)"))
        }
        var spans: [JSONOutput] = []
        for span in ranges.spans {
            if span.end - span.first > maximumSpanTokens {
                losses.append(
                    Loss(
                        id: document.id, code: "long-span",
                        message:
                            "\(span.end - span.first) tokens (\(span.label)); GLiNER's base configuration learns \(maximumSpanTokens)"
                    ))
            }
            spans.append([.int(span.first), .int(span.end - 1), .string(span.label.name)])
        }
        let words: [JSONOutput] = ranges.tokens.map { .string(document.text.slice($0)) }
        let row: JSONOutput = ["ner": .array(spans), "tokenized_text": .array(words)]
        return RecordExporter.Record(
            json: row.bytes, losses: losses, tokens: TokenLine.bytes(of: document, tokens: ranges.tokens, scheme: nil))
    }
}
