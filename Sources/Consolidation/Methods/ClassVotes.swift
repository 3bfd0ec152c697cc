/// Labels for whole objects from several workers' votes, by the model of Dawid and Skene 1979 (*Maximum likelihood estimation of observer
/// error-rates using the EM algorithm*) with one error table a worker: an object's true class is drawn from the classes' shares p
/// (equation 2.5) and worker k says l where j is true with probability π_k(j, l) (equations 2.3 and 2.4).
///
/// Each worker's table is shrunk towards one of 70 % correct answers with the weight of four answers a class: few answers say little
/// about a worker, and without it a worker who is alone on every object is believed to be perfect. EM starts from the shares of votes.
package struct ClassVotes: Sendable {
    package struct Vote: Sendable {
        // A job has hundreds of thousands.
        private let places: (object: Int32, worker: Int32, choice: Int32)
        package var object: Int { Int(places.object) }
        package var worker: Int { Int(places.worker) }
        /// The class that the worker chose, in `0..<classCount`.
        package var choice: Int { Int(places.choice) }
        package init(object: Int, worker: Int, choice: Int) { places = (Int32(object), Int32(worker), Int32(choice)) }
    }

    private static let maximumRounds = 50
    private static let tolerance = 1e-6
    private static let priorWeight = 4.0
    private static let priorAccuracy = 0.7

    /// Each object's chance of each class, at `object * classCount + class`; equal chances where nobody voted.
    package let chances: [Double]
    package let classCount: Int

    /// - Parameters:
    ///   - votes: In any order; the result does not depend on it but for rounding, so sort them where bytes must agree.
    ///   - objectCount: Objects are `0..<objectCount`.
    ///   - workerCount: Workers are `0..<workerCount`.
    ///   - classCount: At least 1.
    /// - Complexity: O(rounds × (votes × classes + workers × classes²)).
    package init(votes: [Vote], objectCount: Int, workerCount: Int, classCount: Int) {
        precondition(classCount > 0, "there must be a class to vote for")
        var chances = [Double](repeating: 0, count: objectCount * classCount)
        for vote in votes { chances[vote.object * classCount + vote.choice] += 1 }
        Self.normalize(&chances, rows: objectCount, classCount)
        for _ in 0..<Self.maximumRounds {
            let next = Self.infer(votes, from: chances, objectCount, workerCount, classCount)
            let change = zip(next, chances).reduce(0) { max($0, abs($1.0 - $1.1)) }
            chances = next
            if change < Self.tolerance { break }
        }
        (self.chances, self.classCount) = (chances, classCount)
    }

    /// The likeliest class; of equals the first.
    package func best(of object: Int) -> (choice: Int, confidence: Double) {
        let row = chances[(object * classCount)..<((object + 1) * classCount)]
        let best = row.indices.reduce(row.startIndex) { row[$1] > row[$0] ? $1 : $0 }
        return (best - row.startIndex, row[best])
    }

    /// One round: shares and error tables from the chances, and new chances from those.
    private static func infer(
        _ votes: [Vote], from chances: [Double], _ objectCount: Int, _ workerCount: Int, _ classCount: Int
    ) -> [Double] {
        var shares = [Double](repeating: 1, count: classCount)
        for (index, chance) in chances.enumerated() { shares[index % classCount] += chance }
        let total = shares.reduce(0, +)
        let logShares = shares.map { naturalLog($0 / total) }

        // At `(worker * classCount + true class) * classCount + said class`.
        let wrong = classCount > 1 ? (1 - priorAccuracy) / Double(classCount - 1) : 0
        var errors = (0..<(workerCount * classCount * classCount)).map { index in
            priorWeight * (index / classCount % classCount == index % classCount ? priorAccuracy : wrong)
        }
        for vote in votes {
            for truth in 0..<classCount {
                errors[(vote.worker * classCount + truth) * classCount + vote.choice] += chances[vote.object * classCount + truth]
            }
        }
        normalize(&errors, rows: workerCount * classCount, classCount)
        for index in errors.indices { errors[index] = naturalLog(errors[index]) }

        var next = [Double](repeating: 0, count: chances.count)
        for index in next.indices { next[index] = logShares[index % classCount] }
        for vote in votes {
            for truth in 0..<classCount {
                next[vote.object * classCount + truth] += errors[(vote.worker * classCount + truth) * classCount + vote.choice]
            }
        }
        for object in 0..<objectCount {
            let row = (object * classCount)..<((object + 1) * classCount)
            let peak = next[row].reduce(-Double.infinity) { max($0, $1) }
            for index in row { next[index] = exponential(next[index] - peak) }
        }
        normalize(&next, rows: objectCount, classCount)
        return next
    }

    /// Makes each row sum to 1; a row of zeros gets equal parts.
    private static func normalize(_ values: inout [Double], rows: Int, _ columns: Int) {
        for row in 0..<rows {
            let range = (row * columns)..<((row + 1) * columns)
            let sum = values[range].reduce(0, +)
            for index in range { values[index] = sum > 0 ? values[index] / sum : 1 / Double(columns) }
        }
    }
}
