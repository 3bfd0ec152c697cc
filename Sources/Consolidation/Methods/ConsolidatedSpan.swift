package import Annotations

/// A span that stands for what several workers marked.
package struct ConsolidatedSpan<Position: TextPosition>: Hashable, Sendable {
    package let span: LabeledSpan<Position>
    /// The chance that the span is right, edges and label included, 0...1. Comparable within one method only.
    package let confidence: Double
    /// Ids of the workers whose spans back this one with its label, sorted by bytes.
    package let support: [String]
    /// By which rule it stands.
    package let rule: SelectionRule
    /// How likely each label is for this stretch, the likeliest first, summing to 1; only labels above 0.0005. Never empty.
    package let labelShares: [LabelShare]
    /// What the confidence was made of; `nil` where it is no calibrated chance.
    package let evidence: SpanEvidence?

    package init(
        span: LabeledSpan<Position>, confidence: Double, support: [String], rule: SelectionRule, labelShares: [LabelShare] = [],
        evidence: SpanEvidence? = nil
    ) {
        (self.span, self.confidence, self.support, self.rule, self.evidence) = (span, confidence, support, rule, evidence)
        self.labelShares = labelShares.isEmpty ? [LabelShare(label: span.label, share: 1)] : labelShares
    }
}

/// A label and how likely it is.
package struct LabelShare: Hashable, Sendable {
    package let label: Label
    /// 0...1.
    package let share: Double
    package init(label: Label, share: Double) { (self.label, self.share) = (label, share) }
}

/// By which rule a consolidated span stands. The raw value is what outputs write.
package enum SelectionRule: String, Hashable, Sendable {
    /// Somebody marked it: nothing is decided.
    case marked
    /// More than half of the document's workers marked exactly this.
    case overHalf = "over-half"
    /// A cluster of similar spans: the most frequent or median edges and the most frequent label (Ground Truth's rule).
    case cluster
    /// Each token's likeliest tag, given how reliable each worker is with each tag.
    case likelyTokens = "likely-tokens"
    /// The likeliest sequence of tags, given how each worker marks.
    case likelySequence = "likely-sequence"
    /// The mean of the two above.
    case likelyMean = "likely-mean"
}

/// What became of one document.
package struct ConsolidatedDocument<Position: TextPosition>: Sendable {
    package let id: String
    /// The spans that stand, by start, end and label.
    package let spans: [ConsolidatedSpan<Position>]
    /// Other readings with a confidence of at least 0.05, in the same order: what a second look might prefer.
    package let alternatives: [ConsolidatedSpan<Position>]
    /// Why this document has no spans.
    package let failure: ConsolidationError?

    package init(
        id: String, spans: [ConsolidatedSpan<Position>], alternatives: [ConsolidatedSpan<Position>] = [],
        failure: ConsolidationError? = nil
    ) {
        (self.id, self.spans, self.alternatives, self.failure) = (id, spans, alternatives, failure)
    }
}

/// A document whose spans cannot be consolidated.
package struct ConsolidationError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable { case tooManyOverlaps }
    package let code: Code
    package let message: String
    package init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    package var description: String { message }
}
