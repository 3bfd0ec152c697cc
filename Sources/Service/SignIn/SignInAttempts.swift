import HTTPTypes
import Hummingbird
import LabelingJobs

/// Bounds failed attempts to sign in from one address: by link, by token, with a provider, and with the owner's key.
///
/// Who is signed in is never hindered: neither a session's cookie nor a worker's token is made to wait.
struct SignInAttempts: RouterMiddleware {
    typealias Context = ServiceContext

    private enum Kind {
        /// A page that signs in.
        case page
        /// The way back from a provider, where a person waits for a page.
        case callback
        /// A key of the service, or a key that is none.
        case key
        /// A worker's token or the owner's cookie, well or badly signed.
        case pass
    }

    let limit: SignInLimit

    func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        guard let kind = Self.kind(of: request) else { return try await next(request, context) }
        let address = ClientAddress.of(request, context)
        // A form's body may come late, and a provider is asked: attempts that run side by side count from their beginning.
        let isCounted = kind == .page || kind == .callback
        let blocked = isCounted ? limit.begin(address) : limit.secondsBlocked(address)
        let refusal = blocked.map { TooManyAttempts(seconds: $0) }
        if let refusal, kind != .pass {
            guard kind == .callback else { throw refusal.problem }
            return refusal.page
        }
        do {
            let response = try await next(request, context)
            if kind == .page || kind == .callback && response.status.kind == .redirection { limit.takeBack(address) }
            return response
        } catch let problem as Problem where problem.status == .unauthorized {
            if !isCounted { limit.countFailure(address) }
            throw refusal?.problem ?? problem
        } catch {
            if kind == .page { limit.takeBack(address) }
            throw error
        }
    }

    /// `nil` for what signs nobody in.
    private static func kind(of request: Request) -> Kind? {
        // As the router reads it: slashes at the end, or two in a row, lead to the same place.
        let path = "/" + request.uri.path.split(separator: "/").joined(separator: "/")
        switch (request.method, path) {
        case (.post, "/portal/session"), (.post, "/portal/owner/session"): return .page
        case (.get, OIDCRoutes.callbackPath):
            // Without the cookie the provider is not asked; pages of others make browsers come here without it.
            return request.cookies[SignInAttempt.cookie] == nil ? nil : .callback
        default:
            if let token = request.bearerToken { return AccessPass(token) == nil ? .key : .pass }
            return request.cookies[OwnerAccess.cookie] == nil ? nil : .pass
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
