package import FoundationEssentials
import SystemPackage

/// What a data folder knows of an object, as S3's HeadObject tells it.
package struct ObjectDetails: Sendable {
    /// Bytes.
    package let size: Int
    package let contentType: String?
    /// The KMS key that its writer named; see ``FolderStore/KeyHandling``.
    package let kmsKeyID: String?
    /// Whether its writer asked for encryption with the store's own key.
    package let usesStoreKey: Bool
    package let modified: Date
    /// Changes with every writing; without quotes.
    package let eTag: String
}

extension FolderStore {
    /// What becomes of the KMS key that a writer names, and of the wish for encryption with the store's own key.
    package enum KeyHandling: Sendable {
        /// The writing is refused: a folder cannot encrypt.
        case refused
        /// The key's name is kept and shown beside the object, which is not encrypted; whoever runs the store has asked for that.
        case recorded
    }

    /// - Throws: ``StorageError`` `.notFound` or another.
    package func details(of uri: ObjectURI) throws(StorageError) -> ObjectDetails {
        var (version, size) = try version(of: uri)
        var note = note(on: version, uri)
        // Replaced in between, the note went with the version. A file that grows meanwhile has none at all.
        for _ in 0..<3 where note == nil {
            let former = version
            (version, size) = try self.version(of: uri)
            guard version != former else { break }
            note = self.note(on: version, uri)
        }
        return ObjectDetails(
            size: size, contentType: note?.contentType ?? ContentType.of(uri.baseName), kmsKeyID: note?.kmsKeyID,
            usesStoreKey: note?.usesStoreKey ?? false, modified: version.date, eTag: version.tag)
    }

    func note(on version: ObjectVersion, _ uri: ObjectURI) -> ObjectNote? {
        guard case .s3(let bucket, let key) = uri else { return nil }
        return notes?.note(on: version, bucket: bucket, key: key)
    }

    /// What has to be kept beside an object.
    func note(_ uri: ObjectURI, _ options: WriteOptions) -> ObjectNote? {
        guard case .s3(_, let key) = uri else { return nil }
        var note = ObjectNote(key: key)
        if options.contentType != ContentType.of(uri.baseName) { note.contentType = options.contentType }
        note.kmsKeyID = options.kmsKeyID
        if options.kmsKeyID == nil, options.usesStoreKey { note.usesStoreKey = true }
        return note
    }
}
