import AWS
import FoundationEssentials
import HTTPTypes
import Storage

/// ListObjectsV2, and ListObjects as older clients call it: a page of a bucket's keys and common prefixes.
struct BucketListing {
    static let parameters: Set<String> = [
        "list-type", "prefix", "delimiter", "max-keys", "encoding-type", "continuation-token", "start-after", "fetch-owner",
        "marker",
    ]
    /// S3's page.
    private static let maximumKeys = 1000

    private let isVersion2: Bool
    private let prefix: String
    private let delimiter: String
    private let limit: Int
    private let isEncoded: Bool
    /// Keys up to this one were on earlier pages.
    private let start: String?
    private let token: String?

    /// - Throws: ``S3Failure``.
    init(_ query: QueryParameters) throws(S3Failure) {
        isVersion2 = query["list-type"] == "2"
        prefix = query["prefix"] ?? ""
        delimiter = query["delimiter"] ?? ""
        isEncoded = query["encoding-type"] == "url"
        let count = query["max-keys"].map { Int($0) ?? -1 } ?? Self.maximumKeys
        guard count >= 0 else { throw S3Failure(.badRequest, "InvalidArgument", "max-keys must be a number from 0") }
        limit = min(count, Self.maximumKeys)
        token = query["continuation-token"]
        if let token {
            guard let data = Data(base64Encoded: token), let key = String(validating: data, as: UTF8.self) else {
                throw S3Failure(.badRequest, "InvalidArgument", "The continuation token provided is incorrect")
            }
            start = key
        } else {
            start = isVersion2 ? query["start-after"] : query["marker"]
        }
    }

    private enum Entry {
        case key(String)
        case commonPrefix(String)

        var name: String {
            switch self {
            case .key(let name), .commonPrefix(let name): name
            }
        }
        /// The greatest key that the entry stands for, or something between it and the next.
        var last: String { if case .commonPrefix(let name) = self { name + "\u{10FFFF}" } else { name } }
    }

    func page(of bucket: String, _ store: FolderStore, namespace: String) throws -> XMLOutput {
        var entries = try entries(of: bucket, store)
        let isTruncated = entries.count > limit
        entries.removeLast(max(0, entries.count - limit))
        var members = [
            XMLOutput("Name", bucket), XMLOutput("Prefix", written(prefix)), XMLOutput("MaxKeys", "\(limit)"),
            XMLOutput("IsTruncated", "\(isTruncated)"),
        ]
        if !delimiter.isEmpty { members.append(XMLOutput("Delimiter", written(delimiter))) }
        if isEncoded { members.append(XMLOutput("EncodingType", "url")) }
        let next = isTruncated ? entries.last?.last : nil
        if isVersion2 {
            members.append(XMLOutput("KeyCount", "\(entries.count)"))
            if let token { members.append(XMLOutput("ContinuationToken", token)) }
            if let next { members.append(XMLOutput("NextContinuationToken", Data(next.utf8).base64EncodedString())) }
        } else {
            members.append(XMLOutput("Marker", written(start ?? "")))
            if let next { members.append(XMLOutput("NextMarker", written(next))) }
        }
        for entry in entries {
            switch entry {
            case .key(let key): try content(key, of: bucket, store).map { members.append($0) }
            case .commonPrefix(let name): members.append(XMLOutput("CommonPrefixes", [XMLOutput("Prefix", written(name))]))
            }
        }
        return XMLOutput("ListBucketResult", namespace: namespace, members)
    }

    /// One more than fit the page, where there are.
    private func entries(of bucket: String, _ store: FolderStore) throws -> [Entry] {
        guard limit > 0 else { return [] }
        var entries: [Entry] = []
        var cursor = start
        while true {
            let keys = try store.keys(bucket: bucket, prefix: prefix, after: cursor, limit: limit + 1)
            for key in keys {
                if case .commonPrefix(let name)? = entries.last, key.utf8.starts(with: name.utf8) { continue }
                entries.append(entry(key))
                if entries.count > limit { return entries }
            }
            guard keys.count > limit, let last = entries.last else { return entries }
            cursor = last.last
        }
    }

    private func entry(_ key: String) -> Entry {
        guard !delimiter.isEmpty else { return .key(key) }
        let rest = Array(key.utf8.dropFirst(prefix.utf8.count))
        guard let end = rest.firstRange(of: Array(delimiter.utf8)) else { return .key(key) }
        return .commonPrefix(prefix + String(decoding: rest[..<end.upperBound], as: UTF8.self))
    }

    /// - Returns: `nil` for an object that was deleted meanwhile.
    private func content(_ key: String, of bucket: String, _ store: FolderStore) throws -> XMLOutput? {
        let details: ObjectDetails
        do throws(StorageError) { details = try store.details(of: .s3(bucket: bucket, key: key)) } catch {
            if error.code == .notFound || error.code == .notAllowed { return nil }
            throw error
        }
        return XMLOutput(
            "Contents",
            [
                XMLOutput("Key", written(key)), XMLOutput("LastModified", details.modified.s3Text),
                XMLOutput("ETag", "\"\(details.eTag)\""),
                XMLOutput("Size", "\(details.size)"), XMLOutput("StorageClass", "STANDARD"),
            ])
    }

    private func written(_ name: String) -> String { isEncoded ? PercentEncoding.path(name) : name }
}

extension Date {
    /// As S3's documents have times: `2024-03-01T10:00:05.120Z`.
    var s3Text: String { Date.ISO8601FormatStyle(includingFractionalSeconds: true).format(self) }
}
