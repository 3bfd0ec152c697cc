/// A call of AWS that failed: with AWS's own code, or before AWS was asked.
package struct AWSError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
        package var description: String { rawValue }

        // AWS's codes.
        package static let noSuchKey = Self(rawValue: "NoSuchKey")
        package static let noSuchBucket = Self(rawValue: "NoSuchBucket")
        package static let accessDenied = Self(rawValue: "AccessDenied")
        /// Too many requests at a time.
        package static let slowDown = Self(rawValue: "SlowDown")
        /// The object is archived.
        package static let invalidObjectState = Self(rawValue: "InvalidObjectState")
        package static let preconditionFailed = Self(rawValue: "PreconditionFailed")
        /// The bucket lies in another region.
        package static let permanentRedirect = Self(rawValue: "PermanentRedirect")
        package static let expiredToken = Self(rawValue: "ExpiredToken")

        // Ours.
        /// A profile, endpoint or other setting that cannot be used.
        package static let badSetting = Self(rawValue: "bad-setting")
        package static let noCredentials = Self(rawValue: "no-credentials")
        /// Nothing answered, or not in time.
        package static let unreachable = Self(rawValue: "unreachable")
        package static let cancelled = Self(rawValue: "cancelled")
        /// An answer that is not in the form it must have.
        package static let badResponse = Self(rawValue: "bad-response")
        package static let tooLarge = Self(rawValue: "too-large")
        /// The request's body could not be read.
        package static let unreadableBody = Self(rawValue: "unreadable-body")
    }

    package let code: Code
    package let message: String
    /// The HTTP status, when there was a response.
    package let status: Int?
    /// The region that S3 names as the bucket's.
    var bucketRegion: String?
    /// Where S3 sends the caller instead.
    var location: String?

    package init(_ code: Code, _ message: String, status: Int? = nil) {
        (self.code, self.message, self.status) = (code, message, status)
    }

    package var description: String { message }

    /// Whether whoever asked is not known or may not ask: as opposed to a fault of the call or of AWS.
    package var isAboutCredentials: Bool {
        let codes: Set<String> = [
            "no-credentials", "ExpiredToken", "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidClientTokenId", "InvalidToken",
            "ExpiredTokenException", "RequestTimeTooSkewed", "InvalidIdentityToken", "UnrecognizedClientException",
        ]
        return codes.contains(code.rawValue)
    }

    /// Whether the same call may succeed a little later.
    package var isTransient: Bool {
        let codes: Set<String> = [
            "SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "Throttling", "ThrottlingException",
            "RequestLimitExceeded", "BandwidthLimitExceeded", "IDPCommunicationError", "unreachable",
        ]
        return codes.contains(code.rawValue) || status.map { [429, 500, 502, 503, 504].contains($0) } ?? false
    }
}
