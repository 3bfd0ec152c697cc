package import Annotations

/// How several workers' spans become one set. The raw values are what the command line and outputs say.
package enum ConsolidationMethod: String, CaseIterable, Sendable {
    /// Every answer is kept, nothing is decided: what the seed's function does.
    case allWorkers = "all-workers"
    /// Spans that more than half of the workers marked alike; see ``MajorityVote``.
    case majority
    /// The rule that Ground Truth publishes for named entities; see ``GroundTruthRule``.
    case groundTruth = "ground-truth"
    /// Each token's tag by how reliable each worker is; see ``TagConsolidation``.
    case dawidSkene = "dawid-skene"
    /// Sequences of tags by how each worker marks; see ``TagConsolidation``.
    case sequence
    /// What the data allow; see ``BestMethod``.
    case best

    package static let standard = Self.best

    /// - Parameter labelOrder: The configured labels, which break ties in `groundTruth`.
    package func consolidator(labelOrder: [Label] = []) -> any Consolidator {
        switch self {
        case .allWorkers: AllAnswers()
        case .majority: MajorityVote()
        case .groundTruth: GroundTruthConsolidation(labelOrder: labelOrder)
        case .dawidSkene: TagConsolidation(model: .tokens)
        case .sequence: TagConsolidation(model: .sequence)
        case .best: BestMethod(labelOrder: labelOrder)
        }
    }
}

/// A way to make one set of spans of several workers' answers.
///
/// Pure and deterministic: the same documents give the same result to the last bit, in every order of documents, workers and spans.
package protocol Consolidator: Sendable {
    /// - Parameter documents: All of a data set: global methods learn from all of them how each worker marks.
    /// - Returns: One element for each document, in their order.
    func consolidate<Position>(_ documents: [AnsweredDocument<Position>]) -> [ConsolidatedDocument<Position>]
}
