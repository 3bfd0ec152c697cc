/// Objects by URI.
///
/// Reading is whole or in pieces, writing is atomic: a reader sees the old object or the new one.
package protocol ObjectStore: Sendable {
    /// Hands the object's bytes over piece by piece, in order.
    ///
    /// - Parameter range: The bytes wanted; it may reach beyond the object's end. `nil` is all of it.
    /// - Throws: ``StorageError``, or what `piece` throws.
    func read(_ uri: ObjectURI, range: Range<Int>?, piece: (ArraySlice<UInt8>) async throws -> Void) async throws

    /// What is known of an object without reading it.
    ///
    /// - Throws: ``StorageError`` `.notFound` or another.
    func info(of uri: ObjectURI) async throws(StorageError) -> ObjectInfo

    /// An object to be written piece by piece; it exists once `commit` returned.
    func writer(to uri: ObjectURI, options: WriteOptions) throws(StorageError) -> any ObjectWriter

    /// - Returns: Whether there was such an object.
    @discardableResult
    func delete(_ uri: ObjectURI) async throws(StorageError) -> Bool

    /// What a name given as input stands for.
    func listing(of uri: ObjectURI) async throws(StorageError) -> ObjectListing

    /// The same objects, seen with the rights of a role of AWS; a folder has no roles and stays as it is.
    func acting(as roleARN: String) throws(StorageError) -> any ObjectStore

    /// Makes URLs under which anybody can read objects for a time, at once: with the rights of this moment.
    ///
    /// - Returns: `nil` where objects have no address on the network, as in a folder.
    func presigner(lifetimeSeconds: Int) async throws(StorageError) -> Presigner?

    /// Whether objects can be asked for.
    var isReachable: Bool { get async }
}

/// A URL for an object's name; throws ``StorageError`` for what is no object of the network or may not be named.
package typealias Presigner = @Sendable (ObjectURI) throws(StorageError) -> String

/// An object in the making; one that is dropped without `commit` leaves nothing behind.
package protocol ObjectWriter: AnyObject {
    func append(_ bytes: some Collection<UInt8>) throws(StorageError)
    func commit() async throws(StorageError)
}

package struct ObjectInfo: Sendable, Hashable {
    /// Bytes.
    package let size: Int
    /// `nil` when the name does not tell it and nobody said it.
    package let contentType: String?

    package init(size: Int, contentType: String?) { (self.size, self.contentType) = (size, contentType) }
}

/// How an object is written.
package struct WriteOptions: Sendable, Hashable {
    /// By default what the name's ending stands for; see ``ContentType``.
    package var contentType: String?
    /// The KMS key that S3 encrypts with. A folder cannot encrypt: it refuses it, or keeps its name; see ``FolderStore/KeyHandling``.
    package var kmsKeyID: String?
    /// Encrypt with the store's own key (S3's `AES256`) where there is no KMS key. A folder handles it as a KMS key.
    package var usesStoreKey = false
    /// Fail with `.exists` where there is such an object.
    package var onlyIfAbsent = false

    package init() {}
}

/// The objects that an input name stands for.
package enum ObjectListing: Sendable, Equatable {
    case object
    /// Names of the objects below a folder or prefix, relative to it, in the order of their UTF-8 bytes.
    case folder(base: ObjectURI, names: [String])
    case missing
}

extension ObjectStore {
    package func presigner(lifetimeSeconds: Int) async throws(StorageError) -> Presigner? { nil }

    /// - Throws: ``StorageError`` `.notFound`, `.tooLarge` when it has more bytes than allowed, or another.
    package func get(_ uri: ObjectURI, atMost maximumBytes: Int) async throws(StorageError) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            try await read(uri) { piece in
                guard bytes.count + piece.count <= maximumBytes else {
                    throw StorageError(.tooLarge, "\(uri) has more than \(maximumBytes) bytes")
                }
                bytes += piece
            }
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(.inputOutput, "\(uri): \(error)")
        }
        return bytes
    }

    /// Hands all of the object's bytes over piece by piece, in order.
    package func read(_ uri: ObjectURI, piece: (ArraySlice<UInt8>) async throws -> Void) async throws {
        try await read(uri, range: nil, piece: piece)
    }

    package func writer(to uri: ObjectURI) throws(StorageError) -> any ObjectWriter { try writer(to: uri, options: WriteOptions()) }

    package func put(_ bytes: [UInt8], to uri: ObjectURI, options: WriteOptions = WriteOptions()) async throws(StorageError) {
        let writer = try writer(to: uri, options: options)
        try writer.append(bytes)
        try await writer.commit()
    }
}
