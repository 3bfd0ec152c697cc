import HTTPTypes
import Hummingbird

/// For what this machine serves without a key: refuses requests under a host name that is not this machine's own.
///
/// A browser lets a page read from the host that the page came from. Whoever owns a name can have it point to 127.0.0.1 once their
/// page is loaded (DNS rebinding), and would read, under that name, what only this machine's people should.
struct LocalNames: RouterMiddleware {
    typealias Context = ServiceContext

    func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        if let authority = request.head.authority, !Self.isLocal(authority) {
            throw Problem(
                status: .forbidden, code: "foreign-host",
                detail: "served without a key, so only under localhost or a loopback address; found another host name")
        }
        return try await next(request, context)
    }

    /// - Parameter authority: A host, perhaps with a port, as the `Host` header has it.
    static func isLocal(_ authority: String) -> Bool {
        if authority.hasPrefix("[") { return authority.wholeMatch(of: #/\[::1\](:[0-9]+)?/#) != nil }
        let host = authority.prefix { $0 != ":" }.lowercased()
        return host.hasSuffix(".localhost") || ServiceConfiguration.isLoopback(host)
    }
}
