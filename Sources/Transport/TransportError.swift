/// An exchange that brought no complete response.
///
/// Messages name the URL without its query, which may hold a signature.
package struct TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case badRequest = "bad-request", unreachable, timedOut = "timed-out", untrusted, connectionLost = "connection-lost"
            case unreadableBody = "unreadable-body", tooLarge = "too-large", cancelled, failed
        }
        private let value: Value
        /// A URL or header that cannot be sent.
        package static let badRequest = Self(value: .badRequest)
        /// The host has no address, or nothing accepts connections there.
        package static let unreachable = Self(value: .unreachable)
        /// A deadline passed, or nothing moved for too long.
        package static let timedOut = Self(value: .timedOut)
        /// The server's certificate cannot be checked, or TLS failed otherwise.
        package static let untrusted = Self(value: .untrusted)
        /// The connection ended before the response did: no response, or a body cut short.
        package static let connectionLost = Self(value: .connectionLost)
        /// The request's body could not be read.
        package static let unreadableBody = Self(value: .unreadableBody)
        /// The response has more bytes than the caller allows.
        package static let tooLarge = Self(value: .tooLarge)
        /// The task was cancelled.
        package static let cancelled = Self(value: .cancelled)
        package static let failed = Self(value: .failed)
        package var description: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    package init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    package var description: String { message }
}
