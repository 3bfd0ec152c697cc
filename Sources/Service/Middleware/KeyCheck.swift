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
        if isKnown(request.headers[.authorization]) { return try await next(request, context) }
        if RequestSignatures.areTried(in: request) { return try await handleSigned(request, context, next) }
        let path = request.uri.path
        guard !hasKeys || path.hasPrefix("/health/") || PageRoutes.isOpen(path) || WorkerPages.isOpen(path) else {
            throw refused
        }
        return try await next(request, context)
    }

    /// A signature can take a request to a service that other requests of its path do not reach, so it is looked at on every path.
    private func handleSigned(
        _ request: Request, _ context: ServiceContext, _ next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        guard hasKeys else {
            // Whoever signs is a program. A browser that asks so was told to by a page of somebody else.
            try SameOrigin.require(request, trustsSilence: true)
            return try await next(request, context)
        }
        guard let signatures else { throw refused }
        let verified: Request
        do { verified = try await signatures.verified(request) } catch let refused as RefusedSignature { return refused.response }
        return try await next(verified, context)
    }

    private var refused: Problem {
        Problem(
            status: .unauthorized, code: "unauthorized",
            detail: signatures == nil
                ? "send a configured key as `Authorization: Bearer KEY`"
                : "sign the request with a configured access key, or send a configured key as `Authorization: Bearer KEY`")
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
