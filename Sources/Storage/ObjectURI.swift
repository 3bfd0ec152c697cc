package import SystemPackage

/// The name of an object: `s3://BUCKET/KEY`, or a file.
///
/// An S3 key is everything after the bucket's slash, not percent-decoded (contracts section 20). A `file:` URI is percent-encoded.
package enum ObjectURI: Hashable, Sendable {
    case s3(bucket: String, key: String)
    /// An absolute path.
    case file(FilePath)

    /// A URI or path that a person typed on the command line.
    ///
    /// - Parameter currentFolder: What a relative path starts from.
    /// - Throws: ``StorageError`` `.badURI`.
    package init(typed text: String, currentFolder: FilePath) throws(StorageError) {
        if text.hasPrefix("s3://") {
            self = try Self.s3(parsing: text)
        } else if text.hasPrefix("file:") {
            self = .file(try Self.path(ofFileURI: text))
        } else if let colon = text.firstRange(of: "://"), text[..<colon.lowerBound].allSatisfy(\.isLetter) {
            throw StorageError(.badURI, "\(text): expected s3://BUCKET/KEY, file:///PATH or a path")
        } else {
            guard !text.isEmpty, !text.utf8.contains(0) else {
                throw StorageError(.badURI, "an empty path, or one with a zero byte")
            }
            self = .file(currentFolder.pushing(FilePath(text)).lexicallyNormalized())
        }
    }

    /// A URI that arrived from elsewhere: over HTTP, in an event, a manifest, an answer. It may name `s3://` only.
    ///
    /// - Throws: ``StorageError`` `.notAllowed` or `.badURI`.
    package init(received text: String) throws(StorageError) {
        guard text.hasPrefix("s3://") else {
            throw StorageError(
                .notAllowed,
                "\(text): an event or a manifest may name s3://BUCKET/KEY only; plain paths and file: are read from the command line"
            )
        }
        self = try Self.s3(parsing: text)
    }

    private static func s3(parsing text: String) throws(StorageError) -> ObjectURI {
        let rest = text.dropFirst("s3://".count)
        let bucket = rest.prefix { $0 != "/" }
        guard isBucketName(bucket) else { throw StorageError(.badURI, "\(text): `\(bucket)` is no bucket name") }
        return .s3(bucket: String(bucket), key: String(rest.dropFirst(bucket.count + 1)))
    }

    /// 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit first and last (S3 user guide, bucket naming rules).
    package static func isBucketName(_ name: Substring) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard (3...63).contains(name.utf8.count), let first = name.utf8.first, let last = name.utf8.last,
            isAlphanumeric(first), isAlphanumeric(last), !name.contains("..")
        else { return false }
        return name.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    private static func path(ofFileURI text: String) throws(StorageError) -> FilePath {
        var rest = text.dropFirst("file:".count)
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            if rest.hasPrefix("localhost/") { rest = rest.dropFirst("localhost".count) }
        }
        guard rest.hasPrefix("/"), let path = percentDecoded(rest), !path.utf8.contains(0) else {
            throw StorageError(.badURI, "\(text): expected file:///PATH, percent-encoded")
        }
        return FilePath(path).lexicallyNormalized()
    }

    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst(), let low = rest.popFirst(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The object below this folder or prefix.
    ///
    /// - Parameter relative: Segments parted by `/`.
    package func appending(_ relative: String) -> ObjectURI {
        switch self {
        case .s3(let bucket, let key):
            .s3(bucket: bucket, key: key.isEmpty || key.hasSuffix("/") ? key + relative : "\(key)/\(relative)")
        case .file(let path): .file(path.appending(relative))
        }
    }

    /// The same place however many slashes it was written with at its end.
    package var asFolder: ObjectURI {
        guard case .s3(let bucket, var key) = self else { return self }
        while key.hasSuffix("/") { key.removeLast() }
        return .s3(bucket: bucket, key: key)
    }

    /// The folder or prefix that holds this object; `nil` for a bucket and for the root folder.
    package var parent: ObjectURI? {
        switch self {
        case .s3(let bucket, let key):
            guard !key.isEmpty else { return nil }
            let slash = key.utf8.lastIndex(of: UInt8(ascii: "/")) ?? key.startIndex
            return .s3(bucket: bucket, key: String(key[..<slash]))
        case .file(let path):
            let parent = path.removingLastComponent()
            return parent == path ? nil : .file(parent)
        }
    }

    /// The segments that lead from a folder or prefix to this object, parted by `/`; `nil` when it lies elsewhere.
    package func path(below folder: ObjectURI) -> String? {
        switch (self, folder) {
        case (.s3(let bucket, let key), .s3(let folderBucket, let prefix)):
            guard bucket == folderBucket else { return nil }
            let start = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : "\(prefix)/"
            guard key.utf8.starts(with: start.utf8), key.utf8.count > start.utf8.count else { return nil }
            return String(decoding: key.utf8.dropFirst(start.utf8.count), as: UTF8.self)
        case (.file(var path), .file(let folder)):
            guard path.removePrefix(folder), !path.isEmpty else { return nil }
            return path.string
        default: return nil
        }
    }

    /// The last segment of the name.
    package var baseName: String {
        switch self {
        case .s3(_, let key): String(key.split(separator: "/").last ?? "")
        case .file(let path): path.lastComponent?.string ?? ""
        }
    }
}

extension ObjectURI: CustomStringConvertible {
    /// The URI as it stands in manifests.
    package var description: String {
        switch self {
        case .s3(let bucket, let key): "s3://\(bucket)/\(key)"
        case .file(let path): "file://" + path.string.utf8.reduce(into: "") { $0 += Self.percentEncoded($1) }
        }
    }

    /// Unreserved characters and `/` stand for themselves (RFC 3986, 2.3).
    private static func percentEncoded(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
            return String(Character(Unicode.Scalar(byte)))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
        }
    }
}
