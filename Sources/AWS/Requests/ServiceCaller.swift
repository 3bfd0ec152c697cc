import FoundationEssentials
import Transport

/// Sends one attempt of a call, signed, and turns error responses into errors.
struct ServiceCaller: Sendable {
    /// Error documents beyond this are cut.
    private static let maximumErrorBytes = 1 << 16

    let transport: any HTTPTransport
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - signer: `nil` for calls that need no credentials.
    ///   - name: What is called, for errors.
    /// - Returns: A response with a status below 300.
    func send(
        _ request: OutgoingRequest, signer: RequestSigner?, payload: RequestSigner.Payload? = nil, name: String
    ) async throws(AWSError) -> IncomingResponse {
        let signed = signer.map { $0.signed(request, payload: payload, at: now()) } ?? request
        let response: IncomingResponse
        do {
            response = try await transport.send(signed)
        } catch {
            throw AWSError(error, name: name)
        }
        guard response.status < 300 else { throw await Self.error(of: response, name: name) }
        return response
    }

    private static func error(of response: IncomingResponse, name: String) async -> AWSError {
        let body = (try? await response.body.collect(atMost: maximumErrorBytes)) ?? []
        if let error = JSONError(response, body) {
            return AWSError(
                AWSError.Code(rawValue: error.code), "\(name): \(error.code): \(error.message)", status: response.status)
        }
        let document = try? XMLElement(parsing: body)
        let error = document?.name == "Error" ? document : document?.first("Error")
        let code = error?["Code"]?.text ?? codeWithoutBody(status: response.status)
        let said = error?["Message"]?.text ?? "HTTP status \(response.status)"
        let message = said.hasSuffix(".") ? String(said.dropLast()) : said
        let region = response.headers["x-amz-bucket-region"] ?? error?["Region"]?.text
        var result = AWSError(AWSError.Code(rawValue: code), "\(name): \(code): \(message)", status: response.status)
        (result.bucketRegion, result.location) = (region, response.headers["Location"])
        return result
    }

    /// What a status stands for where the response has no document, as that to HEAD.
    private static func codeWithoutBody(status: Int) -> String {
        switch status {
        case 301: "PermanentRedirect"
        case 307: "TemporaryRedirect"
        case 403: "AccessDenied"
        case 404: "NoSuchKey"
        case 412: "PreconditionFailed"
        case 503: "ServiceUnavailable"
        default: "HTTP\(status)"
        }
    }
}

extension AWSError {
    init(_ error: TransportError, name: String) {
        let code: Code =
            switch error.code {
            case .cancelled: .cancelled
            case .unreadableBody: .unreadableBody
            case .tooLarge: .tooLarge
            case .badRequest, .untrusted: .badSetting
            default: .unreachable
            }
        self.init(code, "\(name): \(error.message)")
    }
}

/// The error of a service that speaks JSON: its code in the header `x-amzn-ErrorType` or in the document, its words in the document.
private struct JSONError {
    private struct Document: Decodable {
        let type: String?
        let message: String?
        let upperCaseMessage: String?
        enum CodingKeys: String, CodingKey { case type = "__type", message, upperCaseMessage = "Message" }
    }

    let code: String
    let message: String

    /// - Returns: `nil` for the answer of a service that speaks XML, or of something before the service.
    init?(_ response: IncomingResponse, _ body: [UInt8]) {
        let isObject = body.first == UInt8(ascii: "{")
        let document = isObject ? try? JSONDecoder().decode(Document.self, from: Data(body)) : nil
        guard let type = response.headers["x-amzn-ErrorType"] ?? document?.type else { return nil }
        // `com.amazonaws.sagemaker#ResourceNotFound` in some services, `AccessDeniedException:http://internal.amazon.com/…` in others.
        code = String(type.prefix { $0 != ":" }.split(separator: "#").last ?? "")
        message = document?.message ?? document?.upperCaseMessage ?? "HTTP status \(response.status)"
    }
}
