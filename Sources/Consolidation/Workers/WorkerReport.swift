import Annotations

/// How each worker marked, and what looks suspicious.
///
/// Every worker is measured against the consensus of the others alone (``LeaveOneOut``), so that nobody agrees with oneself.
package struct WorkerReport: Sendable {
    /// By worker id.
    package let workers: [WorkerSummary]

    package init<Position>(_ documents: [AnsweredDocument<Position>]) {
        let corpus = Corpus(documents, grids: documents.map { TokenGrid(tokens: $0.tokens, answers: $0.answers) })
        let others = LeaveOneOut(corpus)
        let suspicions = SuspicionSearch(corpus, others)
        var seconds: [[UInt8]: [Double]] = [:]
        for document in documents {
            for answer in document.answers {
                if let value = answer.seconds { seconds[Array(answer.workerID.utf8), default: []].append(value) }
            }
        }
        var tallies = corpus.workerIDs.map { _ in WorkerTally(labelCount: corpus.labels.count) }
        for document in corpus.documents {
            for (place, worker) in document.workers.enumerated() {
                tallies[Int(worker)].documents += 1
                tallies[Int(worker)].marked += document.spans[place].count
            }
        }
        for comparison in others.comparisons { tallies[Int(comparison.worker)].add(comparison) }
        workers = corpus.workerIDs.enumerated().map { number, id in
            let tally = tallies[number]
            return WorkerSummary(
                workerID: id, documentCount: tally.documents, comparedCount: tally.compared, markedCount: tally.marked,
                medianSeconds: Self.median(seconds[Array(id.utf8)] ?? []), agreement: tally.agreement,
                labels: tally.summaries(corpus.labels), suspicions: suspicions.suspicions(of: Int32(number)))
        }
    }

    static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

/// What one worker did, summed up over documents.
private struct WorkerTally {
    var documents = 0
    var compared = 0
    var marked = 0
    var agreement = WorkerSummary.Overlap()

    private struct LabelTally {
        var agreement = WorkerSummary.Overlap()
        var missed = 0
        var invented = 0
        var confusedWith: [Int32: Int] = [:]
        var shifted = 0
        var startShift = 0
        var endShift = 0
    }
    private var labels: [LabelTally]

    init(labelCount: Int) { labels = [LabelTally](repeating: LabelTally(), count: labelCount) }

    mutating func add(_ comparison: LeaveOneOut.Comparison) {
        compared += 1
        agreement.marked += comparison.marked.count
        agreement.consensus += comparison.consensus.count
        let consensus = Set(comparison.consensus)
        for span in comparison.marked {
            labels[Int(span.label)].agreement.marked += 1
            if consensus.contains(span) {
                agreement.common += 1
                labels[Int(span.label)].agreement.common += 1
            }
        }
        addErrors(comparison)
    }

    /// Walks both lists of spans; each consensus span is answered by the worker's span with the largest overlap, if any touches it.
    private mutating func addErrors(_ comparison: LeaveOneOut.Comparison) {
        var touched: Set<CellSpan> = []
        for span in comparison.consensus {
            labels[Int(span.label)].agreement.consensus += 1
            var best: (span: CellSpan, overlap: Int32)?
            for other in comparison.marked where other.overlaps(span) {
                touched.insert(other)
                let overlap = min(other.end, span.end) - max(other.start, span.start) + (other.label == span.label ? 1 : 0)
                if overlap > best?.overlap ?? 0 { best = (other, overlap) }
            }
            guard let best else {
                labels[Int(span.label)].missed += 1
                continue
            }
            if best.span.label != span.label {
                labels[Int(span.label)].confusedWith[best.span.label, default: 0] += 1
            } else if best.span != span {
                labels[Int(span.label)].shifted += 1
                labels[Int(span.label)].startShift += Int(best.span.start - span.start)
                labels[Int(span.label)].endShift += Int(best.span.end - span.end)
            }
        }
        for span in comparison.marked where !touched.contains(span) { labels[Int(span.label)].invented += 1 }
    }

    func summaries(_ names: [Label]) -> [WorkerSummary.LabelSummary] {
        zip(names, labels).compactMap { name, tally in
            guard tally.agreement.marked + tally.agreement.consensus > 0 else { return nil }
            var summary = WorkerSummary.LabelSummary(label: name)
            summary.agreement = tally.agreement
            summary.missed = tally.missed
            summary.invented = tally.invented
            summary.confusedWith = tally.confusedWith.keys.sorted().map { (names[Int($0)], tally.confusedWith[$0] ?? 0) }
            summary.shifted = tally.shifted
            summary.meanStartShift = tally.shifted > 0 ? Double(tally.startShift) / Double(tally.shifted) : 0
            summary.meanEndShift = tally.shifted > 0 ? Double(tally.endShift) / Double(tally.shifted) : 0
            return summary
        }
    }
}
