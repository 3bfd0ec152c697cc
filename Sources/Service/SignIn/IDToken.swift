import GroundTruth
import LabelingJobs

/// What a provider says of somebody who signed in there.
struct IDToken: Sendable {
    /// How far the provider's clock and this one's may be apart.
    private static let leewaySeconds = 60.0

    /// The provider's own name of the person.
    let subject: String
    let mail: MailClaim?

    /// The claims of a token whose signature is proved (OpenID Connect Core 1.0, 3.1.3.7).
    ///
    /// - Parameter nonce: What the sign-in was begun with.
    /// - Throws: ``OIDCError`` `.refused` for a token of another issuer, for another client, another sign-in or another time.
    init(verifying claims: JSONValue, for settings: OIDCSettings, nonce: String, at now: Timestamp) throws(OIDCError) {
        func check(_ isRight: Bool, _ problem: @autoclosure () -> String) throws(OIDCError) {
            guard isRight else { throw OIDCError(.refused, "the token \(problem())") }
        }
        func isSame(_ claim: JSONValue?, _ expected: String) -> Bool { claim?.string?.utf8.elementsEqual(expected.utf8) ?? false }

        try check(isSame(claims["iss"], settings.issuer), "is of the issuer \(claims["iss"]?.excerpt ?? "without a name")")
        let audience = claims["aud"]?.array ?? claims["aud"].map { [$0] } ?? []
        try check(audience.contains { isSame($0, settings.clientID) }, "is for another client")
        // A token for several clients says to which of them it was given.
        let party = claims.present("azp")
        try check(party.map { isSame($0, settings.clientID) } ?? (audience.count == 1), "was given to another client")

        let seconds = now.epochSeconds
        guard let expires = claims["exp"]?.double, let issued = claims["iat"]?.double else {
            throw OIDCError(.refused, "the token has no time: `exp` and `iat`")
        }
        try check(seconds < expires + Self.leewaySeconds, "ended at \(expires), and it is \(seconds)")
        try check(issued <= seconds + Self.leewaySeconds, "is of the future, of \(issued), and it is \(seconds)")
        try check(
            seconds - issued <= Double(SignInAttempt.lifetimeSeconds) + Self.leewaySeconds,
            "is of \(issued), before this sign-in: it is \(seconds)")
        if let begins = claims.present("nbf") {
            try check(begins.double.map { $0 <= seconds + Self.leewaySeconds } ?? false, "is not valid yet")
        }
        try check(isSame(claims["nonce"], nonce), "is of another sign-in: its nonce is not the one that was asked for")
        guard let subject = claims["sub"]?.string, (1...255).contains(subject.utf8.count) else {
            throw OIDCError(.refused, "the token names nobody: `sub`")
        }
        self.subject = subject
        mail = MailClaim(claims)
    }
}

/// A mail address in a provider's claims (OpenID Connect Core 1.0, 5.1).
struct MailClaim: Sendable {
    let address: String
    /// Whether the provider made sure that the address is the person's; `nil` where it does not say.
    let isVerified: Bool?

    /// - Returns: `nil` where the claims hold no address.
    init?(_ claims: JSONValue) {
        guard let address = claims.present("email")?.string else { return nil }
        self.address = address
        let verified = claims.present("email_verified")
        // Some providers write the boolean as a string. What is neither says no.
        isVerified = verified.map { $0.bool ?? ($0.string == "true") }
    }
}
