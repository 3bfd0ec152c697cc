/// A model that cannot be read, or data that none can be trained on.
package struct SuggestionError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case notAModel, otherVersion, damagedModel
        case noExamples, tooFewDocuments, tooManyLabels, notTiled
    }
    package let code: Code
    package let message: String
    package init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    package var description: String { message }
}
