import Annotations

/// Who marked what in one document.
struct SpanVotes<Position: TextPosition> {
    /// The different spans, sorted, each with the workers who marked exactly it, sorted by bytes.
    let spans: [(span: LabeledSpan<Position>, workers: [String])]
    let workerCount: Int

    init(_ answers: [WorkerSpans<Position>]) {
        var workersOfSpan: [LabeledSpan<Position>: Set<[UInt8]>] = [:]
        for answer in answers {
            for span in answer.spans { workersOfSpan[span, default: []].insert(Array(answer.workerID.utf8)) }
        }
        spans = workersOfSpan.keys.sorted().map { span in
            let workers = (workersOfSpan[span] ?? []).sorted { $0.lexicographicallyPrecedes($1) }
            return (span, workers.map { String(decoding: $0, as: UTF8.self) })
        }
        workerCount = Set(answers.map { Array($0.workerID.utf8) }).count
    }

    /// The workers with a span of the same label that is similar to this one (``GroundTruthRule/similarity``), sorted by bytes.
    func support(of span: LabeledSpan<Position>) -> [String] {
        var workers: Set<[UInt8]> = []
        for other in spans {
            if other.span.start >= span.end { break }
            guard other.span.label == span.label, other.span.jaccard(span) >= GroundTruthRule.similarity else { continue }
            workers.formUnion(other.workers.map { Array($0.utf8) })
        }
        return workers.sorted { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The labels of the votes for spans with the same edges, as shares.
    func labelShares(of span: LabeledSpan<Position>) -> [LabelShare] {
        let same = spans.filter { $0.span.start == span.start && $0.span.end == span.end }
        let total = Double(same.reduce(0) { $0 + $1.workers.count })
        return same.map { LabelShare(label: $0.span.label, share: Double($0.workers.count) / total) }
            .sorted { $0.share != $1.share ? $0.share > $1.share : $0.label < $1.label }
    }

    /// Every different span, its share of the votes as confidence.
    func consolidated(rule: SelectionRule) -> [ConsolidatedSpan<Position>] {
        spans.map { entry in
            ConsolidatedSpan(
                span: entry.span, confidence: Double(entry.workers.count) / Double(workerCount), support: entry.workers, rule: rule,
                labelShares: labelShares(of: entry.span))
        }
    }
}
