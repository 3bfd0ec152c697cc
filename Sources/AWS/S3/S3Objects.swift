/// What S3 says of an object beside its bytes.
package struct S3ObjectInfo: Sendable, Hashable {
    /// Bytes.
    package let size: Int
    /// Changes with the object's bytes; quoted, as S3 writes it.
    package let eTag: String?
    package let contentType: String?
}

/// How an object is written.
package struct S3PutOptions: Sendable, Hashable {
    package var contentType: String?
    /// Encrypt with this KMS key; without it the bucket's default applies.
    package var kmsKeyID: String?
    /// Encrypt with S3's own key where there is no KMS key.
    package var usesStoreKey = false
    /// Only where there is no such object yet.
    package var onlyIfAbsent = false
    package init() {}
}

/// The bytes of an object to write.
package enum S3Body: Sendable {
    case bytes([UInt8])
    /// Bytes that are read as they are sent, perhaps more than once.
    ///
    /// - Parameter sha256: In lower-case hexadecimal; it is signed.
    case source(length: Int, sha256: String, read: @Sendable (_ offset: Int, _ count: Int) throws -> [UInt8])

    /// S3 takes at most so many bytes in one PUT.
    package static let maximumBytes = 5 << 30

    var length: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .source(let length, _, _): length
        }
    }
}
