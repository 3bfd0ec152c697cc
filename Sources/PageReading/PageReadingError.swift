/// A page that cannot be read.
package struct PageReadingError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case emptyImage = "empty-image"
            case undecodableImage = "undecodable-image"
            case imageTooLarge = "image-too-large"
            case imageTooSmall = "image-too-small"
            case unsupportedFormat = "unsupported-format"
            case noSuchPage = "no-such-page"
            case missingLanguage = "missing-language"
            case recognitionFailed = "recognition-failed"
        }
        private let value: Value

        /// No bytes at all.
        package static let emptyImage = Self(value: .emptyImage)
        /// The format is known, but the data are damaged or end too early.
        package static let undecodableImage = Self(value: .undecodableImage)
        /// More pixels than ``ImageHeader/maximumPixels``, or pages than ``ImageHeader/maximumPages``; decided before decoding.
        package static let imageTooLarge = Self(value: .imageTooLarge)
        /// Too few pixels to hold text.
        package static let imageTooSmall = Self(value: .imageTooSmall)
        /// Neither JPEG, PNG nor TIFF.
        package static let unsupportedFormat = Self(value: .unsupportedFormat)
        /// The file has fewer pages than the one asked for.
        package static let noSuchPage = Self(value: .noSuchPage)
        /// The engine has no data for the language.
        package static let missingLanguage = Self(value: .missingLanguage)
        /// The engine or the image library gave up on a sound image.
        package static let recognitionFailed = Self(value: .recognitionFailed)

        package var description: String { value.rawValue }
    }

    package let code: Code
    /// What was found, what was expected and what to do, for people.
    package let message: String

    package init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    package var description: String { "\(code): \(message)" }
}
