package import Annotations

/// A span that a model proposes.
package struct Suggestion: Hashable, Sendable {
    package let span: ScalarSpan
    /// How often such a suggestion is right, 0...1, as measured on training documents that the model had not seen.
    package let confidence: Double

    package init(span: ScalarSpan, confidence: Double) { (self.span, self.confidence) = (span, confidence) }
}

/// What a model proposes.
package enum SuggestionKind: String, Sendable, CaseIterable {
    /// A label for every sentence.
    case sentences
    /// Spans anywhere.
    case spans
}
