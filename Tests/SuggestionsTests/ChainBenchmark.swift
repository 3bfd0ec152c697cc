import Foundation
import Testing

@testable import Suggestions

/// Trains on a problem that `Tests/Benchmarks/suggestions/compare.py` wrote, for a comparison with CRFsuite on the same features.
struct ChainBenchmark {
    static let file = ProcessInfo.processInfo.environment["PRELABEL_CRF_PROBLEM"]

    /// A line is an item: its label and its features, separated by tabs; an empty line ends a sequence.
    @Test(.enabled(if: file != nil, "PRELABEL_CRF_PROBLEM names no file with a problem"))
    func trainsOnTheProblemOfTheComparison() throws {
        let path = try #require(Self.file)
        let penalty = try #require(ProcessInfo.processInfo.environment["PRELABEL_CRF_PENALTY"].flatMap { Double($0) })
        var (labels, features): ([Substring: Int], [Substring: Int]) = ([:], [:])
        func place(of name: Substring, in places: inout [Substring: Int]) -> Int {
            let place = places[name] ?? places.count
            places[name] = place
            return place
        }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        var items: [(label: Int, features: [Int])?] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let fields = line.split(separator: "\t")
            items.append(
                fields.first.map { label in
                    (place(of: label, in: &labels), fields.dropFirst().map { place(of: $0, in: &features) })
                })
        }
        var data = ChainData(labelCount: labels.count, featureCount: features.count)
        for item in items {
            guard let item else {
                if data.itemCount > data.sequenceEnds.last ?? 0 { data.endSequence() }
                continue
            }
            for feature in item.features { data.append(feature: feature, value: 1) }
            data.endItem(label: item.label)
        }
        let objective = ChainObjective(data: data, penalty: penalty, sequences: Array(data.sequenceEnds.indices))
        var optimizer = LBFGS()
        optimizer.maximumIterations = 1_000
        let start = clock()
        let result = optimizer.minimize(from: Array(repeating: 0, count: data.parameterCount)) {
            objective.evaluate($0, gradient: &$1)
        }
        let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        print("crf-benchmark \(seconds) \(result.value) \(result.iterations)")
        #expect(result.value.isFinite)
    }
}
