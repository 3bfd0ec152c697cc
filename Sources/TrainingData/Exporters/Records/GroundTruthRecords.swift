import Annotations
import GroundTruth

/// An augmented manifest with `source` and built-in named entities (`groundtruth/text-span`, UTF-16 offsets; contracts section 11).
///
/// Overlaps stay. Other keys of the input line pass through; a line takes one of `source` and `source-ref`, so an image's URI moves
/// to `original-source-ref`. Dates and job names are copied from the input and left out where it has none.
struct GroundTruthRecords {
    let attribute: String

    func record(_ document: LabeledDocument) throws(RecordError) -> RecordExporter.Record {
        let text = document.text
        let spans = document.entities.map { text.utf16($0.span) }
        try checkSlices(spans, of: text, against: document.entities.map(\.span)) { try text.scalar($0) }
        let labels = Set(spans.map(\.label)).sorted()
        let configured = document.line[attribute]?["annotations"]?["labels"]
        let entities: [JSONOutput] = spans.map {
            ["endOffset": .int($0.end.rawValue), "label": .string($0.label.name), "startOffset": .int($0.start.rawValue)]
        }
        let earlier = document.line["\(attribute)-metadata"]
        var metadata: [String: JSONOutput] = [
            "entities": .array(document.entities.map { ["confidence": .decimal($0.confidence ?? 0)] }), "human-annotated": "yes",
            "type": "groundtruth/text-span",
        ]
        for key in ["creation-date", "job-name"] { metadata[key] = earlier?[key].map { .raw($0) } }
        var members: [String: JSONOutput] = [
            "source": .string(text.string),
            attribute: [
                "annotations": [
                    "entities": .array(entities),
                    "labels": configured.map { .raw($0) } ?? .array(labels.map { ["label": .string($0.name)] }),
                ]
            ],
            "\(attribute)-metadata": .object(metadata),
        ]
        let reference = document.line["source-ref"] ?? document.line["original-source-ref"]
        members["original-source-ref"] = reference.map { .raw($0) }
        let line = document.line.setting(members, removing: Self.removed)
        return RecordExporter.Record(json: line, losses: limits(of: line, document))
    }

    /// What a line of a manifest does not take, or says again under other names.
    private static let removed: Set<String> = ["source-ref", "text", "entities", "annotations", "tokens", "sentences"]

    private func limits(of line: [UInt8], _ document: LabeledDocument) -> [Loss] {
        var validator = ManifestValidator()
        return validator.check(LineSplitter.Line(number: 0, bytes: line)).findings.filter {
            $0.code == "line-too-long" || $0.code == "attribute-too-long"
        }
        .map { Loss(id: document.id, code: $0.code, message: $0.message) }
    }
}
