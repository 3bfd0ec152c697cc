import AWS
import Crypto
import HTTPTypes
import Hummingbird
import NIOCore

/// The body of a PUT: read as it comes, unpacked where it is `aws-chunked`, and held against what its sender said of it.
struct UploadedBody {
    /// S3 takes so many bytes in one PUT.
    static let maximumBytes = 5 << 30

    private let request: Request
    private let length: Int?
    private let isChunked: Bool
    /// What the sender says the body hashes to, by the name of the header that says it.
    private var expected: [String: String] = [:]
    /// The header that is to come behind the body.
    private let trailer: String?

    /// - Throws: ``S3Failure`` for a length or checksum that cannot be checked.
    init(_ request: Request) throws(S3Failure) {
        self.request = request
        let payload = request.headers[.contentSHA256] ?? ""
        isChunked = payload.hasPrefix("STREAMING-")
        let lengthHeader = isChunked ? request.headers[.decodedContentLength] : request.headers[.contentLength]
        length = lengthHeader.flatMap { Int($0) }
        trailer = request.headers[.trailerName]?.lowercased()
        if payload.utf8.count == 64 { expected["x-amz-content-sha256"] = payload.lowercased() }
        expected["content-md5"] = request.headers[.contentMD5]
        for field in request.headers {
            let name = field.name.canonicalName
            // The other headers of this beginning say how, not what.
            guard name.hasPrefix(Self.prefix), !["algorithm", "mode", "type"].contains(name.dropFirst(Self.prefix.count)) else {
                continue
            }
            expected[name] = field.value
        }
        guard length ?? 0 <= Self.maximumBytes else {
            throw S3Failure(
                .badRequest, "EntityTooLarge",
                "Your proposed upload exceeds the maximum allowed object size of \(Self.maximumBytes) bytes.")
        }
    }

    private static let prefix = "x-amz-checksum-"

    /// Reads the body to its end.
    ///
    /// - Parameter piece: Gets the object's bytes.
    /// - Returns: The checksum headers that were found right, to send back.
    /// - Throws: ``S3Failure`` when the body is not what was announced, or what `piece` throws.
    func read(_ piece: (ArraySlice<UInt8>) throws -> Void) async throws -> HTTPFields {
        var checksums: [(name: String, sum: Checksum)] = []
        for name in Set(expected.keys).union(trailer.map { [$0] } ?? []).sorted() {
            checksums.append((name, try Self.checksum(name)))
        }
        var chunks = ChunkedUpload()
        var count = 0
        func take(_ bytes: ArraySlice<UInt8>) throws {
            count += bytes.count
            guard count <= length ?? Self.maximumBytes else { throw Self.incomplete }
            for index in checksums.indices { checksums[index].sum.update(bytes) }
            try piece(bytes)
        }
        for try await buffer in request.body {
            let bytes = Array(buffer.readableBytesView)[...]
            if isChunked { try chunks.append(bytes) { try take($0) } } else { try take(bytes) }
        }
        guard length.map({ $0 == count }) ?? true, !isChunked || chunks.isComplete else { throw Self.incomplete }
        return try check(checksums, chunks.trailers)
    }

    private func check(
        _ checksums: [(name: String, sum: Checksum)], _ trailers: [String: String]
    ) throws(S3Failure) -> HTTPFields {
        var fields = HTTPFields()
        for (name, sum) in checksums {
            let found = name == "x-amz-content-sha256" ? hexadecimal(sum.bytes) : sum.base64
            guard let said = expected[name] ?? trailers[name] else {
                throw S3Failure(.badRequest, "InvalidRequest", "The trailer \(name) is announced and does not come.")
            }
            guard said == found else {
                let code = name == "x-amz-content-sha256" ? "XAmzContentSHA256Mismatch" : "BadDigest"
                throw S3Failure(.badRequest, code, "The \(name) you specified did not match what we received.")
            }
            if name.hasPrefix(Self.prefix), let field = HTTPField.Name(name) { fields[field] = found }
        }
        return fields
    }

    private static func checksum(_ name: String) throws(S3Failure) -> Checksum {
        switch name {
        case "content-md5": return .md5(Insecure.MD5())
        case "x-amz-content-sha256": return .sha256(SHA256())
        default:
            guard name.hasPrefix(prefix), let sum = Checksum(String(name.dropFirst(prefix.count))) else {
                throw .notImplemented("The checksum \(name)")
            }
            return sum
        }
    }

    private static let incomplete = S3Failure(
        .badRequest, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header.")
}

extension HTTPField.Name {
    fileprivate static let contentSHA256 = named("x-amz-content-sha256")
    fileprivate static let decodedContentLength = named("x-amz-decoded-content-length")
    fileprivate static let trailerName = named("x-amz-trailer")
    fileprivate static let contentMD5 = named("Content-MD5")
}
