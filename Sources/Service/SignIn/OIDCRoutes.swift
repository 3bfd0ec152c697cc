import HTTPTypes
import Hummingbird
import LabelingJobs
import Logging

/// Signing in with an OpenID provider: `GET /portal/oidc` leads there, and the provider back to `/portal/oidc/callback`.
///
/// Whoever's verified mail address is a team member's gets the cookie that a link gives. No worker is made here, and both addresses
/// lead nowhere but to the provider and to the list of jobs.
struct OIDCRoutes: Sendable {
    static let path = "/portal/oidc"
    static let callbackPath = "\(path)/callback"
    /// Asks the provider to ask who it is.
    static let otherPath = "\(path)/other"
    private static let maximumCodeBytes = 4096

    let provider: OIDCProvider
    let access: WorkerAccess

    private var settings: OIDCSettings { provider.settings }

    func add(to router: Router<ServiceContext>) {
        router.get("/portal/oidc") { _, context in await begin(asksWho: false, context) }
        router.get("/portal/oidc/other") { _, context in await begin(asksWho: true, context) }
        router.get("/portal/oidc/callback") { request, context in
            var response = await end(request, context)
            response.setCookie(cookie("none", seconds: 0))
            return response
        }
    }

    private func begin(asksWho: Bool, _ context: ServiceContext) async -> Response {
        await answered(context) {
            let attempt = SignInAttempt(secret: try await access.store.secret(.signIn), at: access.clock.now())
            var response = Self.redirect(to: try await provider.authorizationURL(for: attempt, asksWho: asksWho))
            response.setCookie(cookie("\(attempt.pass)", seconds: SignInAttempt.lifetimeSeconds))
            return response
        }
    }

    private func end(_ request: Request, _ context: ServiceContext) async -> Response {
        await answered(context) {
            let query = request.uri.queryParameters
            let attempt = try await attempt(request, state: query["state"] ?? "")
            // RFC 9207: an answer that names an issuer names ours.
            if let issuer = query["iss"], !issuer.utf8.elementsEqual(settings.issuer.utf8) {
                throw OIDCError(.refused, "the answer is of another provider")
            }
            if let error = query["error"] {
                context.log.warning("sign-in failed", metadata: ["cause": "the provider answered \(error.prefix(64))"])
                return SignInPage.declined(settings, reason: String(error.prefix(64))).response
            }
            guard let code = query["code"], (1...Self.maximumCodeBytes).contains(code.utf8.count) else {
                throw OIDCError(.refused, "the answer has no code")
            }
            let claim = try await provider.mail(for: String(code), attempt)
            guard let mail = claim, mail.isVerified ?? settings.trustsMail else {
                context.log.warning("sign-in failed", metadata: ["cause": "the provider \(Self.lack(in: claim))"])
                return SignInPage.unverified(settings, mail: claim?.address).response
            }
            guard let worker = try await access.store.teamMember(mail: mail.address) else {
                context.log.warning("sign-in failed", metadata: ["cause": "the mail address is in no team"])
                return SignInPage.stranger(settings, mail: mail.address).response
            }
            var response = Self.redirect(to: WorkerPages.home)
            response.setCookie(access.cookie(for: worker, request))
            return response
        }
    }

    /// What keeps a claim from letting anybody in, for the log.
    private static func lack(in claim: MailClaim?) -> String {
        guard let claim else { return "names no mail address" }
        return claim.isVerified == nil
            ? "does not say whether the mail address is verified: --oidc-trust-mail takes its word"
            : "says that the mail address is not verified"
    }

    /// What this browser began.
    ///
    /// - Parameter state: What the provider sent back.
    /// - Throws: ``OIDCError`` `.refused` where it began nothing, began something else, or began too long ago.
    private func attempt(_ request: Request, state: Substring) async throws -> SignInAttempt {
        let secret = try await access.store.secret(.signIn)
        guard let cookie = request.cookies[SignInAttempt.cookie]?.value,
            let attempt = SignInAttempt(cookie: cookie, secret: secret, at: access.clock.now()),
            KeyCheck.areEqual(Array(attempt.state.utf8), Array(state.utf8))
        else { throw OIDCError(.refused, "the answer is to no sign-in of this browser, or came after more than ten minutes") }
        return attempt
    }

    /// A page also where something failed: who signs in is a person with a browser.
    private func answered(_ context: ServiceContext, _ action: () async throws -> Response) async -> Response {
        do { return try await action() } catch let error as OIDCError {
            context.log.warning("sign-in failed", metadata: ["cause": "\(error)"])
            return (error.code == .refused ? SignInPage.refused(settings) : SignInPage.unavailable(settings)).response
        } catch {
            context.log.error("sign-in failed", metadata: ["cause": "\(error)"])
            return SignInPage.unavailable(settings).response
        }
    }

    /// Goes along when the provider's page leads back here, unlike a session's cookie, and opens nothing.
    private func cookie(_ value: String, seconds: Int) -> Cookie {
        Cookie(
            name: SignInAttempt.cookie, value: value, maxAge: seconds, path: Self.path, secure: settings.usesTLS, httpOnly: true,
            sameSite: .lax)
    }

    private static func redirect(to address: String) -> Response {
        Response(status: .seeOther, headers: [.location: address, .cacheControl: "no-store", .referrerPolicy: "no-referrer"])
    }
}
