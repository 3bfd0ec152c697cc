import Annotations
import GroundTruth

/// doccano's JSON Lines: a text and `[start, end, label]` under `label`, in code points; metadata lies flat beside them.
///
/// Overlaps stay: whether a project takes them is a setting of doccano, which drops them without a word when it does not.
enum DoccanoRecords {
    /// Keys that doccano takes for its own; metadata under them would replace the text or the labels.
    static let reserved: Set<String> = ["id", "text", "label", "labels", "entities", "relations", "annotations", "Comments"]

    static func record(_ document: LabeledDocument) -> RecordExporter.Record {
        var losses: [Loss] = []
        var members: [String: JSONOutput] = [
            "id": .string(document.id), "label": .triples(document.entities.map(\.span)), "text": .string(document.text.string),
        ]
        for member in document.metadata {
            guard !reserved.contains(member.key) else {
                losses.append(
                    Loss(
                        id: document.id, code: "metadata-key", message: "metadata `\(member.key)` would replace doccano's own key"))
                continue
            }
            members[member.key] = .raw(member.value)
        }
        return RecordExporter.Record(json: JSONOutput.object(members).bytes, losses: losses)
    }
}
