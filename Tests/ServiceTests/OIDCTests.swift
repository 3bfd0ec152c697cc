import GroundTruth
import HTTPTypes
import LabelingJobs
import Storage
import SystemPackage
import Testing
import Transport

@testable import Service

@Suite(.timeLimit(.minutes(1)))
struct OIDCTests {
    /// A service with a team of Ada alone, and a provider to sign in with.
    private final class Desk: Sendable {
        let time = TestClock()
        let provider: FakeProvider
        let harness: Harness
        let store: JobStore
        let worker: Worker

        init(trustsMail: Bool = false, secret: String? = FakeProvider.secret) async throws {
            let provider = try FakeProvider(clock: time.clock)
            let (clock, made) = (time.clock, Made())
            harness = try Harness(
                clock: clock,
                portal: { objects, folder in
                    let engine = try JobEngine.forTests(in: folder, objects, clock: clock)
                    made.store = engine.store
                    let settings = try FakeProvider.settings(trustsMail: trustsMail, secret: secret)
                    return Portal(
                        engine: engine, keys: [], links: ReadLinks(store: objects, secret: makeSecret()),
                        provider: OIDCProvider(settings: settings, transport: provider, clock: clock))
                })
            self.provider = provider
            store = try #require(made.store)
            _ = try await store.makeTeam(
                "readers", account: JobEngine.Account(region: "us-west-2", id: "111122223333"), at: clock.now())
            worker = try #require(
                try await store.addMembers(["ada@example.org"], to: "readers", region: "us-west-2", at: clock.now()).first)
        }

        private final class Made { var store: JobStore? }

        /// Where the provider's page is, and the cookie that the browser has by then.
        func begin() async throws -> (location: String, cookie: String) {
            let reply = try await harness.send(.get, "/portal/oidc")
            let cookie = try #require(reply.headers[.setCookie])
            return (try #require(reply.headers[.location]), String(cookie.prefix { $0 != ";" }))
        }

        /// What the way back is answered with.
        func end(_ query: String, cookie: String?) async throws -> Harness.Reply {
            try await harness.send(.get, "/portal/oidc/callback?\(query)", headers: cookie.map { ["Cookie": $0] } ?? [:])
        }

        func signIn() async throws -> Harness.Reply {
            let (location, cookie) = try await begin()
            return try await end(provider.answer(to: location), cookie: cookie)
        }
    }

    private static func session(_ reply: Harness.Reply) -> String? {
        reply.headers[values: .setCookie].first { $0.hasPrefix("prelabel-worker=") }
    }

    // MARK: Signing in

    @Test(arguments: [FakeProvider.Signer.es256, .rs256])
    func aVerifiedMailOfATeamMemberOpensTheSameSessionAsALink(signer: FakeProvider.Signer) async throws {
        let desk = try await Desk()
        desk.provider.set { $0.signer = signer }
        let reply = try await desk.signIn()
        #expect(reply.status == 303 && reply.headers[.location] == "/portal/")
        let cookie = try #require(Self.session(reply))
        for word in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] { #expect(cookie.contains(word)) }
        #expect(reply.headers[values: .setCookie].contains { $0.hasPrefix("prelabel-sign-in=none;") && $0.contains("Max-Age=0") })
        let jobs = try await desk.harness.send(.get, "/tasks/jobs", headers: ["Cookie": String(cookie.prefix { $0 != ";" })])
        #expect(jobs.json?["worker"]?.string == desk.worker.id)
    }

    @Test func theProviderIsAskedWithStateNonceAndAChallenge() async throws {
        let desk = try await Desk()
        let reply = try await desk.harness.send(.get, "/portal/oidc")
        let location = try #require(reply.headers[.location])
        #expect(reply.status == 303 && location.hasPrefix("https://id.example.org/authorize?tenant=a&"))
        let fields = FakeProvider.fields(String(location.drop { $0 != "?" }.dropFirst()))
        #expect(fields["redirect_uri"] == "http://localhost/portal/oidc/callback" && fields["client_id"] == FakeProvider.client)
        #expect(fields["response_type"] == "code" && fields["scope"] == "openid email" && fields["prompt"] == nil)
        for name in ["state", "nonce", "code_challenge"] { #expect(fields[name]?.count == 43) }
        let cookie = try #require(reply.headers[.setCookie])
        for word in ["HttpOnly", "SameSite=Lax", "Path=/portal/oidc", "Max-Age=600"] { #expect(cookie.contains(word)) }
        for name in ["state", "nonce"] { #expect(!cookie.contains(fields[name] ?? "?")) }
        let other = try await desk.harness.send(.get, "/portal/oidc/other").headers[.location]
        #expect(other?.contains("&prompt=select_account") == true)
        #expect(FakeProvider.fields(other ?? "")["state"] != fields["state"])
    }

    @Test func aStrangerGetsAPageAndNoAccount() async throws {
        let desk = try await Desk()
        desk.provider.set { $0.claims["email"] = "eve+<b>@example.org" }
        let reply = try await desk.signIn()
        #expect(reply.status == 403 && Self.session(reply) == nil)
        #expect(reply.text.contains("eve+&lt;b&gt;@example.org") && reply.text.contains("owner of the labeling jobs"))
        #expect(reply.headers[.contentSecurityPolicy]?.contains("script-src 'self'") == true)
        #expect(try await desk.store.members(of: "readers").count == 1)
        #expect(try await desk.store.teamMember(mail: "eve+<b>@example.org") == nil)
    }

    @Test func whoLeftAllTeamsIsAStranger() async throws {
        let desk = try await Desk()
        try await desk.store.removeMembers(["ada@example.org"], from: "readers")
        #expect(try await desk.signIn().status == 403)
    }

    /// U+212A, the Kelvin sign, becomes a k where letters are made small.
    @Test func lettersThatOnlyLookTheSameAreSomebodyElse() async throws {
        let desk = try await Desk()
        _ = try await desk.store.addMembers(["kim@example.org"], to: "readers", region: "us-west-2", at: desk.time.clock.now())
        desk.provider.set { $0.claims["email"] = "\u{212A}im@example.org" }
        #expect(try await desk.signIn().status == 403)
        desk.provider.set { $0.claims["email"] = "KIM@example.org" }
        #expect(try await desk.signIn().status == 303)
    }

    private static let verifications: [(claim: JSONOutput, trustsMail: Bool, status: Int)] = [
        (true, false, 303), ("true", false, 303), (false, true, 403), ("yes", true, 403), (.null, false, 403), (.null, true, 303),
    ]

    @Test(arguments: verifications)
    func onlyAVerifiedMailCounts(claim: JSONOutput, trustsMail: Bool, status: Int) async throws {
        let desk = try await Desk(trustsMail: trustsMail)
        desk.provider.set { state in
            state.claims["email_verified"] = claim
            state.userInfo = ["sub": "248289761001"]
        }
        #expect(try await desk.signIn().status == status)
    }

    @Test(arguments: [("248289761001", 303), ("another", 401)])
    func aMailThatIsNotInTheTokenIsAskedFor(subject: String, status: Int) async throws {
        let desk = try await Desk()
        desk.provider.set { state in
            state.claims["email"] = .null
            state.userInfo = ["email": "ada@example.org", "email_verified": true, "sub": .string(subject)]
        }
        #expect(try await desk.signIn().status == status)
        #expect(desk.provider.count("/me") == 1)
    }

    // MARK: What does not count

    @Test func theAnswerHasToBelongToASignInOfThisBrowser() async throws {
        let desk = try await Desk()
        let (location, cookie) = try await desk.begin()
        let answer = desk.provider.answer(to: location)
        let (_, otherCookie) = try await desk.begin()
        let forged = "prelabel-sign-in=\(String(repeating: "0", count: 64)).0.\(String(repeating: "0", count: 64))"
        let attempts: [(query: String, cookie: String?)] = [
            (answer, nil), (answer, otherCookie), (answer, forged), ("\(answer)x", cookie), ("code=the-code", cookie),
            ("state=&code=a", cookie), ("\(answer)&iss=https%3A%2F%2Fevil.example", cookie),
        ]
        for (query, cookie) in attempts {
            let reply = try await desk.end(query, cookie: cookie)
            #expect(reply.status == 401 && Self.session(reply) == nil, "\(query)")
        }
        #expect(desk.provider.count("/token") == 0)
        desk.time.advance(seconds: SignInAttempt.lifetimeSeconds)
        #expect(try await desk.end(answer, cookie: cookie).status == 401)
    }

    @Test func whoComesBackInVainTooOftenWaits() async throws {
        let desk = try await Desk()
        // Pages of others can send a browser here, but not with the cookie of a sign-in.
        for _ in 0..<31 { #expect(try await desk.end("state=a&code=b", cookie: nil).status == 401) }
        for _ in 0..<30 { #expect(try await desk.end("state=a&code=b", cookie: "prelabel-sign-in=wrong").status == 401) }
        let reply = try await desk.end("state=a&code=b", cookie: "prelabel-sign-in=wrong")
        #expect(reply.status == 429 && reply.headers[.retryAfter] == "60")
        #expect(reply.headers[.contentType] == "text/html; charset=utf-8" && reply.text.contains("Try again in 60 seconds."))
        desk.time.advance(seconds: 60)
        #expect(try await desk.signIn().status == 303)
    }

    @Test func aSessionOrALinkIsNoSignInCookie() async throws {
        let desk = try await Desk()
        let secret = try await desk.store.secret(.signIn)
        let expires = desk.time.clock.now().adding(seconds: 60)
        for purpose in [AccessPass.Purpose.link, .session] {
            let pass = AccessPass("abc", for: purpose, expires: expires, secret: secret)
            #expect(SignInAttempt(cookie: "\(pass)", secret: secret, at: desk.time.clock.now()) == nil)
        }
    }

    @Test func whoDeclinesThereReadsSo() async throws {
        let desk = try await Desk()
        let (location, cookie) = try await desk.begin()
        let state = FakeProvider.fields(String(location.drop { $0 != "?" }.dropFirst()))["state"] ?? ""
        let reply = try await desk.end("error=access_denied%3Cb%3E&state=\(state)", cookie: cookie)
        #expect(reply.status == 401 && reply.text.contains("access_denied&lt;b&gt;"))
    }

    @Test(arguments: [FakeProvider.Signer.hs256, .none, .otherKey, .brokenSignature])
    func aTokenThatTheProviderDidNotSignIsRefused(signer: FakeProvider.Signer) async throws {
        let desk = try await Desk()
        desk.provider.set { $0.signer = signer }
        let reply = try await desk.signIn()
        #expect(reply.status == 401 && Self.session(reply) == nil)
    }

    private static let now = 1_700_000_000

    private static let foreignClaims: [[String: JSONOutput]] = [
        ["iss": "https://other.example"], ["iss": .null], ["aud": "other"], ["aud": ["other", "third"]], ["aud": .null],
        ["aud": ["prelabel-test", "other"]], ["aud": ["prelabel-test", "other"], "azp": "other"], ["azp": "other"],
        ["nonce": "other"], ["nonce": .null], ["exp": .int(now - 60)], ["exp": .null], ["exp": "4000000000"],
        ["iat": .int(now + 61)], ["iat": .int(now - 661)], ["iat": .null], ["nbf": .int(now + 61)], ["sub": ""], ["sub": .null],
        ["sub": .string(String(repeating: "s", count: 256))],
    ]

    @Test(arguments: foreignClaims)
    func aTokenForSomethingElseIsRefused(claims: [String: JSONOutput]) async throws {
        let desk = try await Desk()
        desk.provider.set { $0.claims = claims }
        let reply = try await desk.signIn()
        #expect(reply.status == 401 && Self.session(reply) == nil)
    }

    private static let fittingClaims: [[String: JSONOutput]] = [
        ["aud": ["prelabel-test", "other"], "azp": "prelabel-test"], ["aud": ["prelabel-test"]], ["exp": .int(now - 59)],
        ["iat": .int(now + 60), "nbf": .int(now + 60)], ["exp": .raw(Array("1700000100.5".utf8)[...])],
    ]

    @Test(arguments: fittingClaims)
    func whatASmallDifferenceOfClocksExplainsIsTaken(claims: [String: JSONOutput]) async throws {
        let desk = try await Desk()
        desk.provider.set { $0.claims = claims }
        #expect(try await desk.signIn().status == 303)
    }

    private static let headers: [(header: [String: JSONOutput], status: Int)] = [
        (["kid": "unknown"], 401), (["kid": "rsa"], 401), (["kid": .null], 303), (["crit": ["exp"]], 401), (["alg": "ES512"], 401),
        (["alg": "RS256"], 401),
    ]

    @Test(arguments: headers)
    func theHeaderNamesAKeyAndAnAlgorithmThatAreThere(header: [String: JSONOutput], status: Int) async throws {
        let desk = try await Desk()
        desk.provider.set { $0.header = header }
        #expect(try await desk.signIn().status == status)
    }

    @Test(arguments: ["", "a.b", "a.b.c.d", "e30.e30.", "e30=.e30.AA", "bnVsbA.e30.AA", String(repeating: "a", count: 33_000)])
    func whatIsNoTokenIsRefused(text: String) {
        let error = #expect(throws: OIDCError.self) { try SignedToken(parsing: text) }
        #expect(error?.code == .refused)
    }

    // MARK: The provider

    @Test func keysAreFetchedAgainForAnUnknownOneButNotWithoutEnd() async throws {
        let desk = try await Desk()
        desk.provider.set { $0.publishesKeys = false }
        for _ in 0..<5 { #expect(try await desk.signIn().status == 401) }
        #expect(desk.provider.count("/keys") == 1)
        desk.time.advance(seconds: 10)
        desk.provider.set { $0.publishesKeys = true }
        for _ in 0..<5 { #expect(try await desk.signIn().status == 303) }
        #expect(desk.provider.count("/keys") == 2)
        #expect(desk.provider.count("/.well-known/openid-configuration") == 1)
        desk.time.advance(seconds: 3600)
        #expect(try await desk.signIn().status == 303)
        #expect(desk.provider.count("/keys") == 3)
    }

    @Test func aProviderThatIsAwayIsSaidSoAndAskedAgainLater() async throws {
        let desk = try await Desk()
        desk.provider.set { $0.isDown = true }
        for _ in 0..<3 {
            let reply = try await desk.harness.send(.get, "/portal/oidc")
            #expect(reply.status == 502 && reply.text.contains("Try again") && reply.headers[.setCookie] == nil)
        }
        #expect(desk.provider.count("/.well-known/openid-configuration") == 1)
        desk.provider.set { $0.isDown = false }
        desk.time.advance(seconds: 10)
        #expect(try await desk.signIn().status == 303)
    }

    @Test func whatAProviderPublishedStaysGoodForADayWhileItIsAway() async throws {
        let desk = try await Desk()
        #expect(try await desk.signIn().status == 303)
        desk.provider.set { $0.isDown = true }
        desk.time.advance(seconds: 86_399)
        #expect(try await desk.harness.send(.get, "/portal/oidc").status == 303)
        desk.time.advance(seconds: 1)
        #expect(try await desk.harness.send(.get, "/portal/oidc").status == 502)
    }

    private static let configurations: [[String: JSONOutput]] = [
        ["issuer": "https://id.example.org/"], ["issuer": .null], ["token_endpoint": "http://id.example.org/token"],
        ["filler": .string(String(repeating: "x", count: 300_000))], ["jwks_uri": "http://127.0.0.1/keys"],
        ["authorization_endpoint": "javascript:alert(1)"], ["token_endpoint": .null],
    ]

    @Test(arguments: configurations)
    func aConfigurationThatIsNotTheIssuersIsNotUsed(change: [String: JSONOutput]) async throws {
        let desk = try await Desk()
        desk.provider.set { $0.configuration = change }
        #expect(try await desk.harness.send(.get, "/portal/oidc").status == 502)
    }

    @Test func aSecretGoesAsTheProviderAsksForAndAPublicClientHasNone() async throws {
        let desk = try await Desk()
        desk.provider.set { state in
            state.authentication = .form
            state.configuration["token_endpoint_auth_methods_supported"] = ["private_key_jwt", "client_secret_post"]
        }
        #expect(try await desk.signIn().status == 303)
        let publicDesk = try await Desk(secret: nil)
        publicDesk.provider.set { $0.authentication = .unneeded }
        #expect(try await publicDesk.signIn().status == 303)
        // What the provider does not take is the settings' fault, and counts for nobody.
        desk.provider.set { $0.authentication = .basic }
        #expect(try await desk.signIn().status == 502)
    }

    @Test(arguments: [
        ("http://id.example.org", "https://labels.example.org"), ("id.example.org", "https://labels.example.org"),
        ("https://id.example.org?a", "https://labels.example.org"), ("https://id.example.org#a", "https://labels.example.org"),
        ("https://id.example.org", "http://labels.example.org"),
    ])
    func settingsThatWouldSendSecretsInTheOpenAreRefused(issuer: String, origin: String) throws {
        let origin = try HTTPURL(parsing: origin)
        #expect(throws: ConfigurationError.self) {
            try OIDCSettings(issuer: issuer, clientID: "a", clientSecret: nil, origin: origin)
        }
    }

    @Test func onThisMachineNothingNeedsTLS() throws {
        let settings = try OIDCSettings(
            issuer: "http://127.0.0.1:9400/realm/", clientID: "a", clientSecret: nil,
            origin: HTTPURL(parsing: "http://127.0.0.1:8080"))
        #expect("\(settings.configurationURL)" == "http://127.0.0.1:9400/realm/.well-known/openid-configuration")
        #expect(settings.redirectURI == "http://127.0.0.1:8080/portal/oidc/callback" && settings.host == "127.0.0.1:9400")
    }

    @Test func thePublicURLIsWhatBrowsersAndClientsAreTold() throws {
        let configuration = try ServiceConfiguration(
            host: "0.0.0.0", port: 0, apiKeys: ["0123456789abcdef"], publicURL: "https://labels.example.org/")
        #expect(configuration.portalAddress == "labels.example.org/portal")
        let origin = try #require(configuration.origin)
        let settings = try OIDCSettings(issuer: FakeProvider.issuer, clientID: "a", clientSecret: nil, origin: origin)
        #expect(settings.redirectURI == "https://labels.example.org/portal/oidc/callback" && settings.usesTLS)
    }

    // MARK: Pages

    @Test func thePortalOffersTheProviderWithAndWithoutScripts() async throws {
        let desk = try await Desk()
        let page = try await desk.harness.send(.get, "/portal").text
        #expect(page.contains(#"data-sign-in="http://localhost/portal/oidc" data-sign-in-host="id.example.org""#))
        #expect(
            page.contains(
                #"<noscript><p><a class="button primary" href="http://localhost/portal/oidc">Sign in with id.example.org</a>"#))
    }
}
