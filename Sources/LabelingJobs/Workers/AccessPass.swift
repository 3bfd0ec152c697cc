import AWS
import Crypto

/// What lets somebody in without a password: who it is, until when, and a signature with a secret of that person's own.
///
/// As text it is `HOLDER.EXPIRES.SIGNATURE`: EXPIRES in seconds since 1970-01-01 00:00 UTC, 0 for never; SIGNATURE is HMAC-SHA256 in
/// hexadecimal. A new secret ends all passes that the old one signed. A pass for one purpose is none for another.
package struct AccessPass: Sendable, CustomStringConvertible {
    package enum Purpose: String, Sendable {
        /// In a link, or sent as `Authorization: Bearer`.
        case link
        /// In the cookie that a browser gets for a link.
        case session
        /// In the cookie of a browser that is away to sign in with a provider.
        case signIn = "sign-in"
    }

    /// Whom it lets in: a worker's id, or ``publicTeam``.
    package let holder: String
    private let expires: Int64
    private let signature: [UInt8]

    /// The holder of the open link to the public team.
    package static let publicTeam = "public"

    /// - Parameter expires: `nil`: never.
    package init(_ holder: String, for purpose: Purpose, expires: Timestamp?, secret: [UInt8]) {
        let seconds = expires.map { $0.milliseconds / 1000 } ?? 0
        let code = HMAC<SHA256>.authenticationCode(
            for: Self.signed(holder, purpose, seconds), using: SymmetricKey(data: secret))
        (self.holder, self.expires, signature) = (holder, seconds, Array(code))
    }

    /// - Returns: `nil` for what is no pass. Whether it lets anybody in is up to ``isValid(for:secret:at:)``.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 3, text.utf8.count <= 256, let code = bytes(hexadecimal: parts[parts.count - 1]),
            let expires = Int64(parts[parts.count - 2]), expires >= 0
        else { return nil }
        holder = parts.dropLast(2).joined(separator: ".")
        (self.expires, signature) = (expires, code)
    }

    package func isValid(for purpose: Purpose, secret: [UInt8], at now: Timestamp) -> Bool {
        let isCurrent = expires == 0 || now.milliseconds < expires * 1000
        return isCurrent
            && HMAC<SHA256>.isValidAuthenticationCode(
                signature, authenticating: Self.signed(holder, purpose, expires), using: SymmetricKey(data: secret))
    }

    package var description: String { "\(holder).\(expires).\(hexadecimal(signature))" }

    private static func signed(_ holder: String, _ purpose: Purpose, _ expires: Int64) -> [UInt8] {
        Array("\(purpose.rawValue)\n\(holder)\n\(expires)".utf8)
    }
}

/// 32 bytes that nobody knows.
package func makeSecret() -> [UInt8] { randomBytes(32) }

/// From the system's generator, which is fit for secrets.
func randomBytes(_ count: Int) -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
}
