package import Annotations
import GroundTruth

/// A document that was read from a file of another format, on its way to span JSON Lines.
package struct ImportedDocument: Sendable {
    /// `nil` when the file has none; the number of its line stands for it then.
    package var id: String?
    package var text: DocumentText
    /// `nil` when nothing says which spans are final.
    package var entities: [ScoredSpan]?
    package var answers: [WorkerSpans<ScalarOffset>] = []
    var suggestions: [ScoredSpan]?
    var tokens: [Range<ScalarOffset>]?
    var sentences: [Range<ScalarOffset>]?
    /// Members of the file's own record that are kept under `metadata`.
    var metadata: [JSONValue.Member] = []
    /// A manifest line whose other members stay in the record.
    var base: ManifestLine?
    /// What the offsets counted, where it was not what the format documents.
    package var unexpectedUnit: String?

    init(id: String?, text: DocumentText, entities: [ScoredSpan]? = nil) {
        (self.id, self.text, self.entities) = (id, text, entities)
    }

    /// The line of span JSON Lines, without its end.
    package var line: [UInt8] {
        var members: [String: JSONOutput] = ["text": .string(text.string)]
        members["id"] = id.map { .string($0) }
        members["entities"] = entities.map { .array($0.map(\.json)) }
        members["suggestions"] = suggestions.map { .array($0.map(\.json)) }
        members["tokens"] = tokens.map { .ranges($0) }
        members["sentences"] = sentences.map { .ranges($0) }
        if !answers.isEmpty {
            members["annotations"] = .array(
                answers.map { answer in
                    var members: [String: JSONOutput] = [
                        "entities": .array(answer.spans.map { ScoredSpan(span: $0).json }), "worker-id": .string(answer.workerID),
                    ]
                    members["seconds"] = answer.seconds.map { .decimal($0) }
                    members["suggestions"] = answer.suggestionOutcomes?.json
                    return .object(members)
                })
        }
        if !metadata.isEmpty {
            // A key that stands twice is read as its last value everywhere.
            members["metadata"] = .object(
                Dictionary(metadata.map { ($0.key, JSONOutput.raw($0.value)) }, uniquingKeysWith: { $1 }))
        }
        // What the line says of itself stays as it is written.
        if base?["id"] != nil { members["id"] = nil }
        return base?.setting(members, removing: ["source"]) ?? JSONOutput.object(members).bytes
    }
}
