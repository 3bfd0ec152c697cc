/// How the truth goes on from cell to cell: a Dirichlet over the states that may follow, for each state.
///
/// Where a span goes on and what follows it, the prior is what the workers' own spans do, heavily weighted: how long spans are and
/// whether they touch is something all workers show, and it keeps begin and inside from drifting to other meanings.
struct TransitionTable: Sendable {
    let states: TagStates
    /// Expected numbers of steps, at `from * states + to`.
    var counts: [Double]
    private let prior: [Double]
    /// The exponential of the posterior's expected logarithm of each probability; 0 for what cannot be.
    private(set) var weights: [Double]

    private static let anchorWeight = 10.0

    /// - Parameter votes: The numbers of steps that the workers' tags make, at `from * states + to`; a document's workers together
    ///   count as one.
    init(_ states: TagStates, votes: [Double]) {
        self.states = states
        counts = votes
        var prior = [Double](repeating: 1, count: votes.count)
        for from in 0..<states.count where states.isMarked(from) {
            for to in 0..<states.count {
                prior[from * states.count + to] = 0.5 + Self.anchorWeight * votes[from * states.count + to]
            }
        }
        self.prior = prior
        weights = [Double](repeating: 0, count: votes.count)
    }

    mutating func update() {
        for from in 0..<states.count {
            let entries = entries(from: from)
            let logTotal = digamma(entries.reduce(0) { $0 + counts[$1] + prior[$1] })
            for entry in entries { weights[entry] = exponential(digamma(counts[entry] + prior[entry]) - logTotal) }
        }
    }

    private func entries(from: Int) -> [Int] {
        (0..<states.count).filter { states.allows(from, to: $0) }.map { from * states.count + $0 }
    }

    /// The divergence of the posteriors from the prior, in nats.
    var divergence: Double {
        var sum = 0.0
        for from in 0..<states.count {
            var (total, priorTotal) = (0.0, 0.0)
            for entry in entries(from: from) {
                total += prior[entry] + counts[entry]
                priorTotal += prior[entry]
                sum += counts[entry] * naturalLog(weights[entry]) + logGamma(prior[entry]) - logGamma(prior[entry] + counts[entry])
            }
            sum += logGamma(total) - logGamma(priorTotal)
        }
        return sum
    }
}
