/// Chooses the penalty by cross-validation.
///
/// The search climbs from the middle of the scale to the side that scores higher until a step no longer does, and each fit begins with
/// the weights of the neighbouring penalty. Data beyond a certain size is searched on a part of it: the best penalty changes little
/// with size, and time stays within minutes.
struct PenaltySearch {
    static let foldCount = 4
    static let penalties: [Double] = [0.5, 1, 2, 4, 8, 16, 32, 64]
    private static let start = 3
    /// Fits to compare need not be as exact as the one that is kept.
    private static let optimizer = LBFGS(maximumIterations: 60, tolerance: 1e-4)
    /// Features times labels of the part to search on.
    private static let workLimit = 40_000_000

    private let training: ChainTraining
    /// Whether the data were too many, so that a part of them is searched and scored.
    let isOnPart: Bool

    /// - Parameter training: Of all examples; used as it is when they are not too many.
    init(_ training: ChainTraining) {
        let work = training.examples.work
        isOnPart = work > Self.workLimit
        self.training = isOnPart ? ChainTraining(training.examples.part(tenths: max(1, 10 * Self.workLimit / work))) : training
    }

    /// What a model says about a sequence that it has not seen.
    struct Prediction<Value> {
        /// The hash of its document.
        let group: UInt64
        let labels: [Int]
        let value: Value
    }

    /// - Parameters:
    ///   - predict: What a model says about a sequence.
    ///   - score: How good all predictions are; of equal scores the larger penalty wins.
    /// - Returns: The best penalty with its predictions.
    func best<Value>(
        predict: (ChainModel, [[Feature]]) -> Value, score: ([Prediction<Value>]) -> Double
    ) -> (penalty: Double, predictions: [Prediction<Value>]) {
        let examples = training.examples
        var points: [Int: [Double]] = [:]
        func run(_ place: Int) -> (score: Double, predictions: [Prediction<Value>]) {
            var predictions: [Prediction<Value>] = []
            for fold in 0..<Self.foldCount {
                let fit = training.fit(
                    penalty: Self.penalties[place], leavingOut: fold, start: points[fold],
                    optimizer: Self.optimizer)
                points[fold] = fit.point
                for sequence in examples.groups.indices where examples.fold(of: sequence) == fold {
                    predictions.append(
                        Prediction(
                            group: examples.groups[sequence], labels: examples.labels[sequence],
                            value: predict(fit.model, examples.rows[sequence])))
                }
            }
            return (score(predictions), predictions)
        }
        var place = Self.start
        var best = run(place)
        var next = run(place + 1)
        let direction = next.score >= best.score ? 1 : -1
        if direction == -1 { next = run(place - 1) }
        while direction == 1 ? next.score >= best.score : next.score > best.score {
            (best, place) = (next, place + direction)
            guard Self.penalties.indices.contains(place + direction) else { break }
            next = run(place + direction)
        }
        return (Self.penalties[place], best.predictions)
    }
}
