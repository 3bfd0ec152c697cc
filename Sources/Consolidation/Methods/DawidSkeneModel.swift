/// The model of Dawid and Skene 1979, *Maximum likelihood estimation of observer error-rates using the EM algorithm*, over single tags:
/// each cell has a true tag, drawn from the tags' shares p (equation 2.5), and worker k gives tag m where j is true with probability
/// π_k(j, m) (equation 2.3 and 2.4), independently of all else. EM starts from the shares of votes.
///
/// Where nobody marked anything, the truth is taken to be outside. A hundredth of a count keeps probabilities above 0.
struct DawidSkeneModel: Sendable {
    private static let maximumRounds = 100
    private static let tolerance = 1e-5
    private static let smoothing = 0.01

    let stateCount: Int
    /// The chance of each tag in each marked cell, at `cell * stateCount + tag`.
    private(set) var chances: [Double]
    private let tags: [UInt16]

    init(_ regions: MarkedRegions, corpus: Corpus) {
        stateCount = 1 + 2 * regions.labelCount
        let stateCount = stateCount
        var chances = [Double](repeating: 0, count: regions.cellCount * stateCount)
        var tags: [UInt16] = []
        tags.reserveCapacity(regions.codes.count)
        for region in regions.regions {
            let workerCount = corpus.documents[region.document].workers.count
            regions.forEachTag(of: region, workers: workerCount) { cell, _, tag in
                tags.append(UInt16(tag))
                chances[(region.offset + cell) * stateCount + tag] += 1 / Double(workerCount)
            }
        }
        self.chances = chances
        self.tags = tags
        var likelihood = 0.0
        for round in 0..<Self.maximumRounds {
            let before = likelihood
            let tables = learn(regions, corpus)
            likelihood = infer(regions, corpus, tables)
            if round > 0, likelihood - before < Self.tolerance * abs(likelihood) { break }
        }
    }

    private struct Tables {
        var logShares: [Double]
        /// At `(worker * states + given tag) * states + true tag`.
        var logErrors: [Double]
    }

    private func learn(_ regions: MarkedRegions, _ corpus: Corpus) -> Tables {
        let size = stateCount * stateCount
        var errors = [Double](repeating: Self.smoothing, count: regions.workerCount * size)
        var shares = [Double](repeating: Self.smoothing, count: stateCount)
        shares[0] += regions.outsideSteps
        for worker in 0..<regions.workerCount { errors[worker * size] += regions.outsideCells[worker] }
        var place = 0
        for region in regions.regions {
            let seen = corpus.documents[region.document].workers
            for row in 0..<region.cells.count {
                let base = (region.offset + row) * stateCount
                for state in 0..<stateCount { shares[state] += chances[base + state] }
                for worker in seen {
                    let entry = Int(worker) * size + Int(tags[place]) * stateCount
                    for state in 0..<stateCount { errors[entry + state] += chances[base + state] }
                    place += 1
                }
            }
            for worker in seen { errors[Int(worker) * size] += 1 }
        }
        let total = naturalLog(shares.reduce(0, +))
        for worker in 0..<regions.workerCount {
            for state in 0..<stateCount {
                let entries = stride(from: worker * size + state, to: (worker + 1) * size, by: stateCount)
                let logTotal = naturalLog(entries.reduce(0) { $0 + errors[$1] })
                for entry in entries { errors[entry] = naturalLog(errors[entry]) - logTotal }
            }
        }
        return Tables(logShares: shares.map { naturalLog($0) - total }, logErrors: errors)
    }

    private mutating func infer(_ regions: MarkedRegions, _ corpus: Corpus, _ tables: Tables) -> Double {
        let size = stateCount * stateCount
        var likelihood = 0.0
        var place = 0
        for region in regions.regions {
            let seen = corpus.documents[region.document].workers
            for row in 0..<region.cells.count {
                let base = (region.offset + row) * stateCount
                for state in 0..<stateCount { chances[base + state] = tables.logShares[state] }
                for worker in seen {
                    let entry = Int(worker) * size + Int(tags[place]) * stateCount
                    for state in 0..<stateCount { chances[base + state] += tables.logErrors[entry + state] }
                    place += 1
                }
                var best = chances[base]
                for state in 1..<stateCount { best = max(best, chances[base + state]) }
                var total = 0.0
                for state in 0..<stateCount {
                    chances[base + state] = exponential(chances[base + state] - best)
                    total += chances[base + state]
                }
                for state in 0..<stateCount { chances[base + state] /= total }
                likelihood += best + naturalLog(total)
            }
        }
        return likelihood
    }
}
