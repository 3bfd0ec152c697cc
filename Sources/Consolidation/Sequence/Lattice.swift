/// Forward-backward over one region: the chances of its states given all answers (Rabiner 1989; Simpson and Gurevych 2019, equations
/// 10 and 11).
///
/// A region begins after a cell outside; its last row is the cell after it, which nobody marked. Values are scaled row by row; arrays are kept from region to region.
struct Lattice: Sendable {
    /// The states that the region may be in, as numbers of ``TagStates``.
    private(set) var states: [Int] = []
    private(set) var rows = 0
    /// How well each state explains a row's answers and word: logarithms first, then relative to the row's best. At
    /// `row * states.count + place`.
    var evidence: [Double] = []
    private(set) var forward: [Double] = []
    private(set) var backward: [Double] = []
    /// The steps' weights among this region's states, at `from * states.count + to`.
    private(set) var steps: [Double] = []
    private var totals: [Double] = []
    private(set) var logNormalizer = 0.0

    var width: Int { states.count }

    mutating func reset(states: [Int], rows: Int, transitions: TransitionTable) {
        self.states = states
        self.rows = rows
        let size = rows * states.count
        if evidence.count < size {
            evidence = [Double](repeating: 0, count: size)
            forward = evidence
            backward = evidence
        }
        if totals.count < rows { totals = [Double](repeating: 0, count: rows) }
        for index in 0..<size { evidence[index] = 0 }
        steps.removeAll(keepingCapacity: true)
        for from in states { for to in states { steps.append(transitions.weights[from * transitions.states.count + to]) } }
    }

    /// Fills ``forward`` and ``logNormalizer`` from the logarithms in ``evidence``, which become weights relative to their row's best.
    mutating func runForward() {
        let width = width
        logNormalizer = 0
        for row in 0..<rows {
            let base = row * width
            var best = evidence[base]
            for place in 1..<width { best = max(best, evidence[base + place]) }
            var total = 0.0
            for to in 0..<width {
                evidence[base + to] = exponential(evidence[base + to] - best)
                var sum = 0.0
                if row == 0 {
                    sum = steps[to]
                } else {
                    for from in 0..<width { sum += forward[base - width + from] * steps[from * width + to] }
                }
                if row == rows - 1, !canBeLast(to) { sum = 0 }
                forward[base + to] = sum * evidence[base + to]
                total += forward[base + to]
            }
            for place in 0..<width { forward[base + place] /= total }
            totals[row] = total
            logNormalizer += best + naturalLog(total)
        }
    }

    /// Fills ``backward`` so that `forward * backward` is the chance of a state; ``evidence`` of each row becomes relative to its
    /// total.
    mutating func runBackward() {
        let width = width
        let last = (rows - 1) * width
        for place in 0..<width { backward[last + place] = canBeLast(place) ? 1 : 0 }
        for row in stride(from: rows - 1, to: 0, by: -1) {
            let base = row * width
            for place in 0..<width { evidence[base + place] *= backward[base + place] / totals[row] }
            for from in 0..<width {
                var sum = 0.0
                for to in 0..<width { sum += steps[from * width + to] * evidence[base + to] }
                backward[base - width + from] = sum
            }
        }
    }

    /// Adds the expected number of each step, at `from * stateCount + to`; after ``runBackward()``.
    func addSteps(to counts: inout [Double], stateCount: Int) {
        let width = width
        for row in 1..<rows {
            let base = row * width
            for from in 0..<width {
                let weight = forward[base - width + from]
                guard weight > 0 else { continue }
                for to in 0..<width {
                    counts[states[from] * stateCount + states[to]] += weight * steps[from * width + to] * evidence[base + to]
                }
            }
        }
        for to in 0..<width { counts[states[to]] += chance(row: 0, place: to) }
    }

    /// The row after a region's last cell is outside, an end or a wake.
    private func canBeLast(_ place: Int) -> Bool { place == 0 || place >= width - 2 }

    /// The chance of a state by its place.
    func chance(row: Int, place: Int) -> Double { forward[row * width + place] * backward[row * width + place] }

    /// Given that the row is in a state, the chance that the row before was in another one.
    func chanceBefore(row: Int, was from: Int, is to: Int) -> Double {
        let width = width
        let base = (row - 1) * width
        var total = 0.0
        for place in 0..<width { total += forward[base + place] * steps[place * width + to] }
        return total > 0 ? forward[base + from] * steps[from * width + to] / total : 0
    }
}
