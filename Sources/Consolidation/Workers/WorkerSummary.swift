package import Annotations

/// How one worker marked, measured against what the other workers of the same documents say.
package struct WorkerSummary: Sendable {
    package let workerID: String
    package let documentCount: Int
    /// Documents that other workers marked, too: all figures but `documentCount` and `markedCount` are about them.
    package let comparedCount: Int
    package let markedCount: Int
    /// Median seconds a document, where the answers say.
    package let medianSeconds: Double?
    /// Spans of the worker, spans of the others' consensus, and those they have in common, edges and label alike.
    package let agreement: Overlap
    package let labels: [LabelSummary]
    package let suspicions: [Suspicion]

    package struct Overlap: Hashable, Sendable {
        package var marked = 0
        package var consensus = 0
        package var common = 0
        /// 0 when either is empty and the other not; `nil` when both are.
        package var f1: Double? { marked + consensus == 0 ? nil : 2 * Double(common) / Double(marked + consensus) }
        package var precision: Double? { marked == 0 ? nil : Double(common) / Double(marked) }
        package var recall: Double? { consensus == 0 ? nil : Double(common) / Double(consensus) }
    }

    /// One label of the consensus, or one the worker used.
    package struct LabelSummary: Sendable {
        package let label: Label
        package internal(set) var agreement = Overlap()
        /// Consensus spans that none of the worker's spans touch.
        package internal(set) var missed = 0
        /// The worker's spans of this label that touch none of the consensus.
        package internal(set) var invented = 0
        /// Consensus spans of this label that the worker gave another one, by that label, sorted.
        package internal(set) var confusedWith: [(label: Label, count: Int)] = []
        /// Of the spans with the right label and other edges: how many there are, and by how many tokens they begin too late (negative:
        /// too early) and end too late on average.
        package internal(set) var shifted = 0
        package internal(set) var meanStartShift = 0.0
        package internal(set) var meanEndShift = 0.0

        init(label: Label) { self.label = label }
    }
}

/// A pattern that honest work seldom shows. A hint to look, not a verdict.
package enum Suspicion: Hashable, Sendable {
    /// Marks touch the consensus hardly more often than marks strewn at random would.
    case marksAtRandom(touching: Double, expected: Double)
    /// The same place in most documents.
    case alwaysTheSamePlace(share: Double)
    /// Nothing in any document, where the others found something.
    case marksNothing
    /// A single label, where the others use several.
    case oneLabelOnly(Label)
    /// Hardly anything after the first part of the documents.
    case onlyBeginnings(share: Double)
    /// The same spans as another worker, mistakes included.
    case copies(workerID: String, share: Double)

    /// A name for tables and files.
    package var name: String {
        switch self {
        case .marksAtRandom: "marks-at-random"
        case .alwaysTheSamePlace: "always-the-same-place"
        case .marksNothing: "marks-nothing"
        case .oneLabelOnly: "one-label-only"
        case .onlyBeginnings: "only-beginnings"
        case .copies: "copies"
        }
    }

    /// The finding in a sentence.
    package var explanation: String {
        func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }
        return switch self {
        case .marksAtRandom(let touching, let expected):
            "\(percent(touching)) of the spans touch what the others mark; spans at random would in \(percent(expected))"
        case .alwaysTheSamePlace(let share): "the same place is marked in \(percent(share)) of the documents"
        case .marksNothing: "nothing is marked in any document, where the others mark something"
        case .oneLabelOnly(let label): "every span is \(label), where the others use several labels"
        case .onlyBeginnings(let share): "\(percent(share)) of the spans lie in the first third of their documents"
        case .copies(let workerID, let share):
            "\(percent(share)) of the spans that nobody else supports are also those of worker \(workerID)"
        }
    }
}
