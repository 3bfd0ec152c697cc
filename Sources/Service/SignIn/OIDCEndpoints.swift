import GroundTruth
import Transport

/// Where a provider is asked for what: its configuration (OpenID Connect Discovery 1.0, 3).
struct OIDCEndpoints: Sendable {
    let authorization: HTTPURL
    let token: HTTPURL
    let keys: HTTPURL
    let userInfo: HTTPURL?
    /// Whether the client's secret goes with the request as HTTP Basic, and not in the form.
    let takesBasic: Bool

    /// - Throws: ``OIDCError`` for what is no configuration, or that of another provider, or one that leads to plain http.
    init(parsing document: JSONValue, for settings: OIDCSettings) throws(OIDCError) {
        guard let issuer = document["issuer"]?.string, issuer.utf8.elementsEqual(settings.issuer.utf8) else {
            throw OIDCError(
                .unavailable,
                "\(settings.configurationURL) is of the issuer \(document["issuer"]?.excerpt ?? "without a name"), "
                    + "expected \(settings.issuer): set --oidc-issuer to the former if it is yours")
        }
        func endpoint(_ name: String) throws(OIDCError) -> HTTPURL? {
            guard let text = document.present(name)?.string else { return nil }
            guard let url = try? HTTPURL(parsing: text), settings.allows(url) else {
                throw OIDCError(.unavailable, "`\(name)` of \(settings.issuer) is no https address: \(text.prefix(200))")
            }
            return url
        }
        guard let authorization = try endpoint("authorization_endpoint"), let token = try endpoint("token_endpoint"),
            let keys = try endpoint("jwks_uri")
        else {
            throw OIDCError(
                .unavailable,
                "the configuration of \(settings.issuer) lacks authorization_endpoint, token_endpoint or jwks_uri")
        }
        (self.authorization, self.token, self.keys) = (authorization, token, keys)
        userInfo = try endpoint("userinfo_endpoint")
        let methods = document.present("token_endpoint_auth_methods_supported")?.array
        takesBasic = methods?.contains { $0.string == "client_secret_basic" } ?? true
    }
}
