import AWS
import Crypto
import LabelingJobs

/// One sign-in between its beginning and the provider's answer. The browser keeps it, as a cookie: a random name, signed.
///
/// What ties the answer to the beginning is derived from the name with a secret of the service, so that nobody learns it from the cookie.
struct SignInAttempt: Sendable {
    static let cookie = "prelabel-sign-in"
    static let lifetimeSeconds = 600

    /// The cookie's value.
    let pass: AccessPass
    /// Comes back with the answer, and proves that this browser began (RFC 6749, 10.12).
    let state: String
    /// Comes back in the token, and proves that it was made for this sign-in.
    let nonce: String
    /// Goes with the code, and proves that who has the code also began (RFC 7636, 4.1).
    let verifier: String

    /// A new one.
    init(secret: [UInt8], at now: Timestamp) {
        let expires = now.adding(seconds: Self.lifetimeSeconds)
        self.init(AccessPass(hexadecimal(makeSecret()), for: .signIn, expires: expires, secret: secret), secret)
    }

    /// - Returns: `nil` for a cookie that is not from here, or too old.
    init?(cookie: String, secret: [UInt8], at now: Timestamp) {
        guard let pass = AccessPass(cookie), pass.isValid(for: .signIn, secret: secret, at: now) else { return nil }
        self.init(pass, secret)
    }

    private init(_ pass: AccessPass, _ secret: [UInt8]) {
        func derived(_ purpose: String) -> String {
            Base64URL.encode(
                HMAC<SHA256>.authenticationCode(for: Array("\(purpose)\n\(pass)".utf8), using: SymmetricKey(data: secret)))
        }
        self.pass = pass
        (state, nonce, verifier) = (derived("state"), derived("nonce"), derived("verifier"))
    }

    /// What the provider is told of the verifier (RFC 7636, 4.2, S256).
    var challenge: String { Base64URL.encode(SHA256.hash(data: Array(verifier.utf8))) }
}
