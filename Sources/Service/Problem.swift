import GroundTruth
import HTTPTypes
import Hummingbird
import NIOCore

/// An error as `application/problem+json` (RFC 9457), with our `code`.
struct Problem: Error {
    let status: HTTPResponse.Status
    let code: String
    let detail: String

    /// - Parameter instance: The path that was asked for.
    func response(instance: String) -> Response {
        let body: JSONOutput = [
            "code": .string(code), "detail": .string(detail), "instance": .string(instance), "status": .int(status.code),
            "title": .string(status.reasonPhrase), "type": .string("urn:prelabel:problem:\(code)"),
        ]
        return Response(
            status: status, headers: [.contentType: "application/problem+json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes + [0x0A])))
    }
}
