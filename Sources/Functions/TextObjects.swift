package import Annotations
package import GroundTruth
package import Storage

/// The stored texts of pages, read exactly as they are.
package struct TextObjects: Sendable {
    /// A larger text cannot become a task (contracts section 21) and is refused before it fills the memory.
    package static let maximumBytes = 16 << 20

    /// Another call may go well.
    private static let passing: [StorageError.Code] = [.unavailable, .noCredentials, .cancelled]

    private let store: any ObjectStore

    package init(store: any ObjectStore) { self.store = store }

    /// The text that a manifest line names under `text-file-s3-uri`.
    ///
    /// - Returns: `nil` when the line names none.
    /// - Throws: ``FunctionError`` `.unreadableText`, `.unavailable`, `.textNotUTF8`, or `.textChanged` when the line pins another SHA-256.
    package func text(for reference: TextReference) async throws(FunctionError) -> DocumentText? {
        guard let uri = reference.uri else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try await store.get(ObjectURI(received: uri), atMost: Self.maximumBytes)
        } catch {
            throw FunctionError(Self.passing.contains(error.code) ? .unavailable : .unreadableText, "text object: \(error)")
        }
        if let expected = reference.sha256 {
            let found = sha256Hex(bytes)
            guard found == expected else {
                throw FunctionError(
                    .textChanged,
                    "\(uri) changed since it was read off its page: its SHA-256 is \(found), the manifest line has \(expected)")
            }
        }
        do {
            return try DocumentText(utf8: bytes)
        } catch {
            throw FunctionError(.textNotUTF8, "\(uri): \(error)")
        }
    }
}
