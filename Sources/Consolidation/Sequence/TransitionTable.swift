/// How the truth goes on from cell to cell: a Dirichlet(1, …, 1) over the states that may follow, for each state.
struct TransitionTable: Sendable {
    let states: TagStates
    var stateCount: Int { states.count }
    /// Expected numbers of steps, at `from * states + to`.
    var counts: [Double]
    /// The exponential of the posterior's expected logarithm of each probability; 0 for what cannot be.
    private(set) var weights: [Double]

    var prior: [Double]

    init(_ states: TagStates) {
        self.states = states
        counts = [Double](repeating: 0, count: states.count * states.count)
        weights = counts
        prior = [Double](repeating: 1, count: counts.count)
    }

    mutating func update() {
        for from in 0..<stateCount {
            let successors = (0..<stateCount).filter { states.allows(from, to: $0) }
            let logTotal = digamma(successors.reduce(0) { $0 + counts[from * stateCount + $1] + prior[from * stateCount + $1] })
            for to in successors {
                weights[from * stateCount + to] = exponential(digamma(counts[from * stateCount + to] + prior[from * stateCount + to]) - logTotal)
            }
        }
    }

    var divergence: Double {
        var sum = 0.0
        for from in 0..<stateCount {
            let successors = (0..<stateCount).filter { states.allows(from, to: $0) }
            var (total, priorTotal) = (0.0, 0.0)
            for to in successors {
                let entry = from * stateCount + to
                total += prior[entry] + counts[entry]
                priorTotal += prior[entry]
                sum += counts[entry] * naturalLog(weights[entry]) + logGamma(prior[entry]) - logGamma(prior[entry] + counts[entry])
            }
            sum += logGamma(total) - logGamma(priorTotal)
        }
        return sum
    }
}
