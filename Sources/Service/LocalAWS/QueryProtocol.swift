import HTTPTypes
import Hummingbird
import LabelingJobs
import NIOCore

/// A request of AWS's query protocol, as SNS and STS speak it: a form with the operation's name and its parameters.
struct QueryRequest {
    /// A message of 256 KB whose every byte is percent-encoded, and the rest of the form.
    static let maximumBodyBytes = 1 << 20

    let action: String
    let parameters: QueryParameters

    /// - Throws: ``QueryError``.
    init(_ request: Request) async throws {
        let body: ByteBuffer
        do { body = try await request.body.collect(upTo: Self.maximumBodyBytes) } catch let error as AWSError {
            throw QueryError(error.code, error.message, status: error.status)
        } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
            throw QueryError("InvalidParameter", "the request has more than \(Self.maximumBodyBytes) bytes")
        }
        parameters = QueryParameters(String(buffer: body))
        action = parameters["Action"] ?? ""
    }

    /// - Throws: ``QueryError`` `InvalidParameter`.
    func required(_ name: String) throws(QueryError) -> String {
        guard let value = parameters[name], !value.isEmpty else {
            throw QueryError("InvalidParameter", "Invalid parameter: \(name) must be given")
        }
        return value
    }
}

/// An error as the query protocol has it.
struct QueryError: Error {
    let code: String
    let message: String
    let status: HTTPResponse.Status

    init(_ code: String, _ message: String, status: HTTPResponse.Status = .badRequest) {
        (self.code, self.message, self.status) = (code, message, status)
    }

    func response(_ context: ServiceContext) -> Response {
        let type = status.kind == .serverError ? "Receiver" : "Sender"
        let error = XMLOutput("Error", [XMLOutput("Type", type), XMLOutput("Code", code), XMLOutput("Message", message)])
        return .xml(status, XMLOutput("ErrorResponse", [error, XMLOutput("RequestId", context.requestID)]))
    }
}

extension Response {
    static func xml(_ status: HTTPResponse.Status, _ document: XMLOutput, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/xml"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: document.bytes)))
    }

    /// An operation's answer in the query protocol.
    static func query(_ action: String, namespace: String, _ result: [XMLOutput], _ context: ServiceContext) -> Response {
        .xml(
            .ok,
            XMLOutput(
                "\(action)Response", namespace: namespace,
                [XMLOutput("\(action)Result", result), XMLOutput("ResponseMetadata", [XMLOutput("RequestId", context.requestID)])]))
    }
}
