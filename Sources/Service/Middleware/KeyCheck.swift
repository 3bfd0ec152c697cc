import HTTPTypes
import Hummingbird

/// Lets callers with a configured key pass, or with a request that is signed with one; without configured keys everybody does. Health
/// checks and what pages load need none; the portal and the workers' API let people in themselves.
struct KeyCheck: RouterMiddleware {
    typealias Context = ServiceContext

    private let keys: [[UInt8]]
    private let signatures: RequestSignatures?
    private let hasKeys: Bool

    init(_ configuration: ServiceConfiguration) {
        hasKeys = configuration.hasKeys
        keys = configuration.apiKeys.map { Array($0.utf8) }
        signatures = configuration.accessKeys.isEmpty ? nil : RequestSignatures(keys: configuration.accessKeys)
    }

    func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        let isOpen = path.hasPrefix("/health/") || PageRoutes.isOpen(path) || WorkerPages.isOpen(path)
        if !hasKeys || isOpen || isKnown(request.headers[.authorization]) { return try await next(request, context) }
        guard let signatures, RequestSignatures.areTried(in: request) else {
            throw Problem(
                status: .unauthorized, code: "unauthorized",
                detail: signatures == nil
                    ? "send a configured key as `Authorization: Bearer KEY`"
                    : "sign the request with a configured access key, or send a configured key as `Authorization: Bearer KEY`")
        }
        let verified: Request
        do { verified = try await signatures.verified(request) } catch let refused as RefusedSignature { return refused.response }
        return try await next(verified, context)
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
