/// Why a provider's word does not sign somebody in. The message is for the service's log; it holds no code, token or secret.
struct OIDCError: Error, Hashable, Sendable, CustomStringConvertible {
    enum Code: Sendable {
        /// The provider cannot be reached, or its answer cannot be used: trying again may help, or the settings are wrong.
        case unavailable
        /// What was shown proves nothing: a code that the provider does not know, a token that is not for this sign-in.
        case refused
    }

    let code: Code
    let message: String
    init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    var description: String { message }
}
