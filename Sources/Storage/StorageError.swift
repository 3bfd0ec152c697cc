/// An object that cannot be named, read or written.
package struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case badURI = "bad-uri", notAllowed = "not-allowed", notFound = "not-found", tooLarge = "too-large"
            case inputOutput = "input-output", noStore = "no-store"
        }
        private let value: Value
        /// The text is no URI of an object, or names a key that the store cannot hold.
        package static let badURI = Self(value: .badURI)
        /// Whoever named the object may not name it.
        package static let notAllowed = Self(value: .notAllowed)
        package static let notFound = Self(value: .notFound)
        package static let tooLarge = Self(value: .tooLarge)
        /// The file system failed.
        package static let inputOutput = Self(value: .inputOutput)
        /// An `s3://` URI without a place where such objects live.
        package static let noStore = Self(value: .noStore)
        package var description: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    package init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    package var description: String { message }
}
