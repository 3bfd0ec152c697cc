import Annotations
import GroundTruth

/// Argilla 2's flat rows: the spans are the suggestion of the agent `prelabel` to the question `ner` on the field `text`.
///
/// They are a suggestion because a response needs a user of the server; accepting them there makes responses of them.
enum ArgillaRecords {
    static let agent = "prelabel"

    static func record(_ document: LabeledDocument) -> RecordExporter.Record {
        let spans: [JSONOutput] = document.entities.map {
            ["end": .int($0.span.end.rawValue), "label": .string($0.span.label.name), "start": .int($0.span.start.rawValue)]
        }
        var members: [String: JSONOutput] = [
            "id": .string(document.id), "ner.suggestion": .array(spans), "ner.suggestion.agent": .string(agent),
            "text": .string(document.text.string),
        ]
        let scores = document.entities.compactMap(\.confidence)
        if !scores.isEmpty, scores.count == spans.count {
            members["ner.suggestion.score"] = .array(scores.map { .decimal($0) })
        }
        members["metadata"] = document.line.value.present("metadata").map { .raw($0) }
        return RecordExporter.Record(json: JSONOutput.object(members).bytes)
    }
}
