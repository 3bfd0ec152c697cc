/// What one document adds to the sums of which the measures of agreement are functions.
enum DocumentSums {
    /// Twice the spans in common and all spans, over all pairs of workers.
    static func pairwise(_ answers: [[CellSpan]], _ matching: SpanMatching) -> [Double] {
        var sums = [0.0, 0]
        for first in answers.indices {
            for second in answers.indices where second > first {
                sums[0] += 2 * Double(matching.common(answers[first], answers[second]))
                sums[1] += Double(answers[first].count + answers[second].count)
            }
        }
        return sums
    }

    static func f1(_ sums: ArraySlice<Double>) -> Double? {
        guard let common = sums.first, let all = sums.last, all > 0 else { return nil }
        return common / all
    }

    /// The share of agreeing pairs summed over tokens, the tokens, and how often each category was chosen.
    static func tokens(_ answers: [[CellSpan]], cellCount: Int, categoryCount: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: 2 + categoryCount)
        let raters = answers.map { categories($0, cellCount: cellCount) }
        let pairs = Double(answers.count * (answers.count - 1))
        var counts = [Int](repeating: 0, count: categoryCount)
        for cell in 0..<cellCount {
            for rater in raters { counts[rater[cell]] += 1 }
            for rater in raters where counts[rater[cell]] > 0 {
                let count = counts[rater[cell]]
                sums[0] += Double(count * (count - 1)) / pairs
                sums[2 + rater[cell]] += Double(count)
                counts[rater[cell]] = 0
            }
        }
        sums[1] = Double(cellCount)
        return sums
    }

    /// The agreeing tokens of two workers, and how often each chose each category.
    static func pairTokens(_ answers: [[CellSpan]], cellCount: Int, categoryCount: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: 1 + 2 * categoryCount)
        let (first, second) = (categories(answers[0], cellCount: cellCount), categories(answers[1], cellCount: cellCount))
        for cell in 0..<cellCount {
            if first[cell] == second[cell] { sums[0] += 1 }
            sums[1 + first[cell]] += 1
            sums[1 + categoryCount + second[cell]] += 1
        }
        return sums
    }

    /// For each cell 0, or 1 plus the label of the first span over it, the longest of those that begin together.
    static func categories(_ spans: [CellSpan], cellCount: Int) -> [Int] {
        var result = [Int](repeating: 0, count: cellCount)
        for span in spans.sorted(by: { ($0.start, -$0.end, $0.label) < ($1.start, -$1.end, $1.label) }) {
            for cell in span.cells where result[cell] == 0 { result[cell] = 1 + Int(span.label) }
        }
        return result
    }

    /// The units of one label, without those that overlap an earlier one.
    static func units(_ spans: [CellSpan], label: Int32) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for span in spans where span.label == label && Int(span.start) >= result.last?.upperBound ?? 0 { result.append(span.cells) }
        return result
    }
}
