/// What each worker does where the truth is a state: a Dirichlet over choices for each worker, state, and whether the worker was inside
/// a span before, under a prior that the workers share and that is learnt from all of them.
///
/// With N_k(p, j, m) the expected number of times that worker k, being inside or not (p), chose m where the truth was j (Simpson and
/// Gurevych 2019, equation 6), the posterior is Dirichlet(a(p, j, ·) + N_k(p, j, ·)). The prior a is fitted to the workers' counts by
/// the fixed point of Minka 2000, *Estimating a Dirichlet distribution*, equation 55, which climbs the evidence lower bound: a worker
/// with few answers behaves as the crowd does, one with many as oneself.
///
/// Entries lie at `(worker * codes + code) * states + state`, codes as in ``MarkedRegions``.
struct WorkerTables: Sendable {
    let states: TagStates
    let workerCount: Int
    let choiceCount: Int
    let tableSize: Int

    /// The shared prior, at `code * states + state`; 0 for what cannot be.
    private(set) var prior: [Double]
    private let firstPrior: [Double]
    private(set) var counts: [Double]
    /// The posterior's expectation of the logarithm of each probability.
    private(set) var logProbabilities: [Double]

    /// Weight of the first prior against the evidence of one worker when the prior is learnt.
    private static let hyperWeight = 1.0
    private static let firstStrength = 4.0

    init(_ regions: MarkedRegions, states: TagStates) {
        self.states = states
        workerCount = regions.workerCount
        choiceCount = regions.choiceCount
        tableSize = regions.codeCount * states.count
        firstPrior = Self.firstPrior(states, choiceCount: regions.choiceCount)
        prior = firstPrior
        counts = [Double](repeating: 0, count: workerCount * tableSize)
        logProbabilities = counts
    }

    /// What a worker with common sense and common faults does: finds half of what there is, seldom marks what is not, mostly ends where
    /// the span ends.
    private static func firstPrior(_ states: TagStates, choiceCount: Int) -> [Double] {
        var prior = [Double](repeating: 0, count: 2 * choiceCount * states.count)
        let labels = states.labelCount
        for wasInside in [false, true] {
            for state in 0..<states.count {
                let isBegin = state % 2 == 1
                // Shares of: outside, begin of the right label, going on; the rest falls to the begins of all labels alike.
                let shares: (outside: Double, right: Double, on: Double) =
                    switch (state, wasInside) {
                    case (0, false): (0.96, 0, 0)
                    case (0, true): (0.4, 0, 0.55)
                    case (states.approach, false): (0.8, 0, 0)
                    case (states.approach, true): (0.1, 0, 0.8)
                    case (states.end, false), (states.wake, false): (0.96, 0, 0)
                    case (states.end, true): (0.75, 0, 0.2)
                    case (states.wake, true): (0.5, 0, 0.45)
                    case (_, false): isBegin ? (0.35, 0.5, 0) : (0.6, 0.25, 0)
                    case (_, true): isBegin ? (0.25, 0.3, 0.3) : (0.15, 0.05, 0.7)
                    }
                let rest = (1 - shares.outside - shares.right - shares.on) / Double(labels)
                for choice in 0..<choiceCount {
                    var share = choice == 0 ? shares.outside : choice == choiceCount - 1 ? shares.on : rest
                    if states.isMarked(state), choice == 1 + (state - 1) / 2 { share += shares.right }
                    prior[((wasInside ? choiceCount : 0) + choice) * states.count + state] = share * firstStrength
                }
            }
        }
        return prior
    }

    // MARK: Counting

    func entry(_ worker: Int32, code: UInt16) -> Int { Int(worker) * tableSize + Int(code) * states.count }

    /// Forgets all counts but those of cells outside all regions, by worker.
    mutating func clearCounts(outside: [Double]) {
        for index in counts.indices { counts[index] = 0 }
        for (worker, cells) in outside.enumerated() { counts[worker * tableSize] = cells }
    }

    /// Adds what a worker did in a cell.
    ///
    /// - Parameter base: Where the cell's chances begin.
    mutating func count(_ worker: Int32, code: UInt16, chances: [Double], at base: Int, states: [Int]) {
        let entry = entry(worker, code: code)
        for state in states { counts[entry + state] += chances[base + state] }
    }

    // MARK: Learning

    /// Climbs one step with the shared prior, then computes ``logProbabilities`` of prior and counts.
    mutating func update() {
        for inside in 0..<2 {
            for state in 0..<states.count { updatePrior(entries(inside: inside, state: state)) }
        }
        for worker in 0..<workerCount {
            let base = worker * tableSize
            for inside in 0..<2 {
                for state in 0..<states.count {
                    let entries = entries(inside: inside, state: state)
                    var total = 0.0
                    for entry in entries { total += prior[entry] + counts[base + entry] }
                    let logTotal = digamma(total)
                    for entry in entries where prior[entry] > 0 {
                        logProbabilities[base + entry] = digamma(prior[entry] + counts[base + entry]) - logTotal
                    }
                }
            }
        }
    }

    /// The entries of one distribution in one worker's table.
    private func entries(inside: Int, state: Int) -> StrideTo<Int> {
        let first = inside * choiceCount * states.count + state
        return stride(from: first, to: first + choiceCount * states.count, by: states.count)
    }

    private mutating func updatePrior(_ entries: StrideTo<Int>) {
        var total = 0.0
        for entry in entries { total += prior[entry] }
        let totalDigamma = digamma(total)
        let digammas = entries.map { prior[$0] > 0 ? digamma(prior[$0]) : 0 }
        var numerators = [Double](repeating: 0, count: digammas.count)
        var denominator = 0.0
        for base in stride(from: 0, to: counts.count, by: tableSize) {
            var count = 0.0
            for (index, entry) in entries.enumerated() where counts[base + entry] > 0 {
                count += counts[base + entry]
                numerators[index] += digamma(prior[entry] + counts[base + entry]) - digammas[index]
            }
            if count > 0 { denominator += digamma(total + count) - totalDigamma }
        }
        for (index, entry) in entries.enumerated() {
            prior[entry] =
                (prior[entry] * numerators[index] + Self.hyperWeight * firstPrior[entry]) / (denominator + Self.hyperWeight)
        }
    }

    /// The divergence of the posteriors from the prior, in nats: the tables' part of the evidence lower bound, with a minus.
    var divergence: Double {
        let logGammas = prior.map { $0 > 0 ? logGamma($0) : 0 }
        var sum = 0.0
        for base in stride(from: 0, to: counts.count, by: tableSize) {
            for inside in 0..<2 {
                for state in 0..<states.count {
                    var (priorTotal, count) = (0.0, 0.0)
                    for entry in entries(inside: inside, state: state) where prior[entry] > 0 {
                        priorTotal += prior[entry]
                        let added = counts[base + entry]
                        guard added > 0 else { continue }
                        count += added
                        sum += logGammas[entry] - logGamma(prior[entry] + added) + added * logProbabilities[base + entry]
                    }
                    if count > 0 { sum += logGamma(priorTotal + count) - logGamma(priorTotal) }
                }
            }
        }
        return sum
    }
}
