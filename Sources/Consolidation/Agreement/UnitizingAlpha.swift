/// Krippendorff's alpha for unitizing, of one category (Krippendorff 1995, *On the reliability of unitizing contiguous data*; in the form
/// of *Content Analysis*, second edition 2004, section 11.6).
enum UnitizingAlpha {
    /// Observed and expected disagreement.
    struct Disagreement: Sendable {
        var observed = 0.0
        var expected = 0.0
    }

    /// - Parameters:
    ///   - raters: For each rater the units of the category, sorted, not overlapping.
    ///   - length: Of the continuum, in cells; every unit lies in `0..<length`.
    /// - Complexity: O(r² u + u²) for r raters and u units.
    static func disagreement(_ raters: [[Range<Int>]], length: Int) -> Disagreement {
        let count = Double(raters.count)
        let span = Double(length)
        guard raters.count > 1, length > 0 else { return Disagreement() }
        var observed = 0.0
        for first in raters.indices {
            for second in raters.indices where second != first { observed += distance(raters[first], raters[second]) }
        }
        let gaps = raters.flatMap { self.gaps(of: $0, length: length) }
        let units = raters.joined().map(\.count)
        var expected = 0.0
        for unit in units {
            let b = Double(unit)
            expected += Double(units.count - 1) / 3 * (2 * b * b * b - 3 * b * b + b)
            for gap in gaps where gap >= unit { expected += b * b * Double(gap - unit + 1) }
        }
        let pairs = count * span * (count * span - 1) - units.reduce(0.0) { $0 + Double($1) * Double($1 - 1) }
        guard pairs > 0 else { return Disagreement() }
        return Disagreement(
            observed: observed / (count * (count - 1) * span * span), expected: 2 / span * expected / pairs)
    }

    /// The sum of squared distances over sections of two raters (equation for δ² in either source): of units that overlap, the squares of
    /// what they differ by at both ends; of a unit that lies in a gap of the other, the square of its length. Each unordered pair of
    /// sections is counted from the first rater's side, so that a unit in the other's gap counts for its own rater.
    private static func distance(_ first: [Range<Int>], _ second: [Range<Int>]) -> Double {
        var sum = 0.0
        var next = 0
        for unit in first {
            while next < second.count, second[next].upperBound <= unit.lowerBound { next += 1 }
            var other = next
            var overlaps = false
            while other < second.count, second[other].lowerBound < unit.upperBound {
                overlaps = true
                let start = Double(unit.lowerBound - second[other].lowerBound)
                let end = Double(unit.upperBound - second[other].upperBound)
                sum += start * start + end * end
                other += 1
            }
            // A unit in a gap is seen from its own rater's side only; it belongs to both ordered pairs.
            if !overlaps { sum += 2 * Double(unit.count) * Double(unit.count) }
        }
        return sum
    }

    private static func gaps(of units: [Range<Int>], length: Int) -> [Int] {
        var result: [Int] = []
        var end = 0
        for unit in units {
            if unit.lowerBound > end { result.append(unit.lowerBound - end) }
            end = unit.upperBound
        }
        if length > end { result.append(length - end) }
        return result
    }
}
