/// Labelled sequences to train on.
struct ChainExamples {
    let labelCount: Int
    /// The features of each item of each sequence.
    private(set) var rows: [[[Feature]]] = []
    private(set) var labels: [[Int]] = []
    /// A hash of the document that a sequence is from: what has the same one stays in one fold.
    private(set) var groups: [UInt64] = []

    init(labelCount: Int) { self.labelCount = labelCount }

    mutating func append(rows: [[Feature]], labels: [Int], group: UInt64) {
        self.rows.append(rows)
        self.labels.append(labels)
        groups.append(group)
    }

    func fold(of sequence: Int) -> Int { Int(groups[sequence] % UInt64(PenaltySearch.foldCount)) }

    /// A part of the sequences, whole documents each; all of them when they are few.
    func part(tenths: Int) -> ChainExamples {
        var part = ChainExamples(labelCount: labelCount)
        for sequence in groups.indices where groups[sequence] / UInt64(PenaltySearch.foldCount) % 10 < tenths {
            part.append(rows: rows[sequence], labels: labels[sequence], group: groups[sequence])
        }
        return part
    }

    /// Features times labels: what one pass over the examples costs.
    var work: Int { rows.reduce(0) { $1.reduce($0) { $0 + $1.count } } * labelCount }
}

/// Trains chains on the same examples with several penalties and folds left out.
struct ChainTraining {
    /// Features that fewer items have are left out.
    private static let minimumCount = 2
    /// No model has more weights, so that its file has a few megabytes: features that few items have go first.
    private static let weightLimit = 2_000_000

    let examples: ChainExamples
    private let data: ChainData
    private let index: FeatureIndex

    init(_ examples: ChainExamples) {
        var index = FeatureIndex(rows: examples.rows.lazy.flatMap { $0 }, minimumCount: Self.minimumCount)
        var minimumCount = Self.minimumCount
        while index.count * examples.labelCount > Self.weightLimit, minimumCount < 1 << 20 {
            minimumCount *= 2
            index = FeatureIndex(rows: examples.rows.lazy.flatMap { $0 }, minimumCount: minimumCount)
        }
        data = ChainData(examples, index: index)
        (self.examples, self.index) = (examples, index)
    }

    struct Fit {
        let model: ChainModel
        /// The weights as the optimizer has them.
        let point: [Double]
        /// The objective there.
        let value: Double
        let iterations: Int
    }

    /// - Parameters:
    ///   - fold: The fold that is left out, if any.
    ///   - start: Weights to begin with, as ``Fit/point``.
    func fit(penalty: Double, leavingOut fold: Int? = nil, start: [Double]? = nil, optimizer: LBFGS = LBFGS()) -> Fit {
        let sequences = examples.groups.indices.filter { examples.fold(of: $0) != fold }
        let objective = ChainObjective(data: data, penalty: penalty, sequences: sequences)
        let point = start ?? Array(repeating: 0, count: data.parameterCount)
        let result = optimizer.minimize(from: point) { objective.evaluate($0, gradient: &$1) }
        let model = ChainModel(
            labelCount: data.labelCount, index: index, weights: result.point[..<data.transitionBase].map(Float.init),
            transitions: result.point[data.transitionBase...].map(Float.init))
        return Fit(model: model, point: result.point, value: result.value, iterations: result.iterations)
    }
}

extension ChainData {
    init(_ examples: ChainExamples, index: FeatureIndex) {
        self.init(labelCount: examples.labelCount, featureCount: index.count)
        for (rows, labels) in zip(examples.rows, examples.labels) {
            for (row, label) in zip(rows, labels) {
                for feature in row {
                    if let place = index.place(of: feature.key) { append(feature: place, value: feature.value) }
                }
                endItem(label: label)
            }
            endSequence()
        }
    }
}
