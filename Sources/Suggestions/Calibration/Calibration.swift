/// From a model's probability to the share of cases in which it is right: a rising line through a few points.
///
/// Fitted by isotonic regression (pool adjacent violators; Zadrozny and Elkan 2002) to groups of equal size.
struct Calibration: Sendable, Equatable {
    static let maximumPoints = 32

    struct Point: Sendable, Equatable {
        let probability: Float
        let share: Float
    }

    /// By rising probability; the shares rise, too. Without points a probability stands for itself.
    let points: [Point]

    init(points: [Point]) { self.points = points }

    /// - Parameter cases: Probabilities and whether they were right, in any order; two hundred or more give a curve.
    init(_ cases: [(probability: Double, isRight: Bool)]) {
        guard cases.count >= 200 else {
            points = []
            return
        }
        let sorted = cases.sorted { ($0.probability, $0.isRight ? 1 : 0) < ($1.probability, $1.isRight ? 1 : 0) }
        let groupCount = min(Self.maximumPoints, cases.count / 50)
        var pools: [Pool] = []
        for group in 0..<groupCount {
            let members = sorted[group * cases.count / groupCount..<(group + 1) * cases.count / groupCount]
            var pool = Pool(
                probability: members.reduce(0) { $0 + $1.probability }, right: Double(members.lazy.filter(\.isRight).count),
                count: Double(members.count))
            while let last = pools.last, last.share >= pool.share {
                pool.add(last)
                pools.removeLast()
            }
            pools.append(pool)
        }
        points = pools.map { Point(probability: Float(min($0.probability / $0.count, 1)), share: Float($0.share)) }
    }

    /// Neighbouring groups taken together: sums over their cases.
    private struct Pool {
        var probability: Double
        var right: Double
        var count: Double

        /// With half a case on either side, so that a small pool is never sure. The curve rises in this, not in `right / count`: the two can
        /// order pools of unequal size differently.
        var share: Double { (right + 0.5) / (count + 1) }

        mutating func add(_ other: Pool) {
            probability += other.probability
            right += other.right
            count += other.count
        }
    }

    func confidence(_ probability: Double) -> Double {
        guard let first = points.first, let last = points.last else { return min(max(probability, 0), 1) }
        if probability <= Double(first.probability) { return Double(first.share) }
        if probability >= Double(last.probability) { return Double(last.share) }
        let upper = points.firstIndex { Double($0.probability) >= probability } ?? points.count - 1
        let (left, right) = (points[upper - 1], points[upper])
        let width = Double(right.probability) - Double(left.probability)
        let part = width > 0 ? (probability - Double(left.probability)) / width : 1
        return Double(left.share) + part * (Double(right.share) - Double(left.share))
    }
}
