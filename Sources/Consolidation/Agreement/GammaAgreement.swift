/// The measure gamma of Mathet, Widlöcher and Métivier 2015, *The unified and holistic method gamma for inter-annotator agreement measure
/// and alignment* (Computational Linguistics 41:3), of one document.
///
/// Units of several annotators are aligned so that their disorder is smallest (section 4.3); gamma is 1 minus that disorder over the one
/// expected of annotators with nothing in common. As in pygamma-agreement: the dissimilarity of two units is the square of their edges'
/// distances over the sum of their lengths (equation 2), plus 1 for different labels; an empty unit is 1 away from all. Expected
/// disorder is the mean over sampled documents with as many units, gaps, lengths and labels, each drawn from a normal distribution with
/// the mean and deviation of the real ones.
///
/// The smallest alignment is sought annotator by annotator: all units of one are assigned anew, at best, to the alignments of the
/// others, until nothing improves. For two annotators that is exact; for more it came within 1 % of the optimum in comparisons.
struct GammaAgreement: Sendable {
    struct Unit: Hashable, Sendable {
        let start: Double
        let end: Double
        let label: Int32
        var length: Double { end - start }
    }

    /// Disorder of the document's best alignment, times the mean number of units of an annotator.
    let observed: Double
    /// The same of each sampled document.
    let samples: [Double]

    var expected: Double { samples.reduce(0, +) / Double(samples.count) }
    /// 1 minus observed over expected disorder; `nil` where chance would not disagree.
    var value: Double? { expected > 0 ? 1 - observed / expected : nil }

    /// - Parameter annotators: Two or more, each with its units by start.
    init(_ annotators: [[Unit]], sampleCount: Int, seed: UInt64) {
        let units = annotators.reduce(0) { $0 + $1.count }
        guard annotators.count > 1, units > 0 else {
            observed = 0
            samples = [0]
            return
        }
        let meanCount = Double(units) / Double(annotators.count)
        observed = Self.disorder(annotators)
        let statistics = ChanceStatistics(annotators)
        var generator = SplitMix64(seed: seed)
        samples = (0..<sampleCount).map { _ in
            let sample = statistics.sample(using: &generator)
            let count = Double(sample.reduce(0) { $0 + $1.count }) / Double(sample.count)
            return Self.disorder(sample) / count * meanCount
        }
    }

    static func dissimilarity(_ left: Unit, _ right: Unit) -> Double {
        let distance = (abs(left.start - right.start) + abs(left.end - right.end)) / (left.length + right.length)
        return distance * distance + (left.label == right.label ? 0 : 1)
    }

    // MARK: Alignment

    /// The summed disorder of the best alignment found: for each aligned group the mean dissimilarity of its pairs, empty units included.
    static func disorder(_ annotators: [[Unit]]) -> Double {
        var alignment = Alignment(annotators)
        alignment.improve()
        return alignment.disorder
    }

    private struct Alignment {
        let annotators: [[Unit]]
        /// For each group the place of each annotator's unit; -1 for an empty one.
        var groups: [[Int]] = []
        let pairCount: Double

        init(_ annotators: [[Unit]]) {
            self.annotators = annotators
            pairCount = Double(annotators.count * (annotators.count - 1) / 2)
            for annotator in annotators.indices { assign(annotator) }
        }

        var disorder: Double {
            groups.reduce(0) { sum, group in
                var filled = 0.0
                var dissimilarities = 0.0
                for first in annotators.indices where group[first] >= 0 {
                    filled += 1
                    for second in annotators.indices where second > first && group[second] >= 0 {
                        dissimilarities += dissimilarity(annotators[first][group[first]], annotators[second][group[second]])
                    }
                }
                return sum + (dissimilarities + pairCount - filled * (filled - 1) / 2) / pairCount
            }
        }

        mutating func improve() {
            var best = disorder
            for _ in 0..<20 where annotators.count > 2 {
                for annotator in annotators.indices { assign(annotator) }
                let now = disorder
                if now > best - 1e-9 { break }
                best = now
            }
        }

        /// Takes an annotator's units out of all groups and assigns them anew, at best. A unit in a group of its own costs every pair; in
        /// a group of s others it saves that, and turns s empty pairs into real ones.
        mutating func assign(_ annotator: Int) {
            for index in groups.indices { groups[index][annotator] = -1 }
            groups.removeAll { $0.allSatisfy { $0 < 0 } }
            let bounds = groups.map { group in
                group.enumerated().filter { $1 >= 0 }.map { annotators[$0][$1] }
            }
            let order = groups.indices.sorted { (bounds[$0][0].start, $0) < (bounds[$1][0].start, $1) }
            let starts = order.map { bounds[$0][0].start }
            let longest = bounds.reduce(0) { max($0, $1[0].length) }
            let gains = annotators[annotator].map { unit in
                // Beyond this distance from any one unit the square alone eats up the largest gain.
                let reach = (pairCount + Double(annotators.count)).squareRoot() * (unit.length + longest)
                var gains: [(column: Int, gain: Double)] = []
                var place = Self.first(starts) { $0 >= unit.start - reach }
                while place < order.count, starts[place] <= unit.start + reach {
                    let members = bounds[order[place]]
                    let gain = pairCount + Double(members.count) - members.reduce(0) { $0 + dissimilarity(unit, $1) }
                    if gain > 0 { gains.append((order[place], gain)) }
                    place += 1
                }
                return gains
            }
            let assignment = SparseAssignment(gains: gains, columnCount: groups.count)
            for (unit, group) in assignment.columnOfRow.enumerated() {
                if group >= 0 {
                    groups[group][annotator] = unit
                } else {
                    var alone = [Int](repeating: -1, count: annotators.count)
                    alone[annotator] = unit
                    groups.append(alone)
                }
            }
        }

        private static func first(_ values: [Double], where holds: (Double) -> Bool) -> Int {
            var (low, high) = (0, values.count)
            while low < high {
                let middle = (low + high) / 2
                if holds(values[middle]) { high = middle } else { low = middle + 1 }
            }
            return low
        }
    }

    // MARK: Chance

    /// What sampled documents are drawn from.
    private struct ChanceStatistics {
        let annotatorCount: Int
        private let counts: (mean: Double, deviation: Double)
        private let gaps: (mean: Double, deviation: Double)
        private let lengths: (mean: Double, deviation: Double)
        private let labels: [Int32]

        init(_ annotators: [[Unit]]) {
            annotatorCount = annotators.count
            counts = Self.moments(annotators.map { Double($0.count) })
            lengths = Self.moments(annotators.joined().map(\.length))
            labels = annotators.joined().map(\.label)
            // The first 0 stands in the reference implementation, too; it keeps documents with single units from having no gap at all.
            var gaps = [0.0]
            for units in annotators {
                if let first = units.first, first.start > 0 { gaps.append(first.start) }
                for (before, unit) in zip(units, units.dropFirst()) { gaps.append(unit.start - before.end) }
            }
            self.gaps = Self.moments(gaps)
        }

        private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
            let mean = values.reduce(0, +) / Double(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
            return (mean, variance.squareRoot())
        }

        func sample(using generator: inout SplitMix64) -> [[Unit]] {
            var isEmpty = true
            return (0..<annotatorCount).map { _ in
                var count = Int(abs(generator.normal(mean: counts.mean, deviation: counts.deviation).rounded(.towardZero)))
                if isEmpty { count = max(1, count) }
                isEmpty = isEmpty && count == 0
                var position = 0.0
                let units = (0..<count).map { _ in
                    let start = position + generator.normal(mean: gaps.mean, deviation: gaps.deviation)
                    let length = abs(generator.normal(mean: lengths.mean, deviation: lengths.deviation))
                    position = start + max(1e-6, length)
                    return Unit(start: start, end: position, label: labels[generator.below(labels.count)])
                }
                return units.sorted { ($0.start, $0.end, $0.label) < ($1.start, $1.end, $1.label) }
            }
        }
    }
}
