package import FoundationEssentials

/// What requests are signed with.
package struct AWSCredentials: Hashable, Sendable {
    package let accessKeyID: String
    package let secretAccessKey: Secret
    package let sessionToken: Secret?
    /// `nil`: they last.
    package let expiration: Date?

    package init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil, expiration: Date? = nil) {
        (self.accessKeyID, self.secretAccessKey) = (accessKeyID, secretAccessKey)
        (self.sessionToken, self.expiration) = (sessionToken, expiration)
    }

    /// The key id without its middle: enough to tell two keys apart, too little to use.
    package var redactedKeyID: String {
        accessKeyID.utf8.count < 12 ? "****" : "\(accessKeyID.prefix(4))****\(accessKeyID.suffix(4))"
    }
}

extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { redactedKeyID }
    package var debugDescription: String { redactedKeyID }
    package var customMirror: Mirror { Mirror(self, children: ["accessKeyID": redactedKeyID]) }
}
