/// Forward-backward over one region: the chances of its states given all answers (Rabiner 1989; Simpson and Gurevych 2019, equations
/// 10 and 11).
///
/// A region begins after a cell outside; the row after its last cell is outside or an end. Values are scaled row by row; arrays are kept from region to region.
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
        for index in 0..<size { evidence[index] = 0 }
        steps.removeAll(keepingCapacity: true)
        for from in states { for to in states { steps.append(transitions.weights[from * transitions.stateCount + to]) } }
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
                if row == rows - 1, to > 0, to < width - 1 { sum = 0 }
                forward[base + to] = sum * evidence[base + to]
                total += forward[base + to]
            }
            for place in 0..<width { forward[base + place] /= total }
            logNormalizer += best + naturalLog(total)
        }
    }

    /// Fills ``backward`` so that `forward * backward` is the chance of a state.
    ///
    /// - Parameter step: Called with the expected number of each step from one of the region's states to another, by place.
    mutating func runBackward(step: (_ from: Int, _ to: Int, _ expected: Double) -> Void) {
        let width = width
        let last = (rows - 1) * width
        for place in 0..<width { backward[last + place] = place == 0 || place == width - 1 ? 1 : 0 }
        for row in stride(from: rows - 1, to: 0, by: -1) {
            let base = row * width
            var total = 0.0
            for to in 0..<width {
                var sum = 0.0
                for from in 0..<width { sum += forward[base - width + from] * steps[from * width + to] }
                total += sum * evidence[base + to]
            }
            for from in 0..<width {
                var sum = 0.0
                for to in 0..<width {
                    let weight = steps[from * width + to] * evidence[base + to] * backward[base + to] / total
                    sum += weight
                    step(from, to, forward[base - width + from] * weight)
                }
                backward[base - width + from] = sum
            }
        }
        for to in 0..<width { step(0, to, forward[to] * backward[to]) }
    }

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
