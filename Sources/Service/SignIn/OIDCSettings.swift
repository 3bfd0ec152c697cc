import AWS
package import Transport

/// The OpenID provider that workers sign in with, and how the service is registered there.
package struct OIDCSettings: Sendable {
    /// As the provider spells itself: its tokens have to repeat it byte for byte.
    let issuer: String
    let clientID: String
    /// `nil` for a public client, which PKCE alone ties to its codes.
    let clientSecret: Secret?
    /// Whether a mail address counts of which the provider does not say whether it is verified. One of which it says no never does.
    let trustsMail: Bool
    /// Where the provider's configuration lies (OpenID Connect Discovery 1.0, 4).
    let configurationURL: HTTPURL
    private let origin: HTTPURL

    /// - Parameters:
    ///   - origin: Where browsers reach the service; a path in it does not count.
    /// - Throws: ``ConfigurationError`` for what a provider could not be asked with, or safely be asked with.
    package init(
        issuer: String, clientID: String, clientSecret: String?, trustsMail: Bool = false, origin: HTTPURL
    ) throws(ConfigurationError) {
        let url: HTTPURL
        do { url = try HTTPURL(parsing: issuer) } catch { throw ConfigurationError("--oidc-issuer \(error.message)") }
        guard url.query == nil, !issuer.contains("#") else {
            throw ConfigurationError("--oidc-issuer \(issuer): an issuer has neither `?` nor `#`")
        }
        guard Self.isSafe(url) else {
            throw ConfigurationError("--oidc-issuer \(issuer): expected https://… (http:// on this machine only)")
        }
        guard Self.isSafe(origin) else {
            throw ConfigurationError(
                "workers who sign in with \(url.authority) come back to \(origin.redacted): expected https://… as --public-url "
                    + "(http:// on this machine only)")
        }
        guard (1...255).contains(clientID.utf8.count), clientID.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw ConfigurationError("--oidc-client-id: expected 1 to 255 printable characters")
        }
        if let clientSecret, !clientSecret.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            throw ConfigurationError("PRELABEL_OIDC_CLIENT_SECRET has a character that is not printable ASCII")
        }
        (self.issuer, self.clientID, self.trustsMail, self.origin) = (issuer, clientID, trustsMail, origin)
        self.clientSecret = clientSecret.map { Secret($0) }
        let path = url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path
        configurationURL = HTTPURL(
            scheme: url.scheme, authority: url.authority, path: "\(path)/.well-known/openid-configuration")
    }

    /// The provider's name on buttons and pages.
    var host: String { configurationURL.authority }

    /// Where a sign-in begins, in full: the cookie that it sets is to be there when the provider sends the browser back.
    var startURL: String { "\(origin.scheme)://\(origin.authority)\(OIDCRoutes.path)" }

    /// Where the provider sends the browser back to; it has to be registered there.
    package var redirectURI: String { "\(origin.scheme)://\(origin.authority)\(OIDCRoutes.callbackPath)" }

    /// Whether browsers send cookies to the service over TLS only.
    var usesTLS: Bool { origin.scheme == .https }

    /// Whether what the provider names may be asked: over https, or on this machine where the provider itself is there without it.
    func allows(_ url: HTTPURL) -> Bool {
        url.scheme == .https || configurationURL.scheme == .http && LocalNames.isLocal(url.authority)
    }

    private static func isSafe(_ url: HTTPURL) -> Bool { url.scheme == .https || LocalNames.isLocal(url.authority) }
}
