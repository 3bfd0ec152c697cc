import Annotations
import GroundTruth

/// A text and `[start, end, label]` triples in code points, as spaCy scripts read them.
///
/// spaCy takes no overlapping entities (its error E103) and drops spans with white space at an edge, so spans are flattened and
/// trimmed.
enum SpacyOffsetRecords {
    static func record(_ document: LabeledDocument) -> RecordExporter.Record {
        let (spans, losses) = FlatSpans.make(of: document)
        let line: JSONOutput = [
            "entities": .triples(spans), "id": .string(document.id), "text": .string(document.text.string),
        ]
        return RecordExporter.Record(json: line.bytes, losses: losses)
    }
}

extension JSONOutput {
    /// `[start, end, label]` of each span, in code points.
    static func triples(_ spans: [ScalarSpan]) -> JSONOutput {
        .array(spans.map { [.int($0.start.rawValue), .int($0.end.rawValue), .string($0.label.name)] })
    }
}
