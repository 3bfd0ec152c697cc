/// A request that labeling jobs cannot fulfil.
package struct JobError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case invalid, inUse = "in-use", limitExceeded = "limit-exceeded", notFound = "not-found", notAllowed = "not-allowed"
            case leaseEnded = "lease-ended", closed, functionFailed = "function-failed", storeTooNew = "store-too-new"
            case storeFailed = "store-failed", outputFailed = "output-failed", outputRefused = "output-refused"
            case wrongType = "wrong-type", messagingFailed = "messaging-failed"
        }
        private let value: Value
        /// A member of a request that the service model, or this service, does not take.
        package static let invalid = Self(value: .invalid)
        /// A member of a request that is not even of the kind that the service model says.
        package static let wrongType = Self(value: .wrongType)
        package static let inUse = Self(value: .inUse)
        package static let limitExceeded = Self(value: .limitExceeded)
        package static let notFound = Self(value: .notFound)
        package static let notAllowed = Self(value: .notAllowed)
        /// The worker does not hold the task, or no longer does.
        package static let leaseEnded = Self(value: .leaseEnded)
        /// The object takes no more answers.
        package static let closed = Self(value: .closed)
        package static let functionFailed = Self(value: .functionFailed)
        /// A newer version of this program made the store.
        package static let storeTooNew = Self(value: .storeTooNew)
        package static let storeFailed = Self(value: .storeFailed)
        package static let outputFailed = Self(value: .outputFailed)
        /// The outputs cannot be written where they should until somebody changes something.
        package static let outputRefused = Self(value: .outputRefused)
        /// A topic or queue is not reached, or refuses.
        package static let messagingFailed = Self(value: .messagingFailed)
        package var description: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    package init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    package var description: String { message }

    /// What the reason of an object begins with whose function could not be called, or failed (contracts section 5).
    static let functionFailure = "ClientError: Exception invoking the Lambda function"
}

extension JobError.Code {
    /// The code whose ``description`` this is; `nil` for other texts.
    package init?(_ text: String) {
        guard let value = Value(rawValue: text) else { return nil }
        self.init(value: value)
    }
}
