/// Chooses among candidates the spans that make the best set.
///
/// The expected F1 of a set S is about 2 Σ_S p / (|S| + Σ p), with p the spans' chances and the second sum over all candidates, the
/// expected number of true spans. It is largest when S holds the spans with p above half of that largest F1 (Ye and others 2012,
/// *Optimizing F-measure*), found by Dinkelbach's iteration; of spans that overlap in one layer, the ones with the largest sum of
/// p - threshold stand.
enum SpanSelection {
    /// - Parameter candidates: Of one layer, those of a document together.
    /// - Returns: The chosen candidates' indices, ascending, and the threshold.
    static func best(_ candidates: [CandidateSpan]) -> (chosen: [Int], threshold: Double) {
        let expected = candidates.reduce(0) { $0 + $1.chance }
        var threshold = 0.4
        var chosen: [Int] = []
        for _ in 0..<20 {
            chosen = heaviest(candidates, threshold: threshold)
            let right = chosen.reduce(0) { $0 + candidates[$1].chance }
            let next = chosen.isEmpty ? 0 : right / (Double(chosen.count) + expected)
            if abs(next - threshold) < 1e-6 { break }
            threshold = next
        }
        return (chosen, threshold)
    }

    /// Weighted interval scheduling in each document: the non-overlapping spans with the largest sum of chance minus threshold.
    private static func heaviest(_ candidates: [CandidateSpan], threshold: Double) -> [Int] {
        let order = candidates.indices.filter { candidates[$0].chance > threshold }.sorted { left, right in
            let (left, right) = (candidates[left], candidates[right])
            return (left.document, left.span.end, left.span.start, left.span.label)
                < (right.document, right.span.end, right.span.start, right.span.label)
        }
        // best[i]: the largest sum with the first i spans; predecessor[i]: how many of them end before span i begins.
        var best = [0.0]
        var predecessors: [Int] = []
        for (number, index) in order.enumerated() {
            let candidate = candidates[index]
            var before = number
            while before > 0, candidates[order[before - 1]].document == candidate.document,
                candidates[order[before - 1]].span.end > candidate.span.start
            {
                before -= 1
            }
            predecessors.append(before)
            best.append(max(best[number], best[before] + candidate.chance - threshold))
        }
        var chosen: [Int] = []
        var number = order.count
        while number > 0 {
            if best[number] > best[number - 1] {
                chosen.append(order[number - 1])
                number = predecessors[number - 1]
            } else {
                number -= 1
            }
        }
        return chosen.sorted()
    }
}
