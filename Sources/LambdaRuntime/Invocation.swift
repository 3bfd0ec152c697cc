/// One call of the function, as the Runtime API hands it over (contracts section 19).
package struct Invocation: Sendable {
    package let requestID: String
    /// When Lambda ends the call, in milliseconds since 1970.
    package let deadlineMilliseconds: Int64
    package let functionARN: String
    package let traceID: String?
    package let event: [UInt8]
}

/// How a call ended.
package enum InvocationResult: Sendable {
    case response([UInt8])
    case failure(InvocationFailure)
}

/// A call, or a start, that failed.
package struct InvocationFailure: Sendable, Hashable {
    /// `Function.Xxx` or `Runtime.Xxx`.
    package let type: String
    /// `{"errorMessage":…,"errorType":…,"stackTrace":[]}`.
    package let document: [UInt8]

    package init(type: String, document: [UInt8]) { (self.type, self.document) = (type, document) }
}
