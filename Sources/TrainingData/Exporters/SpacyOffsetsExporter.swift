import Annotations
import GroundTruth

/// JSON Lines of a text and `[start, end, label]` triples in Unicode code points, as spaCy scripts read them.
///
/// spaCy takes no overlapping entities (its error E103) and drops spans with white space at an edge, so spans are flattened and
/// trimmed.
package struct SpacyOffsetsExporter: Exporter {
    package let fileExtension = "jsonl"

    package init() {}

    package func export(_ document: LabeledDocument) throws(RecordError) -> Exported {
        let (spans, losses) = FlatSpans.make(of: document)
        let triples: [JSONOutput] = spans.map { [.int($0.start.rawValue), .int($0.end.rawValue), .string($0.label.name)] }
        let line: JSONOutput = ["entities": .array(triples), "id": .string(document.id), "text": .string(document.text.string)]
        return Exported(bytes: line.bytes + [0x0A], losses: losses)
    }
}
