import AWS
import HTTPTypes
import Hummingbird

/// What a request to S3 is about: by path (`/BUCKET/KEY`) or by host name (`BUCKET.localhost`).
struct S3Target {
    /// `nil`: all buckets.
    let bucket: String?
    /// `nil`: the bucket.
    let key: String?
    /// As in the request line, for errors.
    let resource: String

    /// - Throws: ``S3Failure`` for a key that is not UTF-8.
    init(_ request: Request) throws(S3Failure) {
        let target = request.head.path ?? "/"
        resource = String(target.prefix { $0 != "?" })
        var path = resource.utf8.dropFirst()[...]
        if let bucket = Self.virtualBucket(request.head.authority ?? "") {
            self.bucket = bucket
        } else {
            let first = path.prefix { $0 != UInt8(ascii: "/") }
            bucket = first.isEmpty ? nil : PercentEncoding.decode(String(decoding: first, as: UTF8.self))
            path = path.dropFirst(first.count + 1)
        }
        guard !path.isEmpty else {
            key = nil
            return
        }
        guard let key = PercentEncoding.decode(String(decoding: path, as: UTF8.self)) else {
            throw S3Failure(.badRequest, "InvalidURI", "Couldn't parse the specified URI: the key is not UTF-8.")
        }
        self.key = key
    }

    /// The bucket of a host name below `localhost`.
    static func virtualBucket(_ authority: String) -> String? {
        let host = authority.prefix { $0 != ":" }
        guard host.hasSuffix(".localhost") else { return nil }
        return String(host.dropLast(".localhost".count))
    }
}
