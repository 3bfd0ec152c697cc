import Glibc

/// How wrong a model is at most on the texts that it is most certain of.
///
/// The texts of a calibration set, none of which the model saw, are taken in growing groups from the most certain ones on. The mean
/// share of wrong labels in a group has an upper bound that holds with a probability of 95 %: Hoeffding's inequality in its form with
/// the relative entropy (Hoeffding 1963, theorem 1), which asks no more than independent shares between 0 and 1. For a budget, groups are
/// judged in this order from one on that its size alone decides, and the first one beyond the budget ends the search: fixed sequence
/// testing, so that choosing among groups costs nothing (Angelopoulos, Bates, Candès, Jordan and Lei 2021, Learn then test).
struct TrustCurve: Sendable, Equatable {
    /// With fewer texts no bound would be of use.
    static let minimumTexts = 100
    /// The probability that a bound does not hold.
    static let risk = 0.05
    /// Groups: each has this part of the texts more than the one before.
    static let maximumPoints = 20

    struct Point: Sendable, Equatable {
        /// The lowest certainty of a group's texts.
        let certainty: Double
        let errorBound: Double
        /// Texts of the group.
        let count: UInt32
    }

    /// By falling certainty and rising count. Empty: nothing is known.
    let points: [Point]

    init(points: [Point]) { self.points = points }

    /// - Parameter texts: Certainties, and which share of the labels was wrong, in any order.
    init(_ texts: [TextTrial]) {
        guard texts.count >= Self.minimumTexts else {
            points = []
            return
        }
        let sorted = texts.sorted { ($0.certainty, $1.errorShare) > ($1.certainty, $0.errorShare) }
        var points: [Point] = []
        var (count, errors) = (0, 0.0)
        for part in 1...Self.maximumPoints {
            let end = sorted.count * part / Self.maximumPoints
            // Texts of one certainty stand or fall together.
            while count < sorted.count, count < end || sorted[count].certainty == sorted[count - 1].certainty {
                errors += sorted[count].errorShare
                count += 1
            }
            let bound = Self.upperBound(mean: min(errors / Double(count), 1), count: count)
            points.append(Point(certainty: sorted[count - 1].certainty, errorBound: bound, count: UInt32(count)))
        }
        self.points = points
    }

    /// The certainty from which on at most this share of labels is wrong on average; `nil` when that is not known of any.
    func certainty(forBudget budget: Double) -> Double? {
        guard budget > 0, let all = points.last else { return nil }
        // Twice as many texts as would do if none had an error, so that few errors do not end the search at its beginning.
        let enough = budget < 1 ? 2 * log(Self.risk) / log(1 - budget) : 1
        let start = points.firstIndex { Double($0.count) >= min(enough, Double(all.count)) } ?? points.count
        return points[start...].prefix { $0.errorBound <= budget }.last?.certainty
    }

    /// The highest mean under which what was seen has a probability of at least ``risk``.
    static func upperBound(mean: Double, count: Int) -> Double {
        let limit = log(1 / risk) / Double(count)
        var (low, high) = (mean, 1.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if relativeEntropy(mean, middle) <= limit { low = middle } else { high = middle }
        }
        return high
    }

    /// Of a coin that falls on its head with the probability `mean` relative to one with `other`, which is not below it.
    private static func relativeEntropy(_ mean: Double, _ other: Double) -> Double {
        let heads = mean > 0 ? mean * log(mean / other) : 0
        let tails = mean < 1 ? (1 - mean) * log((1 - mean) / (1 - other)) : 0
        return heads + tails
    }
}

/// What a model made of a text that it had not seen.
struct TextTrial {
    /// As in ``Proposal``.
    let certainty: Double
    /// Which share of the labels was wrong or missing, 0...1.
    let errorShare: Double
}
