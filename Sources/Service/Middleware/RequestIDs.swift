import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging

/// Takes the caller's `X-Request-ID` when it is short and plain, else makes one; logs each request once.
struct RequestIDs: RouterMiddleware {
    typealias Context = ServiceContext

    static let maximumLength = 64

    func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.adopt(
            requestID: request.headers[.requestID].flatMap { Self.isPlain($0) ? $0 : nil } ?? UUID().uuidString.lowercased())
        let clock = ContinuousClock()
        let start = clock.now
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        context.log.info(
            "request",
            metadata: [
                "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
                "milliseconds": "\((clock.now - start) / .milliseconds(1))",
            ])
        return response
    }

    private static func isPlain(_ id: String) -> Bool {
        (1...maximumLength).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".")
                    || byte == UInt8(ascii: "_")
            }
    }
}

extension HTTPField.Name {
    static let requestID = named("X-Request-ID")
}
