/// What is known about a consolidated span before its confidence.
package struct SpanEvidence: Hashable, Sendable {
    /// The sequence model's chance of the span, 0...1; without such a model 0.5, which says nothing.
    package let sequenceChance: Double
    /// The tokens' model's chance of the span's least certain tag, 0...1; without such a model 0.5.
    package let tokenChance: Double
    /// The share of the document's workers who marked this span or a similar one with its label (``GroundTruthRule/similarity``).
    package let similarShare: Double

    package init(sequenceChance: Double, tokenChance: Double, similarShare: Double) {
        (self.sequenceChance, self.tokenChance, self.similarShare) = (sequenceChance, tokenChance, similarShare)
    }

    /// 1; the chances' log odds, at most 9.2 either way; the share.
    fileprivate var features: [Double] {
        [1, Self.logOdds(sequenceChance), Self.logOdds(tokenChance), similarShare]
    }

    private static func logOdds(_ chance: Double) -> Double {
        let chance = min(0.9999, max(0.0001, chance))
        return naturalLog(chance / (1 - chance))
    }
}

/// Maps a span's evidence to the chance that it is right, edges and label included: a logistic regression.
///
/// A model's own chance is not enough: it takes workers for more independent than they are, so that nearly all of its spans look
/// certain. How many workers stand behind a span tells the certain ones apart.
package struct ConfidenceCalibration: Hashable, Sendable {
    /// Of 1, the chances' log odds, and the share of similar marks.
    package let weights: [Double]

    /// - Precondition: Four weights.
    package init(weights: [Double]) {
        precondition(weights.count == 4, "a calibration has 4 weights, found \(weights.count)")
        self.weights = weights
    }

    /// Fitted to one half of simulated answers, with and without words; see <doc:Confidence>.
    package static let standard = Self(weights: [-1.58, 0.25, -0.02, 3.55])
    /// The same for the tokens' model alone.
    package static let tokens = Self(weights: [-1.91, 0, 0.23, 4.24])

    package func confidence(_ evidence: SpanEvidence) -> Double { Self.logistic(weights, evidence.features) }

    private static func logistic(_ weights: [Double], _ features: [Double]) -> Double {
        let sum = zip(weights, features).reduce(0) { $0 + $1.0 * $1.1 }
        return 1 / (1 + exponential(-sum))
    }

    /// The weights under which outcomes known to be right or wrong are likeliest, with a weak pull towards 0: Newton's method, each step
    /// halved until it climbs.
    package static func fitted(to outcomes: [(evidence: SpanEvidence, isRight: Bool)]) -> Self {
        let rows = outcomes.map { (features: $0.evidence.features, isRight: $0.isRight) }
        let pull = 0.1
        func objective(_ weights: [Double]) -> Double {
            rows.reduce(-pull / 2 * weights.reduce(0) { $0 + $1 * $1 }) { sum, row in
                let p = logistic(weights, row.features)
                return sum + naturalLog(max(1e-12, row.isRight ? p : 1 - p))
            }
        }
        var weights = [Double](repeating: 0, count: 4)
        var value = objective(weights)
        for _ in 0..<50 {
            var gradient = weights.map { -pull * $0 }
            var curvature = (0..<4).map { row in (0..<4).map { row == $0 ? pull : 0 } }
            for row in rows {
                let p = logistic(weights, row.features)
                for i in 0..<4 {
                    gradient[i] += ((row.isRight ? 1 : 0) - p) * row.features[i]
                    for j in 0..<4 { curvature[i][j] += p * (1 - p) * row.features[i] * row.features[j] }
                }
            }
            let direction = solve(curvature, gradient)
            var scale = 1.0
            var next = zip(weights, direction).map { $0 + $1 }
            while objective(next) < value, scale > 1e-6 {
                scale /= 2
                next = zip(weights, direction).map { $0 + scale * $1 }
            }
            let climbed = objective(next) - value
            guard climbed > 1e-9 else { break }
            (weights, value) = (next, value + climbed)
        }
        return Self(weights: weights)
    }

    /// Gauss elimination; the matrix is positive definite, so no pivot is 0.
    private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        var rows = zip(matrix, right).map { $0 + [$1] }
        for pivot in rows.indices {
            for row in rows.indices where row != pivot {
                let factor = rows[row][pivot] / rows[pivot][pivot]
                for column in pivot...rows.count { rows[row][column] -= factor * rows[pivot][column] }
            }
        }
        return rows.indices.map { rows[$0][rows.count] / rows[$0][$0] }
    }
}

/// How well confidences say what is right.
package struct ConfidenceQuality: Hashable, Sendable {
    /// The mean distance between confidence and share of right ones over ten bins of equal width, weighted by their sizes (Guo and
    /// others 2017).
    package let expectedCalibrationError: Double
    /// The chance that a right one has the higher confidence than a wrong one, ties counting half; `nil` without both kinds.
    package let areaUnderCurve: Double?

    package init(_ outcomes: [(confidence: Double, isRight: Bool)]) {
        var bins = [(count: Int, right: Int, sum: Double)](repeating: (0, 0, 0), count: 10)
        for outcome in outcomes {
            let bin = min(9, Int(outcome.confidence * 10))
            bins[bin].count += 1
            bins[bin].right += outcome.isRight ? 1 : 0
            bins[bin].sum += outcome.confidence
        }
        expectedCalibrationError = bins.reduce(0) { $0 + abs($1.sum - Double($1.right)) } / Double(max(1, outcomes.count))
        areaUnderCurve = Self.area(outcomes)
    }

    private static func area(_ outcomes: [(confidence: Double, isRight: Bool)]) -> Double? {
        let right = outcomes.filter(\.isRight).count
        let wrong = outcomes.count - right
        guard right > 0, wrong > 0 else { return nil }
        let sorted = outcomes.sorted { $0.confidence < $1.confidence }
        var rankSum = 0.0
        var first = 0
        while first < sorted.count {
            var end = first
            while end < sorted.count, sorted[end].confidence == sorted[first].confidence { end += 1 }
            let rank = Double(first + end + 1) / 2
            rankSum += rank * Double(sorted[first..<end].filter(\.isRight).count)
            first = end
        }
        return (rankSum - Double(right * (right + 1)) / 2) / Double(right * wrong)
    }
}
