import Annotations
import Functions
import GroundTruth
import Storage

/// The text objects that manifest lines name, held to what they were when workers first saw them.
struct PinnedTexts: Sendable {
    private let texts: TextObjects
    private let store: any ObjectStore

    init(store: any ObjectStore) { (texts, self.store) = (TextObjects(store: store), store) }

    enum Reading {
        /// The line names no text.
        case none
        /// - Parameter sha256: In hex.
        case read(sha256: String)
        /// - Parameter reason: A sentence that names the text.
        case unreadable(reason: String)
        /// Another time it may go well.
        case unavailable
    }

    func read(of line: ManifestLine) async -> Reading {
        do {
            guard let text = try await texts.text(for: TextReference(line)) else { return .none }
            return .read(sha256: sha256Hex(text.bytes))
        } catch let error as FunctionError where error.code == .unavailable {
            return .unavailable
        } catch {
            return .unreadable(reason: "\(error)")
        }
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
