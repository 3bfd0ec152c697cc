package import Annotations

/// A span that stands for what several workers marked.
package struct ConsolidatedSpan<Position: TextPosition>: Hashable, Sendable {
    package let span: LabeledSpan<Position>
    /// 0...1; comparable within one method only.
    package let confidence: Double
    /// Ids of the workers whose spans back this one with its label, sorted.
    package let support: [String]

    package init(span: LabeledSpan<Position>, confidence: Double, support: [String]) {
        (self.span, self.confidence, self.support) = (span, confidence, support)
    }
}

/// How several workers' spans become one set.
package enum ConsolidationMethod: String, CaseIterable, Sendable {
    /// Every answer is kept, nothing is decided: what the seed's function does.
    case allWorkers = "all-workers"
    /// The rule that Ground Truth publishes for named entities; see ``GroundTruthRule``.
    case groundTruth = "ground-truth"

    package static let standard = Self.groundTruth
}

/// An object whose spans cannot be consolidated.
package struct ConsolidationError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable { case tooManyOverlaps }
    package let code: Code
    package let message: String
    package init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    package var description: String { message }
}
