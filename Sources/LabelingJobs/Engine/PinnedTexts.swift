import Annotations
import Functions
import GroundTruth
import Storage

/// The text objects that manifest lines name, held to what they were when workers first saw them.
struct PinnedTexts: Sendable {
    private let texts: TextObjects
    private let store: any ObjectStore

    init(store: any ObjectStore) { (texts, self.store) = (TextObjects(store: store), store) }

    /// - Returns: The text's SHA-256 in hex; `nil` where the line names no text, or none that can be read now.
    func hash(of line: ManifestLine) async -> String? {
        guard let reference = try? TextReference(line), let text = try? await texts.text(for: reference) else { return nil }
        return sha256Hex(text.bytes)
    }

    /// Why the answers to an object no longer fit its text; `nil` where they do.
    func change(of object: ObjectRecord, _ line: ManifestLine) async -> String? {
        guard let pinned = object.textSHA256, let uri = try? TextReference(line).uri else { return nil }
        do {
            let found = sha256Hex(try await store.get(ObjectURI(received: uri), atMost: TextObjects.maximumBytes))
            guard found != pinned else { return nil }
            return "ClientError: \(uri) changed after workers saw it: its SHA-256 was \(pinned) and is \(found)"
        } catch {
            return "ClientError: the text that workers saw can no longer be read: \(error)"
        }
    }
}
