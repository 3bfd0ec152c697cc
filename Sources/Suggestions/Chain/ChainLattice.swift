import Glibc

/// Forward-backward over one sequence. The buffers are kept from one sequence to the next.
///
/// Sums are over scaled probabilities (Rabiner 1989, section V.A): the forward values of each item add up to 1, and the logarithms
/// of the factors that make them so add up to log Z.
struct ChainLattice {
    private let labelCount: Int
    private(set) var itemCount = 0
    /// Score of each label at each item, item-major.
    private var scores: [Double] = []
    private var potentials: [Double] = []
    private var forward: [Double] = []
    private var backward: [Double] = []
    private var scales: [Double] = []
    private let transitionPotentials: [Double]
    private var incoming: [Double]

    /// - Parameter transitions: `labelCount` rows, the row is the earlier label.
    init(labelCount: Int, transitions: some Collection<Double>) {
        precondition(transitions.count == labelCount * labelCount, "\(transitions.count) transitions for \(labelCount) labels")
        self.labelCount = labelCount
        transitionPotentials = transitions.map { exp($0) }
        incoming = Array(repeating: 0, count: labelCount)
    }

    /// Begins another sequence; the scores of each of its items must then be set.
    mutating func reset(itemCount: Int) {
        self.itemCount = itemCount
        let count = itemCount * labelCount
        guard scores.count < count else { return }
        scores = Array(repeating: 0, count: count)
        potentials = scores
        forward = scores
        backward = scores
        scales = Array(repeating: 0, count: itemCount)
    }

    mutating func setScores(_ row: [Double], at item: Int) {
        for label in 0..<labelCount { scores[item * labelCount + label] = row[label] }
    }

    /// As set.
    func score(item: Int, label: Int) -> Double { scores[item * labelCount + label] }

    /// Runs forward and backward over the scores.
    ///
    /// - Returns: log Z, the logarithm of the sum over all labelings of exp(score).
    mutating func run() -> Double {
        var logZ = 0.0
        for item in 0..<itemCount {
            let row = item * labelCount
            var highest = scores[row]
            for label in 1..<labelCount { highest = max(highest, scores[row + label]) }
            logZ += highest
            for label in 0..<labelCount { potentials[row + label] = exp(scores[row + label] - highest) }
        }
        for item in 0..<itemCount {
            let row = item * labelCount
            if item == 0 {
                for label in 0..<labelCount { forward[row + label] = potentials[row + label] }
            } else {
                for label in 0..<labelCount { incoming[label] = 0 }
                for earlier in 0..<labelCount {
                    let share = forward[row - labelCount + earlier]
                    for label in 0..<labelCount {
                        incoming[label] += share * transitionPotentials[earlier * labelCount + label]
                    }
                }
                for label in 0..<labelCount { forward[row + label] = incoming[label] * potentials[row + label] }
            }
            var sum = 0.0
            for label in 0..<labelCount { sum += forward[row + label] }
            logZ += log(sum)
            scales[item] = 1 / sum
            for label in 0..<labelCount { forward[row + label] *= scales[item] }
        }
        for item in stride(from: itemCount - 1, through: 0, by: -1) {
            let row = item * labelCount
            if item == itemCount - 1 {
                for label in 0..<labelCount { backward[row + label] = 1 }
            } else {
                let next = row + labelCount
                for label in 0..<labelCount {
                    incoming[label] = backward[next + label] * potentials[next + label] * scales[item + 1]
                }
                for earlier in 0..<labelCount {
                    var sum = 0.0
                    for label in 0..<labelCount { sum += transitionPotentials[earlier * labelCount + label] * incoming[label] }
                    backward[row + earlier] = sum
                }
            }
        }
        return logZ
    }

    /// The probability of a label at an item, after ``run()``.
    func marginal(item: Int, label: Int) -> Double {
        forward[item * labelCount + label] * backward[item * labelCount + label]
    }

    /// The probability that the labels from `first` on are `labels`, after ``run()``.
    func probability(of labels: [Int], from first: Int) -> Double {
        var product = forward[first * labelCount + labels[0]]
        for (offset, label) in labels.enumerated().dropFirst() {
            let item = first + offset
            product *=
                transitionPotentials[labels[offset - 1] * labelCount + label] * potentials[item * labelCount + label] * scales[item]
        }
        let last = first + labels.count - 1
        return product * backward[last * labelCount + labels[labels.count - 1]]
    }

    /// Adds the probability of each pair of labels at `item - 1` and `item`.
    func addPairMarginals(endingAt item: Int, to sums: inout [Double]) {
        let row = item * labelCount
        for earlier in 0..<labelCount {
            let share = forward[row - labelCount + earlier] * scales[item]
            for label in 0..<labelCount {
                sums[earlier * labelCount + label] +=
                    share * transitionPotentials[earlier * labelCount + label] * potentials[row + label] * backward[row + label]
            }
        }
    }
}
