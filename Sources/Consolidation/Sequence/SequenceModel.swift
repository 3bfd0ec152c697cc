/// A Bayesian model of workers over tag sequences, fitted by variational Bayes: BSC-seq of Simpson and Gurevych 2019, *A Bayesian
/// Approach for Sequence Tagging with Crowds* (EMNLP), with these changes.
///
/// - The workers' prior is learnt from all of them; of the tag before, their tables hold whether it was inside a span
///   (``WorkerTables``).
/// - The cells before and after a span have states of their own (``TagStates``), and the truth's steps are tied to those of the workers'
///   own spans (``TransitionTable``).
/// - A cell that nobody marked is outside (``MarkedRegions``), and a region's labels are those somebody gave in it.
/// - Workers err together more than independent ones would: their evidence is raised to ``workerPower``.
///
/// The fit alternates between the states' chances given the tables (forward-backward, the E step) and the tables given the chances (the
/// M step), from the shares of votes on.
///
/// - Complexity: O(m (s² + s w)) time a round for m marked cells, s states of a region and w workers of a document; memory O(m (s + w))
///   and for each worker 2 (labels + 2) (2 labels + 4) numbers.
struct SequenceModel: Sendable {
    /// Between 1, workers who err independently, and 1 / workers, workers who are one and the same.
    static let workerPower = 0.9
    private static let maximumRounds = 40
    /// The fit ends when the chances of a cell change less than this on average, all states together.
    private static let tolerance = 1e-3

    let regions: MarkedRegions
    let documents: [Corpus.Document]
    let states: TagStates
    private(set) var workers: WorkerTables
    private(set) var words: WordTables?
    private(set) var transitions: TransitionTable
    /// The chance of each state in each cell, at `cell * states.count + state`; cells as in ``VotedStates/shares``.
    private(set) var chances: [Double]
    /// The evidence lower bound, in nats.
    private(set) var lowerBound = -Double.infinity
    private(set) var rounds = 0

    init(_ regions: MarkedRegions, corpus: Corpus, usesWords: Bool) {
        self.regions = regions
        documents = corpus.documents
        states = TagStates(labelCount: regions.labelCount)
        let votes = VotedStates(regions, documents: corpus.documents, states: states)
        workers = WorkerTables(regions, states: states)
        words = usesWords ? WordTables(regions, states: states) : nil
        transitions = TransitionTable(states, votes: votes.steps)
        chances = votes.shares
        while true {
            rounds += 1
            learnTables()
            let (evidence, change) = inferChances()
            guard rounds < Self.maximumRounds, change > Self.tolerance * Double(regions.cellCount) else {
                lowerBound = evidence - workers.divergence - transitions.divergence - (words?.divergence ?? 0)
                break
            }
        }
    }

    /// Where a region's chances begin.
    func firstChance(of region: MarkedRegions.Region) -> Int { (region.offset + region.index) * states.count }

    // MARK: Rounds

    /// The M step: the tables from the chances, and from what lies outside the regions, which is certain. (The steps are counted in the
    /// E step.)
    private mutating func learnTables() {
        workers.clearCounts(outside: regions.outsideCells)
        words?.clearCounts(outside: regions.outsideWords)
        for region in regions.regions {
            let possible = states.states(labels: regions.labels(of: region))
            let seen = documents[region.document].workers
            var base = firstChance(of: region)
            var code = region.firstCode
            for row in 0...region.cells.count {
                for worker in seen {
                    workers.count(worker, code: regions.codes[code], chances: chances, at: base, states: possible)
                    code += 1
                }
                if row < region.cells.count {
                    words?.count(regions.words[region.offset + row], chances: chances, at: base, states: possible)
                }
                base += states.count
            }
        }
        workers.update()
        words?.update()
        transitions.update()
    }

    /// The E step: the chances and the expected steps from the tables.
    ///
    /// - Returns: The logarithm of the evidence under the tables, and by how much the chances changed, summed over all.
    private mutating func inferChances() -> (evidence: Double, change: Double) {
        var steps = [Double](repeating: 0, count: transitions.counts.count)
        steps[0] = regions.outsideSteps
        var evidence = outsideEvidence()
        var change = 0.0
        var lattice = Lattice()
        for region in regions.regions {
            fill(&lattice, region)
            lattice.runForward()
            lattice.runBackward()
            lattice.addSteps(to: &steps, stateCount: states.count)
            evidence += lattice.logNormalizer
            var base = firstChance(of: region)
            for row in 0..<lattice.rows {
                for (place, state) in lattice.states.enumerated() {
                    let chance = lattice.chance(row: row, place: place)
                    change += abs(chance - chances[base + state])
                    chances[base + state] = chance
                }
                base += states.count
            }
        }
        transitions.counts = steps
        return (evidence, change)
    }

    /// Sets up a region's lattice.
    ///
    /// - Parameter left: The place of a worker in the document's list whose answers do not count; `nil` for none.
    func fill(_ lattice: inout Lattice, _ region: MarkedRegions.Region, leavingOut left: Int? = nil) {
        let possible = states.states(labels: regions.labels(of: region))
        let seen = documents[region.document].workers
        lattice.reset(states: possible, rows: region.cells.count + 1, transitions: transitions)
        var code = region.firstCode
        for row in 0...region.cells.count {
            let base = row * possible.count
            for (place, worker) in seen.enumerated() {
                let entry = workers.entry(worker, code: regions.codes[code])
                code += 1
                guard place != left else { continue }
                for (index, state) in possible.enumerated() {
                    lattice.evidence[base + index] += Self.workerPower * workers.logProbabilities[entry + state]
                }
            }
            guard let words, row < region.cells.count else { continue }
            let word = Int(regions.words[region.offset + row])
            guard word >= 0 else { continue }
            for (index, state) in possible.enumerated() {
                lattice.evidence[base + index] += words.logProbabilities[word * states.count + state]
            }
        }
    }

    /// The part of the evidence that lies outside the regions.
    private func outsideEvidence() -> Double {
        var sum = regions.outsideSteps * naturalLog(transitions.weights[0])
        for worker in 0..<regions.workerCount {
            sum += Self.workerPower * regions.outsideCells[worker] * workers.logProbabilities[worker * workers.tableSize]
        }
        guard let words else { return sum }
        for word in 0..<regions.wordCount where regions.outsideWords[word] > 0 {
            sum += regions.outsideWords[word] * words.logProbabilities[word * states.count]
        }
        return sum
    }
}
