import Annotations

/// Looks for patterns that honest work seldom shows (``Suspicion``). Each needs enough documents or spans to mean something.
struct SuspicionSearch {
    private static let minimumSpans = 10
    private static let minimumDocuments = 5
    /// Spans that touch the consensus this much more often than spans at random are not random.
    private static let touchingMargin = 0.15
    private static let samePlaceShare = 0.6
    private static let beginningShare = 0.8
    private static let copiedShare = 0.8

    private let corpus: Corpus
    private var comparisons: [[LeaveOneOut.Comparison]]
    private let copied: [Int32: Suspicion]

    init(_ corpus: Corpus, _ others: LeaveOneOut) {
        self.corpus = corpus
        comparisons = corpus.workerIDs.map { _ in [] }
        for comparison in others.comparisons { comparisons[Int(comparison.worker)].append(comparison) }
        copied = Self.copies(corpus, others)
    }

    func suspicions(of worker: Int32) -> [Suspicion] {
        let own = comparisons[Int(worker)]
        let found = [
            nothing(own), random(own), samePlace(own), oneLabel(own), beginnings(own), copied[worker],
        ]
        return found.compactMap { $0 }
    }

    private func nothing(_ own: [LeaveOneOut.Comparison]) -> Suspicion? {
        let consensus = own.reduce(0) { $0 + $1.consensus.count }
        return own.allSatisfy(\.marked.isEmpty) && consensus >= Self.minimumDocuments ? .marksNothing : nil
    }

    /// A span of n cells put at random touches a consensus span of m cells in a document of c cells with a chance of about
    /// (n + m - 1) / c.
    private func random(_ own: [LeaveOneOut.Comparison]) -> Suspicion? {
        var (spans, touching, expected) = (0, 0, 0.0)
        for comparison in own {
            let cells = Double(max(1, corpus.documents[comparison.document].cellCount))
            for span in comparison.marked {
                spans += 1
                if comparison.consensus.contains(where: { $0.overlaps(span) }) { touching += 1 }
                let reach = comparison.consensus.reduce(0) { $0 + Int($1.end - $1.start) + span.cells.count - 1 }
                expected += min(1, Double(reach) / cells)
            }
        }
        guard spans >= Self.minimumSpans else { return nil }
        let (share, chance) = (Double(touching) / Double(spans), expected / Double(spans))
        return share < chance + Self.touchingMargin && chance < 0.5 ? .marksAtRandom(touching: share, expected: chance) : nil
    }

    private func samePlace(_ own: [LeaveOneOut.Comparison]) -> Suspicion? {
        // A document of one cell has no other place.
        let marked = own.filter { !$0.marked.isEmpty && corpus.documents[$0.document].cellCount > 1 }
        guard marked.count >= Self.minimumDocuments else { return nil }
        let counts = marked.reduce(into: [CellSpan: Int]()) { counts, comparison in
            for span in comparison.marked { counts[span, default: 0] += 1 }
        }
        let share = Double(counts.values.max() ?? 0) / Double(marked.count)
        return share >= Self.samePlaceShare ? .alwaysTheSamePlace(share: share) : nil
    }

    private func oneLabel(_ own: [LeaveOneOut.Comparison]) -> Suspicion? {
        let used = Set(own.lazy.flatMap { $0.marked.lazy.map(\.label) })
        let spans = own.reduce(0) { $0 + $1.marked.count }
        let consensus = own.flatMap { $0.consensus.map(\.label) }
        guard let label = used.first, used.count == 1, spans >= Self.minimumSpans, consensus.count >= Self.minimumSpans else {
            return nil
        }
        let others = consensus.count { $0 != label }
        return Double(others) >= 0.3 * Double(consensus.count) ? .oneLabelOnly(corpus.labels[Int(label)]) : nil
    }

    private func beginnings(_ own: [LeaveOneOut.Comparison]) -> Suspicion? {
        func share(_ spans: (LeaveOneOut.Comparison) -> [CellSpan]) -> (count: Int, share: Double) {
            var (count, early) = (0, 0)
            for comparison in own {
                let third = corpus.documents[comparison.document].cellCount / 3
                count += spans(comparison).count
                early += spans(comparison).count { Int($0.start) < third }
            }
            return (count, Double(early) / Double(max(1, count)))
        }
        let (marked, consensus) = (share(\.marked), share(\.consensus))
        guard marked.count >= Self.minimumSpans, consensus.count >= Self.minimumSpans else { return nil }
        return marked.share >= Self.beginningShare && consensus.share < marked.share - 0.25
            ? .onlyBeginnings(share: marked.share) : nil
    }

    /// Two workers who agree where nobody else does: of the spans of one that are not in the others' consensus, most are the other
    /// one's, too.
    private static func copies(_ corpus: Corpus, _ others: LeaveOneOut) -> [Int32: Suspicion] {
        struct Pair: Hashable {
            let worker: Int32
            let other: Int32
        }
        var unsupported: [Pair: (own: Int, shared: Int)] = [:]
        var byDocument: [Int: [LeaveOneOut.Comparison]] = [:]
        // In a document of one cell two marks are the same by agreement alone.
        for comparison in others.comparisons where corpus.documents[comparison.document].cellCount > 1 {
            byDocument[comparison.document, default: []].append(comparison)
        }
        for document in byDocument.values {
            for comparison in document {
                for other in document where other.worker != comparison.worker {
                    let theirs = Set(other.marked)
                    let pair = Pair(worker: comparison.worker, other: other.worker)
                    for span in comparison.marked {
                        // Backed by a third worker, a span says nothing about copying.
                        let isBacked = document.contains {
                            $0.worker != pair.worker && $0.worker != pair.other && $0.marked.contains(span)
                        }
                        guard !isBacked else { continue }
                        unsupported[pair, default: (0, 0)].own += 1
                        if theirs.contains(span) { unsupported[pair, default: (0, 0)].shared += 1 }
                    }
                }
            }
        }
        var result: [Int32: Suspicion] = [:]
        for pair in unsupported.keys.sorted(by: { ($0.worker, $0.other) < ($1.worker, $1.other) }) where result[pair.worker] == nil
        {
            guard let count = unsupported[pair], count.own >= minimumSpans else { continue }
            let share = Double(count.shared) / Double(count.own)
            if share >= copiedShare { result[pair.worker] = .copies(workerID: corpus.workerIDs[Int(pair.other)], share: share) }
        }
        return result
    }
}
