import Annotations

@testable import Consolidation

/// A document of `count` one-letter tokens two apart, for tests that think in tokens.
func tokens(_ count: Int) -> [Range<ScalarOffset>] { (0..<count).map { ScalarOffset(2 * $0)..<ScalarOffset(2 * $0 + 1) } }

/// A span of the tokens in `range`.
func span(_ range: Range<Int>, _ label: Label) -> ScalarSpan {
    guard
        let span = ScalarSpan(start: ScalarOffset(2 * range.lowerBound), end: ScalarOffset(2 * range.upperBound - 1), label: label)
    else { preconditionFailure("token range \(range) is empty") }
    return span
}

/// Documents with known spans, and workers who find some of them, miss some, and shift some edges; from a seed.
struct Crowd {
    var documents: [AnsweredDocument<ScalarOffset>] = []
    var truth: [[ScalarSpan]] = []

    /// - Parameters:
    ///   - recalls: For each worker the share of spans found; all see every document.
    ///   - randomWorkers: How many more mark at random.
    init(documents count: Int, recalls: [Double], randomWorkers: Int = 0, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let labels: [Label] = ["A", "B"]
        for number in 0..<count {
            var spans: [(range: Range<Int>, label: Label)] = []
            var position = 1 + random.below(4)
            while position < 56 {
                let length = 1 + random.below(3)
                spans.append((position..<position + length, labels[random.below(2)]))
                position += length + 3 + random.below(8)
            }
            var answers: [WorkerSpans<ScalarOffset>] = []
            for (worker, recall) in recalls.enumerated() {
                var own: [ScalarSpan] = []
                for (range, label) in spans where random.uniform() < recall {
                    let shift = random.uniform() < 0.1 ? 1 : 0
                    let wrong = random.uniform() < 0.05 ? labels[random.below(2)] : label
                    own.append(span(range.lowerBound..<range.upperBound + shift, wrong))
                }
                answers.append(WorkerSpans(workerID: "w\(worker)", spans: own))
            }
            for worker in 0..<randomWorkers {
                let own = (0..<5).map { 12 * $0 + random.below(10) }.map { span($0..<$0 + 1, labels[random.below(2)]) }
                answers.append(WorkerSpans(workerID: "random\(worker)", spans: own))
            }
            documents.append(AnsweredDocument(id: "d\(number)", tokens: tokens(64), answers: answers))
            truth.append(spans.map { span($0.range, $0.label) })
        }
    }

    /// Strict F1 over all documents.
    func f1(_ results: [ConsolidatedDocument<ScalarOffset>]) -> Double {
        var (common, all) = (0, 0)
        for (result, truth) in zip(results, truth) {
            common += Set(result.spans.map(\.span)).intersection(truth).count
            all += result.spans.count + truth.count
        }
        return 2 * Double(common) / Double(all)
    }
}
