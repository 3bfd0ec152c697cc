package import Annotations

/// Chooses a method by the data's size and shape.
///
/// The rules, the first that fits:
/// 1. No document has two workers: ``GroundTruthRule``, which keeps what the one worker marked.
/// 2. The models' tables, one for each worker, would pass ``maximumTableEntries``: ``GroundTruthRule``, which has no tables.
/// 3. Fewer than ``manyWorkers`` workers a document on average, and the words are not known or fewer than ``manySpans`` spans were
///    marked: ``GroundTruthRule``. So few votes do not tell how workers mark.
/// 4. Else the mean of tokens and sequences (``TagConsolidation``), with words where they are known.
///
/// Overlapping spans and offsets within tokens need no rule: the first become layers, the second cells (``TagConsolidation``).
package struct BestMethod: Consolidator {
    package static let manyWorkers = 3.5
    package static let manySpans = 300
    package static let maximumTableEntries = 100_000_000

    private let labelOrder: [Label]

    package init(labelOrder: [Label] = []) { self.labelOrder = labelOrder }

    package func consolidate<Position>(_ documents: [AnsweredDocument<Position>]) -> [ConsolidatedDocument<Position>] {
        Self.usesModels(for: documents)
            ? TagConsolidation(model: .mean).consolidate(documents)
            : GroundTruthConsolidation(labelOrder: labelOrder).consolidate(documents)
    }

    /// Whether rule 4 applies.
    static func usesModels<Position>(for documents: [AnsweredDocument<Position>]) -> Bool {
        let answered = documents.filter { !$0.answers.isEmpty }
        guard answered.contains(where: { $0.answers.count > 1 }) else { return false }
        let labels = Set(answered.lazy.flatMap { $0.answers.lazy.flatMap { $0.spans.lazy.map(\.label) } }).count
        let workers = Set(answered.lazy.flatMap { $0.answers.lazy.map { Array($0.workerID.utf8) } }).count
        guard workers <= maximumTableEntries / (2 * (labels + 2) * (2 * labels + 4)) else { return false }
        let answers = answered.reduce(0) { $0 + $1.answers.count }
        if Double(answers) >= manyWorkers * Double(answered.count) { return true }
        let spans = answered.reduce(0) { $0 + $1.answers.reduce(0) { $0 + $1.spans.count } }
        return spans >= manySpans
            && answered.allSatisfy { !$0.words.isEmpty || $0.tokens.isEmpty && $0.answers.allSatisfy(\.spans.isEmpty) }
    }
}
