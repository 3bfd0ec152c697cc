import GroundTruth
import HTTPTypes
import Hummingbird
import NIOCore
import Transport

extension HTTPField.Name {
    static let amzTarget = named("X-Amz-Target")

    /// - Precondition: `text` is a token (RFC 9110, 5.6.2).
    static func named(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no name of a header") }
        return name
    }
}

/// `POST /` as AWS clients call it: JSON 1.1, the operation in `X-Amz-Target`.
struct AWSRoutes {
    /// Ten megabytes of document are fourteen as base64.
    static let maximumBodyBytes = 16 << 20

    /// An operation's answer to a request's members, for a caller who reaches the service at `origin`; see ``Request/origin(_:)``.
    typealias Operation = @Sendable (_ members: JSONValue, _ origin: String) async throws -> JSONOutput

    /// By target, such as `Textract.DetectDocumentText`.
    let operations: [String: Operation]
    /// Where the service is reached, where that was said.
    let publicURL: HTTPURL?

    func add(to router: Router<ServiceContext>) {
        router.post("/") { request, context in
            do {
                return Self.response(.ok, try await answer(request))
            } catch let error as AWSError {
                return Self.response(error.status, ["Message": .string(error.message), "__type": .string(error.code)])
            }
        }
    }

    private func answer(_ request: Request) async throws -> JSONOutput {
        let target = request.headers[.amzTarget] ?? ""
        guard let operation = operations[target] else {
            throw AWSError(
                "UnknownOperationException",
                "`\(target)` is not served here; these are: \(operations.keys.sorted().joined(separator: ", "))")
        }
        let members = try await Self.members(of: request, atMost: Self.maximumBodyBytes)
        return try await operation(members, request.origin(publicURL))
    }

    /// A request's body, an object.
    ///
    /// - Throws: ``AWSError``.
    static func members(of request: Request, atMost maximumBytes: Int) async throws -> JSONValue {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: maximumBytes)
        } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
            throw AWSError(
                "RequestEntityTooLargeException",
                "the request has more than \(maximumBytes) bytes; name large documents as S3 objects",
                status: .contentTooLarge)
        }
        let members: JSONValue
        do {
            members = try JSONValue.message(Array(body.readableBytesView), "the request")
        } catch {
            throw AWSError("SerializationException", error.message)
        }
        guard case .object = members.kind else {
            throw AWSError("SerializationException", "the request is \(members.kindName), expected an object")
        }
        return members
    }

    static func response(_ status: HTTPResponse.Status, _ body: JSONOutput) -> Response {
        Response(
            status: status, headers: [.contentType: "application/x-amz-json-1.1"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes)))
    }
}

/// An error as AWS clients read it: `__type`, and HTTP 400 where nothing else is said.
struct AWSError: Error {
    let code: String
    let message: String
    let status: HTTPResponse.Status
    init(_ code: String, _ message: String, status: HTTPResponse.Status = .badRequest) {
        (self.code, self.message, self.status) = (code, message, status)
    }
}
