/// A call of a function that has no answer, as opposed to an object that has none.
package struct FunctionError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case badEvent = "bad-event", unreadableText = "unreadable-text", textNotUTF8 = "text-not-utf8", textChanged =
                "text-changed"
            case taskInputTooLarge = "task-input-too-large", unreadablePayload = "unreadable-payload", badPayload = "bad-payload"
            case unreadableManifest = "unreadable-manifest", responseTooLarge = "response-too-large", notAllowed = "not-allowed",
                unavailable = "unavailable"
        }
        private let value: Value
        package static let badEvent = Self(value: .badEvent)
        package static let unreadableText = Self(value: .unreadableText)
        package static let textNotUTF8 = Self(value: .textNotUTF8)
        /// The text object is not the one whose SHA-256 the manifest line pins.
        package static let textChanged = Self(value: .textChanged)
        package static let taskInputTooLarge = Self(value: .taskInputTooLarge)
        package static let unreadablePayload = Self(value: .unreadablePayload)
        package static let badPayload = Self(value: .badPayload)
        package static let responseTooLarge = Self(value: .responseTooLarge)
        /// The event's role may not be assumed, or may not do what is needed.
        package static let notAllowed = Self(value: .notAllowed)
        /// A store or service failed; another call may go well.
        package static let unavailable = Self(value: .unavailable)
        package static let unreadableManifest = Self(value: .unreadableManifest)
        package var description: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    package init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    package var description: String { "\(code): \(message)" }
}
