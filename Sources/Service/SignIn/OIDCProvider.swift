import AWS
import FoundationEssentials
import GroundTruth
package import LabelingJobs
package import Transport

/// An OpenID provider as this service asks it: authorization code flow with PKCE (OpenID Connect Core 1.0, 3.1; RFC 7636).
///
/// Each exchange has a deadline and a bound; redirects are not followed.
package struct OIDCProvider: Sendable {
    private static let deadline: Duration = .seconds(10)
    private static let maximumBytes = 256 << 10

    let settings: OIDCSettings
    private let transport: any HTTPTransport
    private let clock: JobClock
    private let endpoints: KeptDocument<OIDCEndpoints>
    private let keys: KeptDocument<ProviderKeys>

    /// Nothing is fetched before somebody signs in: the service also starts while the provider is away.
    package init(settings: OIDCSettings, transport: any HTTPTransport, clock: JobClock = .system) {
        (self.settings, self.transport, self.clock) = (settings, transport, clock)
        let endpoints = KeptDocument(clock: clock) { () async throws(OIDCError) -> OIDCEndpoints in
            let request = OutgoingRequest("GET", settings.configurationURL)
            return try OIDCEndpoints(parsing: try await Self.document(request, transport), for: settings)
        }
        keys = KeptDocument(clock: clock) { () async throws(OIDCError) -> ProviderKeys in
            let request = OutgoingRequest("GET", try await endpoints.value().keys)
            return try ProviderKeys(parsing: try await Self.document(request, transport))
        }
        self.endpoints = endpoints
    }

    /// Where the browser goes to sign in.
    ///
    /// - Parameter asksWho: Whether the provider is to ask who it is, though somebody is signed in there.
    func authorizationURL(for attempt: SignInAttempt, asksWho: Bool) async throws(OIDCError) -> String {
        var fields = [
            ("client_id", settings.clientID), ("code_challenge", attempt.challenge), ("code_challenge_method", "S256"),
            ("nonce", attempt.nonce), ("redirect_uri", settings.redirectURI), ("response_type", "code"), ("scope", "openid email"),
            ("state", attempt.state),
        ]
        if asksWho { fields.append(("prompt", "select_account")) }
        var url = try await endpoints.value().authorization
        url.query = (url.query.map { "\($0)&" } ?? "") + Self.form(fields)
        return "\(url)"
    }

    /// Who signed in, by the code that the browser brought back.
    ///
    /// - Returns: The mail address that the provider names, in its token or when it is asked with it; `nil` where it names none.
    /// - Throws: ``OIDCError``.
    func mail(for code: String, _ attempt: SignInAttempt) async throws(OIDCError) -> MailClaim? {
        let answer = try await exchange(code, attempt)
        guard let text = answer["id_token"]?.string else {
            throw OIDCError(.unavailable, "the provider's answer to a code has no id_token")
        }
        let token = try SignedToken(parsing: text)
        try await keys.value { $0.canCheck(token) }.verify(token)
        let person = try IDToken(verifying: token.payload, for: settings, nonce: attempt.nonce, at: clock.now())
        if let mail = person.mail, mail.isVerified != nil { return mail }
        return try await userInfo(of: person, answer) ?? person.mail
    }

    // MARK: Exchanges

    private func exchange(_ code: String, _ attempt: SignInAttempt) async throws(OIDCError) -> JSONValue {
        let endpoints = try await endpoints.value()
        var fields = [
            ("code", code), ("code_verifier", attempt.verifier), ("grant_type", "authorization_code"),
            ("redirect_uri", settings.redirectURI),
        ]
        var headers: HTTPHeaders = ["Content-Type": "application/x-www-form-urlencoded"]
        if let secret = settings.clientSecret, endpoints.takesBasic {
            // RFC 6749, 2.3.1: both are encoded as in a form first.
            let pair = "\(PercentEncoding.encode(settings.clientID)):\(PercentEncoding.encode(secret.value))"
            headers["Authorization"] = "Basic \(Data(pair.utf8).base64EncodedString())"
        } else {
            fields.append(("client_id", settings.clientID))
            if let secret = settings.clientSecret { fields.append(("client_secret", secret.value)) }
        }
        return try await Self.document(
            OutgoingRequest("POST", endpoints.token, headers: headers, body: .bytes(Array(Self.form(fields).utf8))), transport)
    }

    /// The address that the provider keeps out of its token (OpenID Connect Core 1.0, 5.3).
    private func userInfo(of person: IDToken, _ answer: JSONValue) async throws(OIDCError) -> MailClaim? {
        guard let url = try await endpoints.value().userInfo, let token = answer["access_token"]?.string else { return nil }
        let claims = try await Self.document(
            OutgoingRequest("GET", url, headers: ["Authorization": "Bearer \(token)"]), transport)
        // 5.3.2: without this somebody else's claims could be put in.
        guard claims["sub"]?.string?.utf8.elementsEqual(person.subject.utf8) ?? false else {
            throw OIDCError(.refused, "the provider's user information is of somebody else than its token")
        }
        return MailClaim(claims)
    }

    private static func document(
        _ request: OutgoingRequest, _ transport: any HTTPTransport
    ) async throws(OIDCError) -> JSONValue {
        var request = request
        request.headers["Accept"] = "application/json"
        (request.deadline, request.usesProxy) = (deadline, !LocalNames.isLocal(request.url.authority))
        let status: Int
        let body: [UInt8]
        do throws(TransportError) {
            let response = try await transport.send(request)
            (status, body) = (response.status, try await response.body.collect(atMost: maximumBytes))
        } catch {
            throw OIDCError(.unavailable, "\(request.name): \(error)")
        }
        let document = try? JSONScanner.parse(body)
        guard status == 200 else {
            // RFC 6749, 5.2: a code that is not known, or was used, is the only error that who signs in can make.
            let error = document?["error"]?.string.map { String($0.prefix(64)) }
            throw OIDCError(
                error == "invalid_grant" ? .refused : .unavailable,
                "\(request.name) is answered with HTTP status \(status)\(error.map { ", \($0)" } ?? "")")
        }
        guard let document, document.object != nil else {
            throw OIDCError(.unavailable, "\(request.name): the answer is no JSON object")
        }
        return document
    }

    private static func form(_ fields: [(name: String, value: String)]) -> String {
        fields.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }
}
