package import Annotations

/// Ground Truth's published rule for named entities (developer guide, Annotation Consolidation; contracts section 12): spans are
/// clustered by Jaccard similarity, a cluster's edges are the mode of its spans' edges, or their median where no mode is clear, and
/// its label is the one most workers gave.
///
/// The guide leaves four things open. Here:
/// - Two spans are similar from a Jaccard similarity of 1/3, so that `40` and `40 mg` meet. Clusters grow along the most similar
///   pairs first, and a worker has at most one span in each, so a worker's nested spans and second labels stay apart.
/// - Every cluster yields a span, also one that a single worker saw; the confidence says so.
/// - Ties: the label that stands first in the configuration, then the smaller in bytes; of two middle edges the smaller.
/// - Confidence is the share of the object's workers that back the winning label, times the mean Jaccard similarity of their spans
///   to the final one; 0 when one worker answered, as the service writes it.
package enum GroundTruthRule {
    package static let similarity = 1.0 / 3
    /// Pairs of similar spans beyond this make an object fail instead of filling the memory; ordinary objects have a few hundred.
    package static let maximumPairs = 1_000_000

    /// - Parameters:
    ///   - answers: One element a worker, in any order; the result does not depend on it.
    ///   - labelOrder: The configured labels; others sort after them.
    /// - Returns: Spans by start, end and label.
    /// - Throws: ``ConsolidationError`` `.tooManyOverlaps`.
    /// - Complexity: O(n log n + p log p) for n spans and p pairs of similar ones.
    package static func consolidate<Position>(
        _ answers: [WorkerSpans<Position>], labelOrder: [Label]
    ) throws(ConsolidationError) -> [ConsolidatedSpan<Position>] {
        let rank = LabelRank(order: labelOrder)
        var marks: [Mark<Position>] = []
        for answer in answers { marks += Set(answer.spans).map { Mark(workerID: answer.workerID, span: $0) } }
        marks.sort { $0.span != $1.span ? $0.span < $1.span : $0.workerID < $1.workerID }
        let clusters = clusters(of: marks, pairs: try similarPairs(of: marks))
        let workerCount = Set(answers.map(\.workerID)).count
        let spans = clusters.map { consolidated($0, workerCount: workerCount, rank: rank) }
        return spans.sorted { $0.span != $1.span ? $0.span < $1.span : $0.support.lexicographicallyPrecedes($1.support) }
    }

    // MARK: Clusters

    private struct Mark<Position: TextPosition> {
        let workerID: String
        let span: LabeledSpan<Position>
    }

    private struct Pair {
        let first: Int
        let second: Int
        let similarity: Double
        let hasSameLabel: Bool
    }

    /// Pairs of different workers' similar spans, most similar first; among equals those of one label first.
    private static func similarPairs<Position>(of marks: [Mark<Position>]) throws(ConsolidationError) -> [Pair] {
        var pairs: [Pair] = []
        for first in marks.indices {
            let mark = marks[first]
            for second in marks.index(after: first)..<marks.endIndex {
                let other = marks[second]
                // Marks are sorted by start: once a start is so late that less than the threshold can be common, no later mark is
                // similar.
                guard Double(mark.span.end.rawValue - other.span.start.rawValue) >= similarity * Double(mark.span.length) else {
                    break
                }
                let value = mark.span.jaccard(other.span)
                guard mark.workerID != other.workerID, value >= similarity else { continue }
                pairs.append(
                    Pair(first: first, second: second, similarity: value, hasSameLabel: mark.span.label == other.span.label))
                guard pairs.count <= maximumPairs else {
                    throw ConsolidationError(.tooManyOverlaps, "more than \(maximumPairs) pairs of overlapping spans")
                }
            }
        }
        return pairs.sorted { left, right in
            if left.similarity != right.similarity { return left.similarity > right.similarity }
            if left.hasSameLabel != right.hasSameLabel { return left.hasSameLabel }
            return (left.first, left.second) < (right.first, right.second)
        }
    }

    private static func clusters<Position>(of marks: [Mark<Position>], pairs: [Pair]) -> [[Mark<Position>]] {
        var clusterOf = Array(marks.indices)
        var members = marks.indices.map { [$0] }
        for pair in pairs {
            let (left, right) = (clusterOf[pair.first], clusterOf[pair.second])
            guard left != right else { continue }
            let workers = Set(members[left].map { marks[$0].workerID })
            guard !members[right].contains(where: { workers.contains(marks[$0].workerID) }) else { continue }
            for index in members[right] { clusterOf[index] = left }
            members[left] += members[right]
            members[right] = []
        }
        return members.filter { !$0.isEmpty }.map { $0.map { marks[$0] } }
    }

    // MARK: One cluster

    private static func consolidated<Position>(
        _ cluster: [Mark<Position>], workerCount: Int, rank: LabelRank
    ) -> ConsolidatedSpan<Position> {
        let label = rank.mostFrequent(cluster.map(\.span.label))
        let backing = cluster.filter { $0.span.label == label }
        let start = modeOrMedian(cluster.map(\.span.start.rawValue))
        let end = modeOrMedian(cluster.map(\.span.end.rawValue))
        // Every start lies before every end of a pair that is similar, but not of a whole cluster: then the first backing span
        // stands.
        let span = LabeledSpan(start: Position(start), end: Position(end), label: label) ?? backing[0].span
        let meanSimilarity = backing.reduce(0) { $0 + $1.span.jaccard(span) } / Double(backing.count)
        return ConsolidatedSpan(
            span: span,
            confidence: workerCount == 1 ? 0 : Double(backing.count) / Double(workerCount) * meanSimilarity,
            support: backing.map(\.workerID).sorted(), rule: .cluster, labelShares: labelShares(cluster.map(\.span.label)))
    }

    private static func labelShares(_ labels: [Label]) -> [LabelShare] {
        let counts = labels.reduce(into: [Label: Int]()) { $0[$1, default: 0] += 1 }
        return counts.map { LabelShare(label: $0.key, share: Double($0.value) / Double(labels.count)) }
            .sorted { $0.share != $1.share ? $0.share > $1.share : $0.label < $1.label }
    }

    /// The one value that occurs most often; the lower median where several do.
    private static func modeOrMedian(_ values: [Int]) -> Int {
        let sorted = values.sorted()
        let counts = sorted.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
        let highest = counts.values.max() ?? 0
        let modes = counts.filter { $0.value == highest }
        if modes.count == 1, let mode = modes.first?.key { return mode }
        return sorted[(sorted.count - 1) / 2]
    }
}

/// The order of labels that breaks ties: as configured, then by bytes.
private struct LabelRank {
    private let ranks: [Label: Int]

    init(order: [Label]) { ranks = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: min) }

    /// - Precondition: `labels` is not empty.
    func mostFrequent(_ labels: [Label]) -> Label {
        let counts = labels.reduce(into: [Label: Int]()) { $0[$1, default: 0] += 1 }
        let best = counts.min { left, right in
            if left.value != right.value { return left.value > right.value }
            let (leftRank, rightRank) = (ranks[left.key] ?? .max, ranks[right.key] ?? .max)
            return leftRank != rightRank ? leftRank < rightRank : left.key < right.key
        }
        guard let best else { preconditionFailure("a cluster has at least one span") }
        return best.key
    }
}
