import AWS
import Crypto
import FoundationEssentials
import GroundTruth
import HTTPTypes
import Hummingbird
import Liquid
import NIOCore
import Transport

/// Verifies requests that AWS's clients sign with the configured access keys.
struct RequestSignatures: Sendable {
    private let check: SignatureCheck
    private let now: @Sendable () -> Date

    init(keys: [AWSCredentials], now: @escaping @Sendable () -> Date = { Date() }) {
        (check, self.now) = (SignatureCheck(keys: keys), now)
    }

    /// Whether a request says that it is signed, well or badly: with AWS's scheme, or any of AWS's parameters in the query.
    static func areTried(in request: Request) -> Bool {
        if request.headers[values: .authorization].contains(where: { $0.hasPrefix("AWS4-") }) { return true }
        guard let target = request.head.path, let mark = target.firstIndex(of: "?") else { return false }
        let query = PercentEncoding.decode(target[mark...]) ?? "X-Amz-"
        return query.contains("X-Amz-") || query.contains("AWSAccessKeyId=")
    }

    /// The request once its signature is proved.
    ///
    /// A body whose hash is in a header is still to be compared with it: reading it to its end throws when it differs. Any other
    /// signed body is held in memory.
    ///
    /// - Throws: ``RefusedSignature``.
    func verified(_ request: Request) async throws -> Request {
        let asSent = Self.asSent(request)
        do throws(SignatureCheck.Refusal) {
            if let url = try PresignedURLVersion2(asSent) {
                let bucket = S3Target.virtualBucket(request.head.authority ?? "")
                try check.verify(url, of: asSent, bucket: bucket, at: now())
                return request
            }
        } catch {
            throw RefusedSignature(refusal: error, service: "s3")
        }
        do {
            let claim = try SignatureCheck.claim(of: asSent)
            try check.admit(claim, at: now())
            var request = request
            if claim.payloadHash == nil {
                let body = try await request.body.collect(upTo: AWSRoutes.maximumBodyBytes)
                let hash = hexadecimal(SHA256.hash(data: Array(body.readableBytesView)))
                try check.verify(claim, of: asSent, payloadHash: hash, at: now())
                request.body = RequestBody(buffer: body)
            } else {
                try check.verify(claim, of: asSent, at: now())
                if let hash = claim.expectedBodyHash { request.body = RequestBody(asyncSequence: HashedBody(request.body, hash)) }
            }
            return request
        } catch let refusal as SignatureCheck.Refusal {
            throw RefusedSignature(refusal: refusal, service: Self.service(of: request))
        }
    }

    /// The service that a request asks for, however little else of its signature can be read; empty when it does not say.
    private static func service(of request: Request) -> String {
        let query = (request.head.path ?? "").replacing("%2F", with: "/")
        let credential = #/Credential=[^\/,&]+\/[^\/,&]+\/[^\/,&]+\/(?<service>[a-z0-9\-]+)\//#
        let match = (request.headers[.authorization] ?? query).firstMatch(of: credential)
        return match.map { String($0.service) } ?? ""
    }

    private static func asSent(_ request: Request) -> SignatureCheck.Request {
        var headers = HTTPHeaders()
        headers.add("Host", request.head.authority ?? "")
        for field in request.headers { headers.add(field.name.rawName, field.value) }
        let target = request.head.path ?? "/"
        let path = target.prefix { $0 != "?" }
        let query = path.endIndex == target.endIndex ? nil : String(target[target.index(after: path.endIndex)...])
        return SignatureCheck.Request(method: request.method.rawValue, path: String(path), query: query, headers: headers)
    }
}

/// A body that has to have a hash: its end comes only when it has, else an error.
private struct HashedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private let body: RequestBody
    private let hash: String

    init(_ body: RequestBody, _ hash: String) { (self.body, self.hash) = (body, hash.lowercased()) }

    func makeAsyncIterator() -> Iterator { Iterator(body: body.makeAsyncIterator(), hash: hash) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var body: RequestBody.AsyncIterator
        fileprivate let hash: String
        private var found = SHA256()

        fileprivate init(body: RequestBody.AsyncIterator, hash: String) { (self.body, self.hash) = (body, hash) }

        @concurrent mutating func next() async throws -> ByteBuffer? {
            guard let piece = try await body.next() else {
                guard hexadecimal(found.finalize()) == hash else {
                    throw AWSError("XAmzContentSHA256Mismatch", "the body does not have the SHA-256 that X-Amz-Content-SHA256 says")
                }
                return nil
            }
            found.update(data: Array(piece.readableBytesView))
            return piece
        }
    }
}

/// A signature that proves nothing, answered as the service that was asked for would.
struct RefusedSignature: Error {
    let refusal: SignatureCheck.Refusal
    /// Its signing name; empty when the request does not tell.
    let service: String

    var response: Response {
        switch service {
        case "s3": Self.xml("<Error>\(inXML(s3Code))</Error>")
        case "sns", "sts": Self.xml("<ErrorResponse><Error><Type>Sender</Type>\(inXML(queryCode))</Error></ErrorResponse>")
        default: json
        }
    }

    private var json: Response {
        var response = AWSRoutes.response(.forbidden, ["__type": .string(jsonCode), "message": .string(message)])
        response.headers[.named("X-Amzn-ErrorType")] = jsonCode
        return response
    }

    private var jsonCode: String {
        switch refusal {
        case .unsigned: "MissingAuthenticationTokenException"
        case .malformed: "IncompleteSignatureException"
        case .unknownKey: "UnrecognizedClientException"
        case .skewed, .expired, .wrongSignature: "InvalidSignatureException"
        }
    }

    private var s3Code: String {
        switch refusal {
        case .unsigned, .expired: "AccessDenied"
        case .malformed: "AuthorizationHeaderMalformed"
        case .unknownKey: "InvalidAccessKeyId"
        case .skewed: "RequestTimeTooSkewed"
        case .wrongSignature: "SignatureDoesNotMatch"
        }
    }

    private var queryCode: String {
        switch refusal {
        case .unsigned: "MissingAuthenticationToken"
        case .malformed: "IncompleteSignature"
        case .unknownKey: "InvalidClientTokenId"
        case .skewed, .expired, .wrongSignature: "SignatureDoesNotMatch"
        }
    }

    private var message: String {
        switch refusal {
        case .unsigned: "The request is not signed."
        case .malformed(let reason): "The signature cannot be read: \(reason)."
        case .unknownKey(let id): "The access key \(id) is none of those that are configured here."
        case .skewed(let signed, let now): "The request was signed at \(signed), more than 15 minutes from \(now), the time here."
        case .expired: "The presigned URL has expired."
        case .wrongSignature:
            "The signature is not the one that the configured secret gives. Is the secret right, and does the request arrive as it was sent?"
        }
    }

    private func inXML(_ code: String) -> String { "<Code>\(code)</Code><Message>\(HTMLText.escaped(message))</Message>" }

    private static func xml(_ document: String) -> Response {
        Response(
            status: .forbidden, headers: [.contentType: "application/xml"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: #"<?xml version="1.0" encoding="UTF-8"?>\#n"# + document)))
    }
}
