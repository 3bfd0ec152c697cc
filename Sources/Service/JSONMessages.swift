import GroundTruth
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The JSON document in the body.
    ///
    /// - Throws: ``Problem`` 415 without `Content-Type: application/json`, which pages of others can send only after asking; 413, 400.
    func json(atMost maximumBytes: Int) async throws -> JSONValue {
        guard headers[.contentType]?.lowercased().hasPrefix("application/json") ?? false else {
            throw Problem(status: .unsupportedMediaType, code: "unsupported-media-type", detail: "expected application/json")
        }
        let buffer: ByteBuffer
        do { buffer = try await body.collect(upTo: maximumBytes) } catch let error as any HTTPResponseError
            where error.status == .contentTooLarge
        {
            throw Problem(
                status: .contentTooLarge, code: "content-too-large", detail: "the body has more than \(maximumBytes) bytes")
        }
        do { return try JSONValue.message(Array(buffer.readableBytesView), "the body") } catch {
            throw Problem(status: .badRequest, code: "bad-json", detail: error.message)
        }
    }

    /// The object under `answer` in the body.
    func answer() async throws -> JSONValue {
        let document = try await json(atMost: Self.maximumAnswerBytes)
        guard let answer = document["answer"], answer.object != nil else {
            throw Problem(status: .badRequest, code: "bad-answer", detail: #"expected {"answer":{…}}"#)
        }
        return answer
    }

    static let maximumAnswerBytes = 8 << 20
}

extension Response {
    /// A document that is one caller's, and is not kept on the way.
    static func json(_ document: JSONOutput, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: document.bytes)))
    }
}
