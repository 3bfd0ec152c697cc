import Foundation
import Testing

@testable import Suggestions

@Suite(.timeLimit(.minutes(1)))
struct ChainTests {
    /// A lattice with random scores and transitions.
    private func randomLattice(items: Int, labels: Int, seed: UInt64) -> (
        lattice: ChainLattice, scores: [[Double]], transitions: [[Double]]
    ) {
        var generator = SeededGenerator(seed: seed)
        func row() -> [Double] { (0..<labels).map { _ in Double.random(in: -3...3, using: &generator) } }
        let scores = (0..<items).map { _ in row() }
        let transitions = (0..<labels).map { _ in row() }
        var lattice = ChainLattice(labelCount: labels, transitions: transitions.flatMap { $0 })
        lattice.reset(itemCount: items)
        for (item, row) in scores.enumerated() { lattice.setScores(row, at: item) }
        return (lattice, scores, transitions)
    }

    /// All labelings with exp(score), one by one.
    private func enumerated(_ scores: [[Double]], _ transitions: [[Double]]) -> [(labels: [Int], weight: Double)] {
        var labelings: [(labels: [Int], score: Double)] = [([], 0)]
        for row in scores {
            labelings = labelings.flatMap { labeling in
                row.indices.map { label in
                    let step = labeling.labels.last.map { transitions[$0][label] } ?? 0
                    return (labeling.labels + [label], labeling.score + row[label] + step)
                }
            }
        }
        return labelings.map { ($0.labels, exp($0.score)) }
    }

    @Test(arguments: [(1, 3), (2, 2), (5, 3), (4, 5)])
    func agreesWithTheSumOverAllLabelings(items: Int, labels: Int) {
        var (lattice, scores, transitions) = randomLattice(items: items, labels: labels, seed: UInt64(items * 10 + labels))
        let all = enumerated(scores, transitions)
        let total = all.reduce(0) { $0 + $1.weight }
        #expect(abs(lattice.run() - log(total)) < 1e-12)
        for item in 0..<items {
            for label in 0..<labels {
                let expected = all.reduce(0) { $0 + ($1.labels[item] == label ? $1.weight : 0) } / total
                #expect(abs(lattice.marginal(item: item, label: label) - expected) < 1e-12)
            }
        }
        guard items > 2 else { return }
        let stretch = [1, 0]
        let expected = all.reduce(0) { $0 + (Array($1.labels[1...2]) == stretch ? $1.weight : 0) } / total
        #expect(abs(lattice.probability(of: stretch, from: 1) - expected) < 1e-12)
    }

    @Test func staysFiniteOnLongSequencesWithExtremeScores() {
        var lattice = ChainLattice(labelCount: 2, transitions: [50, -50, -50, 50])
        lattice.reset(itemCount: 3_000)
        for item in 0..<3_000 { lattice.setScores(item % 2 == 0 ? [900, -900] : [-900, 900], at: item) }
        #expect(lattice.run().isFinite)
        for item in [0, 1, 1_500, 2_999] {
            let sum = lattice.marginal(item: item, label: 0) + lattice.marginal(item: item, label: 1)
            #expect(abs(sum - 1) < 1e-9)
        }
    }

    @Test func gradientIsTheSlopeOfTheValue() throws {
        let problem = try CRFsuiteFixture()
        let objective = ChainObjective(data: problem.data, penalty: 0.3, sequences: [0, 2, 3, 5])
        var generator = SeededGenerator(seed: 3)
        let point = (0..<problem.data.parameterCount).map { _ in Double.random(in: -1...1, using: &generator) }
        var gradient = point
        _ = objective.evaluate(point, gradient: &gradient)
        var ignored = point
        for index in stride(from: 0, to: point.count, by: 7) + [point.count - 1, point.count - 5] {
            var (left, right) = (point, point)
            left[index] -= 1e-5
            right[index] += 1e-5
            let slope = (objective.evaluate(right, gradient: &ignored) - objective.evaluate(left, gradient: &ignored)) / 2e-5
            #expect(abs(slope - gradient[index]) < 1e-6)
        }
    }

    @Test func marginalsAreThoseOfCRFsuiteWithTheSameWeights() throws {
        let problem = try CRFsuiteFixture()
        #expect(!problem.marginals.isEmpty)
        for (sequence, items) in problem.test.enumerated() {
            var lattice = ChainLattice(
                labelCount: CRFsuiteFixture.labelCount, transitions: problem.weights[problem.data.transitionBase...])
            lattice.reset(itemCount: items.count)
            for (item, features) in items.enumerated() {
                let scores = (0..<CRFsuiteFixture.labelCount).map { label in
                    features.reduce(0) { $0 + problem.weights[$1 * CRFsuiteFixture.labelCount + label] }
                }
                lattice.setScores(scores, at: item)
            }
            _ = lattice.run()
            for (key, expected) in problem.marginals where key[0] == sequence {
                #expect(abs(lattice.marginal(item: key[1], label: key[2]) - expected) < 1e-6)
            }
        }
    }

    @Test func trainingEndsNoWorseThanCRFsuite() throws {
        let problem = try CRFsuiteFixture()
        let sequences = Array(problem.data.sequenceEnds.indices)
        let objective = ChainObjective(data: problem.data, penalty: problem.penalty, sequences: sequences)
        var gradient = problem.weights
        // The objective is the same: at CRFsuite's weights it has CRFsuite's value, which it prints with six digits.
        #expect(abs(objective.evaluate(problem.weights, gradient: &gradient) - problem.loss) < 1e-5)
        let start = Array(repeating: 0.0, count: problem.data.parameterCount)
        let result = LBFGS().minimize(from: start) { objective.evaluate($0, gradient: &$1) }
        #expect(result.value <= problem.loss * (1 + 1e-5))
    }
}

/// `crfsuite.tsv`, made by the script beside it.
struct CRFsuiteFixture {
    static let labelCount = 4
    static let featureCount = 24

    private(set) var data = ChainData(labelCount: labelCount, featureCount: featureCount)
    private(set) var test: [[[Int]]] = []
    private(set) var weights = Array(repeating: 0.0, count: (featureCount + labelCount) * labelCount)
    /// By sequence, item and label.
    private(set) var marginals: [[Int]: Double] = [:]
    private(set) var loss = 0.0
    private(set) var penalty = 0.0

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/crfsuite.tsv")
        var sequence = 0
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: "\t")
            let numbers = fields.dropFirst().compactMap { Double($0) }
            let integers = numbers.map { Int($0) }
            switch fields[0] {
            case "loss": (loss, penalty) = (numbers[0], numbers[1])
            case "train":
                if integers[0] != sequence {
                    data.endSequence()
                    sequence = integers[0]
                }
                for feature in integers[2...] { data.append(feature: feature, value: 1) }
                data.endItem(label: integers[1])
            case "test":
                if integers[0] == test.count { test.append([]) }
                test[integers[0]].append(Array(integers[2...]))
            case "state": weights[integers[0] * Self.labelCount + integers[1]] = numbers[2]
            case "transition": weights[(Self.featureCount + integers[0]) * Self.labelCount + integers[1]] = numbers[2]
            default: marginals[Array(integers[..<3])] = numbers[3]
            }
        }
        data.endSequence()
    }
}
