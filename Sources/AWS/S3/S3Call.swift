import Crypto
import Transport

/// One call of S3, ready to be sent to wherever its bucket lies.
struct S3Call: Sendable {
    let method: String
    let bucket: String
    /// `nil` for calls about the bucket.
    let key: String?
    var query: [(name: String, value: String)] = []
    var headers = HTTPHeaders()
    var body = OutgoingRequest.Body.none
    var payload: RequestSigner.Payload?

    init(_ method: String, bucket: String, key: String?) { (self.method, self.bucket, self.key) = (method, bucket, key) }

    /// The prefix of a listing.
    private var prefix: String?

    /// What is called, for errors.
    var name: String { "s3://\(bucket)/\(key ?? prefix ?? "")" }

    /// - Parameter base: The bucket's URL.
    func url(_ base: HTTPURL) -> HTTPURL {
        var url = base
        url.path += "/" + PercentEncoding.path(key ?? "")
        if !query.isEmpty {
            url.query = query.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
        }
        return url
    }

    func request(_ url: HTTPURL) -> OutgoingRequest {
        OutgoingRequest(method, url, headers: headers, body: body)
    }

    /// - Parameters:
    ///   - end: Behind the last byte wanted; `nil` is the object's end.
    ///   - eTag: That of the object whose beginning was read.
    static func reading(bucket: String, key: String, from start: Int, to end: Int?, of eTag: String?) -> S3Call {
        var call = S3Call("GET", bucket: bucket, key: key)
        if start > 0 || end != nil { call.headers["Range"] = "bytes=\(start)-\(end.map { "\($0 - 1)" } ?? "")" }
        if start > 0, let eTag { call.headers["If-Match"] = eTag }
        return call
    }

    static func writing(_ body: S3Body, bucket: String, key: String, options: S3PutOptions) -> S3Call {
        var call = S3Call("PUT", bucket: bucket, key: key)
        switch body {
        case .bytes(let bytes):
            call.body = .bytes(bytes)
            // Once, and not at every attempt.
            call.payload = .sha256(hexadecimal(SHA256.hash(data: bytes)))
        case .source(let length, let sha256, let read):
            call.body = .source(length: length, read: read)
            call.payload = .sha256(sha256)
        }
        if let contentType = options.contentType { call.headers["Content-Type"] = contentType }
        if let kmsKeyID = options.kmsKeyID {
            call.headers["x-amz-server-side-encryption"] = "aws:kms"
            call.headers["x-amz-server-side-encryption-aws-kms-key-id"] = kmsKeyID
        } else if options.usesStoreKey {
            call.headers["x-amz-server-side-encryption"] = "AES256"
        }
        if options.onlyIfAbsent { call.headers["If-None-Match"] = "*" }
        return call
    }

    static func listing(bucket: String, prefix: String, token: String?, limit: Int?) -> S3Call {
        var call = S3Call("GET", bucket: bucket, key: nil)
        call.query = [
            ("list-type", "2"), ("encoding-type", "url"), ("prefix", prefix), ("max-keys", "\(min(limit ?? 1000, 1000))"),
        ]
        call.prefix = prefix
        if let token { call.query.append(("continuation-token", token)) }
        return call
    }
}

extension S3ObjectInfo {
    init(_ response: IncomingResponse) {
        self.init(
            size: response.headers["Content-Length"].flatMap { Int($0) } ?? 0, eTag: response.headers["ETag"],
            contentType: response.headers["Content-Type"])
    }
}
