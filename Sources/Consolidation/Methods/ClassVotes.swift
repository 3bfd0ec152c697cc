/// Labels for whole objects from several workers' votes, by the model of Dawid and Skene 1979 (*Maximum likelihood estimation of observer
/// error-rates using the EM algorithm*) with one error table a worker: an object's true class is drawn from the classes' shares p
/// (equation 2.5) and worker k says l where j is true with probability π_k(j, l) (equations 2.3 and 2.4).
///
/// Each worker's table is shrunk towards one of 70 % correct answers with the weight of four answers a class: few answers say little
/// about a worker, and without it a worker who is alone on every object is believed to be perfect. EM starts from the shares of votes.
package struct ClassVotes: Sendable {
    package struct Vote: Sendable {
        // A job has hundreds of thousands.
        private let places: (worker: Int32, choice: Int32)
        package var worker: Int { Int(places.worker) }
        /// The class that the worker chose, in `0..<classCount`.
        package var choice: Int { Int(places.choice) }
        package init(worker: Int, choice: Int) { places = (Int32(worker), Int32(choice)) }
    }

    private static let maximumRounds = 50
    private static let tolerance = 1e-6
    private static let priorWeight = 4.0
    private static let priorAccuracy = 0.7

    /// Each object's chance of each class, at `object * classCount + class`; equal chances where nobody voted.
    package private(set) var chances: [Double]
    package let classCount: Int

    /// - Parameters:
    ///   - votes: Object by object. The result does not depend on the order of an object's votes but for rounding, so sort them where
    ///     bytes must agree.
    ///   - counts: How many of them each object has.
    ///   - workerCount: Workers are `0..<workerCount`.
    ///   - classCount: At least 1.
    /// - Complexity: O(rounds × (votes × classes + workers × classes²)).
    package init(votes: [Vote], counts: [Int32], workerCount: Int, classCount: Int) {
        precondition(classCount > 0, "there must be a class to vote for")
        self.classCount = classCount
        chances = [Double](repeating: 0, count: counts.count * classCount)
        var next = 0
        for (object, count) in counts.enumerated() {
            for vote in votes[next..<(next + Int(count))] { chances[object * classCount + vote.choice] += 1 }
            next += Int(count)
        }
        Self.normalize(&chances, columns: classCount)
        for _ in 0..<Self.maximumRounds {
            let model = Model(votes, counts, chances, workerCount, classCount)
            if infer(votes, counts, by: model) < Self.tolerance { break }
        }
    }

    /// The likeliest class; of equals the first.
    package func best(of object: Int) -> (choice: Int, confidence: Double) {
        let row = chances[(object * classCount)..<((object + 1) * classCount)]
        let best = row.indices.reduce(row.startIndex) { row[$1] > row[$0] ? $1 : $0 }
        return (best - row.startIndex, row[best])
    }

    /// The classes' shares and the workers' error tables, as logarithms.
    private struct Model {
        let shares: [Double]
        /// At `(worker * classCount + true class) * classCount + said class`.
        let errors: [Double]

        init(_ votes: [Vote], _ counts: [Int32], _ chances: [Double], _ workerCount: Int, _ classCount: Int) {
            var shares = [Double](repeating: 1, count: classCount)
            for (index, chance) in chances.enumerated() { shares[index % classCount] += chance }
            let total = shares.reduce(0, +)
            self.shares = shares.map { naturalLog($0 / total) }

            let wrong = classCount > 1 ? (1 - priorAccuracy) / Double(classCount - 1) : 0
            var errors = (0..<(workerCount * classCount * classCount)).map { index in
                priorWeight * (index / classCount % classCount == index % classCount ? priorAccuracy : wrong)
            }
            var next = 0
            for (object, count) in counts.enumerated() {
                let row = object * classCount
                for vote in votes[next..<(next + Int(count))] {
                    for truth in 0..<classCount {
                        errors[(vote.worker * classCount + truth) * classCount + vote.choice] += chances[row + truth]
                    }
                }
                next += Int(count)
            }
            ClassVotes.normalize(&errors, columns: classCount)
            for index in errors.indices { errors[index] = naturalLog(errors[index]) }
            self.errors = errors
        }
    }

    /// Puts new chances in the place of the old ones, row by row: a job's fill megabytes.
    ///
    /// - Returns: The largest change.
    private mutating func infer(_ votes: [Vote], _ counts: [Int32], by model: Model) -> Double {
        var (change, next) = (0.0, 0)
        for (object, count) in counts.enumerated() {
            var row = model.shares
            for vote in votes[next..<(next + Int(count))] {
                for truth in row.indices {
                    row[truth] += model.errors[(vote.worker * classCount + truth) * classCount + vote.choice]
                }
            }
            next += Int(count)
            let peak = row.reduce(-Double.infinity) { max($0, $1) }
            for index in row.indices { row[index] = exponential(row[index] - peak) }
            Self.normalize(&row, columns: classCount)
            for (place, chance) in zip((object * classCount)..., row) {
                change = max(change, abs(chance - chances[place]))
                chances[place] = chance
            }
        }
        return change
    }

    /// Makes each row sum to 1; a row of zeros gets equal parts.
    private static func normalize(_ values: inout [Double], columns: Int) {
        for start in stride(from: 0, to: values.count, by: columns) {
            let range = start..<(start + columns)
            let sum = values[range].reduce(0, +)
            for index in range { values[index] = sum > 0 ? values[index] / sum : 1 / Double(columns) }
        }
    }
}
