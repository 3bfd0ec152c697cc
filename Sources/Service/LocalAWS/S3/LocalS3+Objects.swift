import FoundationEssentials
import HTTPTypes
import Hummingbird
import Storage

extension LocalS3 {
    // MARK: Reading

    /// GET and HEAD.
    func read(_ uri: ObjectURI, _ request: Request, _ query: QueryParameters) throws -> Response {
        let details = try store.details(of: uri)
        let eTag = "\"\(details.eTag)\""
        try checkPreconditions(request.headers, eTag: eTag)
        var headers: HTTPFields = [
            .acceptRanges: "bytes", .eTag: eTag, .lastModified: Self.httpDate(details.modified),
            .contentType: query["response-content-type"] ?? details.contentType ?? "binary/octet-stream",
        ]
        headers[.contentDisposition] = query["response-content-disposition"]
        headers.setEncryption(kmsKeyID: details.kmsKeyID, usesStoreKey: details.usesStoreKey)
        var range: Range<Int>?
        switch ByteRange(request.headers[.range], size: details.size) {
        case .whole: break
        case .part(let part): range = part
        case .outside:
            throw S3Failure(.rangeNotSatisfiable, "InvalidRange", "The requested range is not satisfiable.")
        }
        if let range { headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(details.size)" }
        let status: HTTPResponse.Status = range == nil ? .ok : .partialContent
        let count = range?.count ?? details.size
        guard request.method == .get else {
            headers[.contentLength] = "\(count)"
            return Response(status: status, headers: headers)
        }
        let body = ResponseBody.object(uri, in: store, range ?? 0..<details.size) { [store] in
            // Replaced while it is sent: the rest would be another object's.
            guard try store.details(of: uri).eTag == details.eTag else { throw StorageError(.changed, "\(uri) was replaced") }
        }
        return Response(status: status, headers: headers, body: body)
    }

    private func checkPreconditions(_ headers: HTTPFields, eTag: String) throws(S3Failure) {
        func names(_ header: String) -> Bool { header == "*" || header.split(separator: ",").contains { $0.trimmed == eTag } }
        if let wanted = headers[.ifMatch], !names(wanted) {
            throw S3Failure(
                .preconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        }
        if let known = headers[.ifNoneMatch], names(known) { throw S3Failure(.notModified, "NotModified", "Not Modified") }
    }

    // MARK: Writing

    func write(_ uri: ObjectURI, _ request: Request) async throws -> Response {
        let options = try writeOptions(request.headers)
        let writer = try store.fileWriter(to: uri, options: options)
        var headers = try await UploadedBody(request).read { piece in try writer.append(piece) }
        try await writer.commit()
        headers[.eTag] = writer.eTag.map { "\"\($0)\"" }
        headers.setEncryption(kmsKeyID: options.kmsKeyID, usesStoreKey: options.usesStoreKey)
        return Response(status: .ok, headers: headers)
    }

    /// Headers that ask for what a data folder has not; empty values ask for nothing.
    private static let refusedHeaders: Set<String> = [
        "if-match", "x-amz-copy-source", "x-amz-object-lock-mode", "x-amz-tagging", "x-amz-website-redirect-location",
        "x-amz-server-side-encryption-customer-algorithm", "x-amz-server-side-encryption-context",
    ]

    private func writeOptions(_ headers: HTTPFields) throws -> WriteOptions {
        for field in headers {
            let name = field.name.canonicalName
            guard Self.refusedHeaders.contains(name) || name.hasPrefix("x-amz-meta-") || name.hasPrefix("x-amz-grant-") else {
                continue
            }
            throw S3Failure.notImplemented("The header `\(name)` of PUT")
        }
        var options = WriteOptions()
        options.contentType = headers[.contentType]
        options.onlyIfAbsent = headers[.ifNoneMatch] == "*"
        switch headers[.serverSideEncryption] {
        case nil: break
        case "AES256": options.usesStoreKey = true
        // Without a key it is the account's own one.
        case "aws:kms": options.kmsKeyID = headers[.kmsKeyID] ?? "alias/aws/s3"
        case let other?: throw S3Failure.notImplemented("`x-amz-server-side-encryption: \(other)`")
        }
        return options
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func httpDate(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        return "\(days[(parts.weekday ?? 1) - 1]), \(two(parts.day)) \(months[(parts.month ?? 1) - 1]) \(parts.year ?? 1970) "
            + "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)) GMT"
    }
}

extension Substring {
    fileprivate var trimmed: Substring { drop { $0 == " " }.prefix { $0 != " " } }
}

extension HTTPFields {
    /// What an object was written with, in S3's words.
    fileprivate mutating func setEncryption(kmsKeyID: String?, usesStoreKey: Bool) {
        if let kmsKeyID {
            self[.serverSideEncryption] = "aws:kms"
            self[.kmsKeyID] = kmsKeyID
        } else if usesStoreKey {
            self[.serverSideEncryption] = "AES256"
        }
    }
}

extension HTTPField.Name {
    static let serverSideEncryption = named("x-amz-server-side-encryption")
    static let kmsKeyID = named("x-amz-server-side-encryption-aws-kms-key-id")
}
