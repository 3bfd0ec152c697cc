import Annotations
import GroundTruth

/// Prodigy's tasks as its span views save them, accepted: tokens with offsets in code points, spans on whole tokens (`token_end`
/// is the last token). Hashes are left out; the tool computes them.
enum ProdigyRecords {
    static func record(_ document: LabeledDocument) -> RecordExporter.Record {
        let ranges = TokenRanges(document, isFlat: false)
        let text = document.text
        var tokens: [JSONOutput] = []
        for (index, token) in ranges.tokens.enumerated() {
            let end = text.byteOffset(token.upperBound)
            tokens.append([
                "end": .int(token.upperBound.rawValue), "id": .int(index), "start": .int(token.lowerBound.rawValue),
                "text": .string(text.slice(token)), "ws": .bool(end < text.bytes.count && text.bytes[end] == 0x20),
            ])
        }
        let spans: [JSONOutput] = ranges.spans.map { span in
            [
                "end": .int(ranges.tokens[span.end - 1].upperBound.rawValue), "label": .string(span.label.name),
                "start": .int(ranges.tokens[span.first].lowerBound.rawValue), "token_end": .int(span.end - 1),
                "token_start": .int(span.first),
            ]
        }
        let isFlat = zip(ranges.spans, ranges.spans.dropFirst()).allSatisfy { $0.end <= $1.first }
        var meta: [String: JSONOutput] = [:]
        for member in document.metadata { meta[member.key] = .raw(member.value) }
        meta["doc"] = .string(document.id)
        let task: JSONOutput = [
            "_view_id": isFlat ? "ner_manual" : "spans_manual", "answer": "accept", "meta": .object(meta), "spans": .array(spans),
            "text": .string(text.string), "tokens": .array(tokens),
        ]
        return RecordExporter.Record(json: task.bytes, losses: ranges.losses)
    }
}
