/// A Bayesian model of workers over tag sequences, fitted by variational Bayes: BSC-seq of Simpson and Gurevych 2019, *A Bayesian
/// Approach for Sequence Tagging with Crowds* (EMNLP), with four changes.
///
/// - The workers' prior is learnt (``WorkerTables``), and of the tag before, the tables hold whether it was inside a span.
/// - A cell that nobody marked is outside (``MarkedRegions``), and a region's labels are those somebody gave in it.
/// - There may be a state for temptations (``TagStates``).
/// - Workers err together more than independent ones would, so their evidence is raised to ``workerPower``.
///
/// The fit alternates between the states' chances given the tables (forward-backward, the E step) and the tables given the chances, from
/// the shares of votes on.
///
/// - Complexity: For a fit of i rounds O(i m (s + w)), with m marked cells times s squared states of a region, w workers of a document.
struct SequenceModel: Sendable {
    /// Between 1, workers who err independently, and 1 / workers, workers who are one and the same.
    static let workerPower = 0.9
    nonisolated(unsafe) static var anchor = 0.0
    private static let maximumRounds = 40
    /// The fit ends when the chances change less than this on average.
    private static let tolerance = 5e-4

    let regions: MarkedRegions
    let documents: [Corpus.Document]
    let states: TagStates
    private(set) var workers: WorkerTables
    private(set) var words: WordTables?
    private(set) var transitions: TransitionTable
    /// The chance of each state in each marked cell, at `cell * states.count + state`.
    private(set) var chances: [Double]
    /// By region, the chance that the cell after it is an end.
    private(set) var closing: [Double]
    /// The expected number of each step, at `from * states.count + to`.
    private var steps: [Double]
    /// The evidence lower bound, in nats.
    private(set) var lowerBound = -Double.infinity
    private(set) var rounds = 0

    init(_ regions: MarkedRegions, corpus: Corpus, usesWords: Bool) {
        self.regions = regions
        documents = corpus.documents
        states = TagStates(labelCount: regions.labelCount)
        workers = WorkerTables(regions, states: states)
        words = usesWords ? WordTables(regions, states: states) : nil
        transitions = TransitionTable(states)
        chances = [Double](repeating: 0, count: regions.cellCount * states.count)
        steps = transitions.counts
        closing = [Double](repeating: 0, count: regions.regions.count)
        startFromVotes()
        while true {
            rounds += 1
            learnTables()
            let before = chances
            let evidence = inferChances()
            var change = 0.0
            for index in chances.indices { change += abs(chances[index] - before[index]) }
            guard rounds < Self.maximumRounds, change > Self.tolerance * Double(regions.cellCount) else {
                lowerBound = evidence - workers.divergence - transitions.divergence - (words?.divergence ?? 0)
                break
            }
        }
    }

    // MARK: Start

    /// The shares of votes as chances. Of a stretch that few workers marked, the model with temptations starts from that: the share v of
    /// the workers who marked a cell is a span's from 3/4 on and a temptation's up to 1/4.
    private mutating func startFromVotes() {
        steps[0] += regions.outsideSteps
        let anchor = Self.anchor
        var votes = [Double](repeating: 0, count: transitions.prior.count)
        let size = states.count
        for region in regions.regions {
            let n = documents[region.document].workers.count
            var last = [Int](repeating: 0, count: n)
            regions.forEachTag(of: region, workers: n) { cell, w, tag in
                var state = tag
                if tag == 0, states.isMarked(last[w]) { state = states.end }
                votes[last[w] * size + state] += 1 / Double(n)
                chances[(region.offset + cell) * size + state] += 1 / Double(n)
                last[w] = state
            }
            for w in 0..<n {
                let state = states.isMarked(last[w]) ? states.end : 0
                votes[last[w] * size + state] += 1 / Double(n)
                closing[region.index] += state == 0 ? 0 : 1 / Double(n)
            }
        }
        for i in 0..<size { for j in 0..<size where states.allows(i, to: j) {
            steps[i * size + j] += votes[i * size + j]
            if i > 0 { transitions.prior[i * size + j] = 0.5 + anchor * votes[i * size + j] }
        } }
    }

    // MARK: Rounds

    /// The M step: the tables from the chances, and from what lies outside the regions, which is certain.
    private mutating func learnTables() {
        var counts = [Double](repeating: 0, count: workers.counts.count)
        var wordCounts = [Double](repeating: 0, count: words == nil ? 0 : regions.wordCount * states.count)
        for worker in 0..<regions.workerCount { counts[worker * workers.tableSize] = regions.outsideCells[worker] }
        if words != nil { for word in 0..<regions.wordCount { wordCounts[word * states.count] = regions.outsideWords[word] } }
        for region in regions.regions {
            let possible = states.states(labels: regions.labels(of: region))
            let seen = documents[region.document].workers
            for row in 0..<region.cells.count {
                let base = (region.offset + row) * states.count
                for (place, worker) in seen.enumerated() {
                    let entry = entry(worker, code: regions.codes[region.firstCode + row * seen.count + place])
                    for state in possible { counts[entry + state] += chances[base + state] }
                }
                let word = Int(regions.words[region.offset + row])
                guard !wordCounts.isEmpty, word >= 0 else { continue }
                for state in possible { wordCounts[word * states.count + state] += chances[base + state] }
            }
            for (place, worker) in seen.enumerated() {
                let entry = entry(worker, code: regions.codes[region.firstCode + region.cells.count * seen.count + place])
                counts[entry] += 1 - closing[region.index]
                counts[entry + states.end] += closing[region.index]
            }
        }
        workers.counts = counts
        workers.update()
        transitions.counts = steps
        transitions.update()
        words?.counts = wordCounts
        words?.update()
    }

    private func entry(_ worker: Int32, code: UInt16) -> Int { Int(worker) * workers.tableSize + Int(code) * states.count }

    /// The E step: the chances from the tables.
    ///
    /// - Returns: The logarithm of the evidence under the tables.
    private mutating func inferChances() -> Double {
        for index in steps.indices { steps[index] = 0 }
        steps[0] = regions.outsideSteps
        var evidence = outsideEvidence()
        var lattice = Lattice()
        for region in regions.regions {
            fill(&lattice, region)
            lattice.runForward()
            let possible = lattice.states
            lattice.runBackward { from, to, expected in steps[possible[from] * states.count + possible[to]] += expected }
            evidence += lattice.logNormalizer
            closing[region.index] = lattice.chance(row: lattice.rows - 1, place: possible.count - 1)
            for row in 0..<lattice.rows - 1 {
                let base = (region.offset + row) * states.count
                for (place, state) in possible.enumerated() { chances[base + state] = lattice.chance(row: row, place: place) }
            }
        }
        return evidence
    }

    /// Sets up a region's lattice.
    ///
    /// - Parameter left: The place of a worker in the document's list whose answers do not count; `nil` for none.
    func fill(_ lattice: inout Lattice, _ region: MarkedRegions.Region, leavingOut left: Int? = nil) {
        let possible = states.states(labels: regions.labels(of: region))
        let seen = documents[region.document].workers
        lattice.reset(states: possible, rows: region.cells.count + 1, transitions: transitions)
        for row in 0..<region.cells.count + 1 {
            let base = row * possible.count
            for (place, worker) in seen.enumerated() where place != left {
                let entry = entry(worker, code: regions.codes[region.firstCode + row * seen.count + place])
                for (index, state) in possible.enumerated() {
                    lattice.evidence[base + index] += Self.workerPower * workers.logProbabilities[entry + state]
                }
            }
            guard row < region.cells.count else { continue }
            let word = Int(regions.words[region.offset + row])
            guard let words, word >= 0 else { continue }
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
        if let words {
            for word in 0..<regions.wordCount where regions.outsideWords[word] > 0 {
                sum += regions.outsideWords[word] * words.logProbabilities[word * states.count]
            }
        }
        return sum
    }
}
