/// Where a fit begins: each worker's tags read as if they were the truth, all workers of a document with equal weight.
struct VotedStates: Sendable {
    /// The share of workers for each state, at `cell * states + state`, with one more cell after each region's last:
    /// region `r` begins at `r.offset + r.index`.
    private(set) var shares: [Double]
    /// The numbers of steps, at `from * states + to`.
    private(set) var steps: [Double]

    init(_ regions: MarkedRegions, documents: [Corpus.Document], states: TagStates) {
        shares = [Double](repeating: 0, count: (regions.cellCount + regions.regions.count) * states.count)
        steps = [Double](repeating: 0, count: states.count * states.count)
        steps[0] = regions.outsideSteps
        for region in regions.regions {
            add(region, regions, workers: documents[region.document].workers.count, states: states)
        }
    }

    private mutating func add(_ region: MarkedRegions.Region, _ regions: MarkedRegions, workers: Int, states: TagStates) {
        let rows = region.cells.count
        var marks = [Int](repeating: 0, count: rows)
        regions.forEachTag(of: region, workers: workers) { cell, _, tag in if tag > 0 { marks[cell] += 1 } }
        var laterPeak = [Int](repeating: 0, count: rows + 1)
        for cell in stride(from: rows - 1, through: 0, by: -1) { laterPeak[cell] = max(laterPeak[cell + 1], marks[cell]) }
        var before = [Int](repeating: 0, count: workers)
        let weight = 1 / Double(workers)
        func step(_ cell: Int, _ worker: Int, _ tag: Int) {
            let from = before[worker]
            var state = tag
            if tag == 0, states.isMarked(from) {
                state = states.end
            } else if tag == 0, from == states.end || from == states.wake {
                state = states.wake
            } else if tag == 0, cell < rows, laterPeak[cell] > marks[cell] {
                // Not marked yet by this worker, while more of the others mark what follows.
                state = states.approach
            }
            shares[(region.offset + region.index + cell) * states.count + state] += weight
            if states.allows(from, to: state) { steps[from * states.count + state] += weight }
            before[worker] = state
        }
        regions.forEachTag(of: region, workers: workers, step)
        for worker in 0..<workers { step(rows, worker, 0) }
    }
}
