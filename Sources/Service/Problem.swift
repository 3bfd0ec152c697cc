import GroundTruth
import HTTPTypes
import Hummingbird
import NIOCore

/// An error as `application/problem+json` (RFC 9457), with our `code`.
struct Problem: Error {
    let status: HTTPResponse.Status
    let code: String
    let detail: String
    /// After which the same request may be made again.
    var retryAfterSeconds: Int?

    /// - Parameter instance: The path that was asked for.
    func response(instance: String) -> Response {
        let body: JSONOutput = [
            "code": .string(code), "detail": .string(detail), "instance": .string(instance), "status": .int(status.code),
            "title": .string(status.reasonPhrase), "type": .string("urn:prelabel:problem:\(code)"),
        ]
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        // RFC 9110, 11.6.1: whoever is refused is told how to ask.
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        if let retryAfterSeconds { headers[.retryAfter] = "\(retryAfterSeconds)" }
        return Response(
            status: status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes + [0x0A])))
    }
}
