import HTTPTypes
import Hummingbird

/// Lets callers with a configured key pass; without configured keys everybody does. Health checks and what pages load need none; the
/// portal and the workers' API let people in themselves.
struct KeyCheck: RouterMiddleware {
    typealias Context = ServiceContext

    let keys: [[UInt8]]

    init(keys: [String]) { self.keys = keys.map { Array($0.utf8) } }

    func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        guard
            keys.isEmpty || path.hasPrefix("/health/") || PageRoutes.isOpen(path) || WorkerPages.isOpen(path)
                || isKnown(request.headers[.authorization])
        else {
            throw Problem(
                status: .unauthorized, code: "unauthorized", detail: "send a configured key as `Authorization: Bearer KEY`")
        }
        return try await next(request, context)
    }

    private func isKnown(_ authorization: String?) -> Bool {
        guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return false }
        let offered = Array(authorization.utf8.dropFirst("bearer ".utf8.count))
        // Every key is compared in full, so that the time taken tells nothing about them.
        return keys.reduce(false) { found, key in Self.areEqual(key, offered) || found }
    }

    static func areEqual(_ key: [UInt8], _ offered: [UInt8]) -> Bool {
        var difference = key.count ^ offered.count
        for index in key.indices { difference |= Int(key[index] ^ (index < offered.count ? offered[index] : 0)) }
        return difference == 0
    }
}
