/// The words as evidence: in each state its own distribution over words, independent from cell to cell (Simpson and Gurevych 2019,
/// section 3, the independent features).
///
/// The prior of state j is Dirichlet(s_j f) with f the words' shares of the whole corpus: a word that a state has not been seen with is
/// no evidence for or against it beyond its rarity. The strengths s_j are fitted to the counts by Minka's fixed point.
struct WordTables: Sendable {
    private let wordCount: Int
    private let stateCount: Int
    private let shares: [Double]
    private var strengths: [Double]
    /// Expected occurrences at `word * states + state`.
    private(set) var counts: [Double]
    private(set) var logProbabilities: [Double]

    /// - Returns: `nil` when no word is known.
    init?(_ regions: MarkedRegions, states: TagStates) {
        var frequencies = regions.outsideWords
        for word in regions.words where word >= 0 { frequencies[Int(word)] += 1 }
        let total = frequencies.reduce(0, +)
        guard total > 0 else { return nil }
        wordCount = regions.wordCount
        stateCount = states.count
        shares = frequencies.map { $0 / total }
        strengths = [Double](repeating: 100, count: states.count)
        counts = [Double](repeating: 0, count: wordCount * states.count)
        logProbabilities = counts
    }

    /// Forgets all counts but those of words outside all regions.
    mutating func clearCounts(outside: [Double]) {
        for index in counts.indices { counts[index] = 0 }
        for (word, count) in outside.enumerated() { counts[word * stateCount] = count }
    }

    /// - Parameters:
    ///   - word: -1 for an unknown word, which counts nowhere.
    ///   - base: Where the cell's chances begin.
    mutating func count(_ word: Int32, chances: [Double], at base: Int, states: [Int]) {
        guard word >= 0 else { return }
        for state in states { counts[Int(word) * stateCount + state] += chances[base + state] }
    }

    mutating func update() {
        for state in 0..<stateCount {
            var total = 0.0
            var numerator = 0.0
            let strength = strengths[state]
            for word in 0..<wordCount {
                let count = counts[word * stateCount + state]
                guard count > 0 else { continue }
                total += count
                numerator += shares[word] * (digamma(strength * shares[word] + count) - digamma(strength * shares[word]))
            }
            if total > 0 {
                strengths[state] = min(1e6, max(1, strength * numerator / (digamma(strength + total) - digamma(strength))))
            }
            let logTotal = digamma(strengths[state] + total)
            for word in 0..<wordCount where shares[word] > 0 {
                let entry = word * stateCount + state
                logProbabilities[entry] = digamma(strengths[state] * shares[word] + counts[entry]) - logTotal
            }
        }
    }

    var divergence: Double {
        var sum = 0.0
        for state in 0..<stateCount {
            var total = 0.0
            for word in 0..<wordCount {
                let entry = word * stateCount + state
                guard counts[entry] > 0 else { continue }
                total += counts[entry]
                let prior = strengths[state] * shares[word]
                sum += logGamma(prior) - logGamma(prior + counts[entry]) + counts[entry] * logProbabilities[entry]
            }
            sum += logGamma(strengths[state] + total) - logGamma(strengths[state])
        }
        return sum
    }
}
