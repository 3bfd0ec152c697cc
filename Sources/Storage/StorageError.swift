/// An object that cannot be named, read or written.
package struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case badURI = "bad-uri", notAllowed = "not-allowed", notFound = "not-found", exists, denied, archived, changed
            case tooLarge = "too-large", inputOutput = "input-output", unavailable, noStore = "no-store", badSetting = "bad-setting"
            case noCredentials = "no-credentials", unsupported, blocked, cancelled
        }
        private let value: Value
        /// The text is no URI of an object, or names a key that the store cannot hold.
        package static let badURI = Self(value: .badURI)
        /// Whoever named the object may not name it.
        package static let notAllowed = Self(value: .notAllowed)
        package static let notFound = Self(value: .notFound)
        /// There is an object where none should be.
        package static let exists = Self(value: .exists)
        /// The store's owner does not let these credentials do it.
        package static let denied = Self(value: .denied)
        /// The object must be brought back from an archive first.
        package static let archived = Self(value: .archived)
        /// The object was replaced while it was read.
        package static let changed = Self(value: .changed)
        package static let tooLarge = Self(value: .tooLarge)
        /// The file system failed, or S3 in an unforeseen way.
        package static let inputOutput = Self(value: .inputOutput)
        /// S3 does not answer, or asks to come back later.
        package static let unavailable = Self(value: .unavailable)
        /// An `s3://` URI without a place where such objects live.
        package static let noStore = Self(value: .noStore)
        /// A setting of the store that cannot be used.
        package static let badSetting = Self(value: .badSetting)
        /// There are no credentials, or S3 does not know them.
        package static let noCredentials = Self(value: .noCredentials)
        /// The store cannot do what is asked.
        package static let unsupported = Self(value: .unsupported)
        /// Another object is in the way: a folder holds none below it.
        package static let blocked = Self(value: .blocked)
        package static let cancelled = Self(value: .cancelled)
        package var description: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    package init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    package var description: String { message }
}

extension StorageError.Code {
    /// The code whose ``description`` this is; `nil` for other texts.
    package init?(_ text: String) {
        guard let value = Value(rawValue: text) else { return nil }
        self.init(value: value)
    }
}
