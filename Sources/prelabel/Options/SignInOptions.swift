import ArgumentParser
import Service

/// How workers sign in beside their links.
struct SignInOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where browsers reach the service, such as https://labels.example.org (default: host and port). Also PRELABEL_PUBLIC_URL.",
            valueName: "url"))
    var publicURL: String?
    @Option(
        help: ArgumentHelp(
            "The OpenID provider that workers can sign in with, as it spells itself. Also PRELABEL_OIDC_ISSUER.", valueName: "url"))
    var oidcIssuer: String?
    @Option(
        help: ArgumentHelp(
            "What this service is called there. Its secret is in PRELABEL_OIDC_CLIENT_SECRET. Also PRELABEL_OIDC_CLIENT_ID.",
            valueName: "id"))
    var oidcClientID: String?
    @Flag(
        help: """
            Take mail addresses of which the provider does not say whether they are verified: right where only an administrator gives them \
            out. Also PRELABEL_OIDC_TRUST_MAIL=1.
            """)
    var oidcTrustMail = false

    var address: String? { publicURL ?? Settings.string("PUBLIC_URL") }

    /// The provider; `nil` where none is named.
    ///
    /// - Parameter hasJobs: Whether there are teams to sign in to.
    /// - Throws: ``ConfigurationError``, ``CommandFailure`` with 78.
    func provider(_ configuration: ServiceConfiguration, hasJobs: Bool) throws -> OIDCProvider? {
        let (issuer, clientID) = (oidcIssuer ?? Settings.string("OIDC_ISSUER"), oidcClientID ?? Settings.string("OIDC_CLIENT_ID"))
        guard let issuer, let clientID else {
            guard issuer == nil, clientID == nil else {
                throw ConfigurationError(
                    "--oidc-issuer and --oidc-client-id go together: \(issuer == nil ? "the former" : "the latter") is missing")
            }
            return nil
        }
        guard hasJobs else { throw ConfigurationError("--oidc-issuer: there are no teams to sign in to without --data or --jobs") }
        guard let origin = configuration.origin else {
            throw ConfigurationError("--oidc-issuer needs --public-url: host and port do not tell where workers come back to")
        }
        let settings = try OIDCSettings(
            issuer: issuer, clientID: clientID, clientSecret: Settings.string("OIDC_CLIENT_SECRET"),
            trustsMail: try oidcTrustMail ? true : Settings.flag("OIDC_TRUST_MAIL") ?? false, origin: origin)
        return OIDCProvider(settings: settings, transport: Streams.transport)
    }
}
