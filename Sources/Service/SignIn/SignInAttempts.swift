import HTTPTypes
import Hummingbird
import LabelingJobs

/// Bounds failed attempts to sign in from one address: by link, by token, with a provider, and with the owner's key.
///
/// Who is signed in is never hindered: neither a session's cookie nor a worker's token, which nobody can guess, is made to wait.
struct SignInAttempts: RouterMiddleware {
    typealias Context = ServiceContext

    private enum Kind {
        /// A page that signs in.
        case page
        /// The way back from a provider, where a person waits for a page.
        case callback
        /// A key of the service, or a key that is none.
        case key
        /// A worker's token, well or badly signed.
        case token
    }

    let limit: SignInLimit

    func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        guard let kind = Self.kind(of: request) else { return try await next(request, context) }
        let address = ClientAddress.of(request, context)
        let refusal = limit.secondsBlocked(address).map { TooManyAttempts(seconds: $0) }
        if let refusal, kind != .token {
            guard kind == .callback else { throw refusal.problem }
            return refusal.page
        }
        do {
            let response = try await next(request, context)
            if kind == .callback, response.status.kind == .clientError { limit.countFailure(address) }
            return response
        } catch let problem as Problem where problem.status == .unauthorized {
            limit.countFailure(address)
            throw refusal?.problem ?? problem
        }
    }

    /// `nil` for what signs nobody in.
    private static func kind(of request: Request) -> Kind? {
        switch (request.method, request.uri.path) {
        case (.post, "/portal/session"), (.post, "/portal/owner/session"): return .page
        case (.get, OIDCRoutes.callbackPath): return .callback
        default: return request.bearerToken.map { AccessPass($0) == nil ? .key : .token }
        }
    }
}

/// The answer to one attempt too many.
struct TooManyAttempts {
    /// Until the next may be made.
    let seconds: Int

    static func sentence(_ seconds: Int) -> String {
        "Too many attempts to sign in from your address failed. Try again in \(seconds) seconds."
    }

    var problem: Problem {
        Problem(
            status: .tooManyRequests, code: "too-many-attempts", detail: Self.sentence(seconds), retryAfterSeconds: seconds)
    }

    var page: Response {
        var response = SignInPage.tooMany(seconds: seconds).response
        response.headers[.retryAfter] = "\(seconds)"
        return response
    }
}
