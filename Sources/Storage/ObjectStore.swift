/// Objects by URI.
///
/// Reading is whole or in pieces, writing is atomic: a reader sees the old object or the new one.
package protocol ObjectStore: Sendable {
    /// - Throws: ``StorageError`` `.notFound`, `.tooLarge` when it has more bytes than allowed, or another.
    func get(_ uri: ObjectURI, atMost maximumBytes: Int) async throws(StorageError) -> [UInt8]

    /// Hands the object's bytes over piece by piece, in order.
    func read(_ uri: ObjectURI, piece: (ArraySlice<UInt8>) async throws -> Void) async throws

    /// An object to be written piece by piece; it exists once `commit` returned.
    func writer(to uri: ObjectURI) throws(StorageError) -> any ObjectWriter

    /// - Returns: Whether there was such an object.
    @discardableResult
    func delete(_ uri: ObjectURI) async throws(StorageError) -> Bool

    /// What a name given as input stands for.
    func listing(of uri: ObjectURI) async throws(StorageError) -> ObjectListing
}

/// An object in the making; one that is dropped without `commit` leaves nothing behind.
package protocol ObjectWriter: AnyObject {
    func append(_ bytes: some Collection<UInt8>) throws(StorageError)
    func commit() async throws(StorageError)
}

/// The objects that an input name stands for.
package enum ObjectListing: Sendable, Equatable {
    case object
    /// Names of the objects below a folder or prefix, relative to it, in the order of their UTF-8 bytes.
    case folder(base: ObjectURI, names: [String])
    case missing
}

extension ObjectStore {
    package func put(_ bytes: [UInt8], to uri: ObjectURI) async throws(StorageError) {
        let writer = try writer(to: uri)
        try writer.append(bytes)
        try await writer.commit()
    }
}
