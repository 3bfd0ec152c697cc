/// A trained linear-chain CRF over hashed features.
struct ChainModel: Sendable {
    let labelCount: Int
    let index: FeatureIndex
    /// A row of `labelCount` weights for each feature of `index`.
    let weights: [Float]
    /// `labelCount` rows, the row is the earlier label.
    let transitions: [Float]

    /// A lattice with the scores of a sequence, before ``ChainLattice/run()``.
    ///
    /// - Parameter row: The features of an item.
    func lattice(itemCount: Int, row: (Int) -> [Feature]) -> ChainLattice {
        var lattice = ChainLattice(labelCount: labelCount, transitions: transitions.map(Double.init))
        lattice.reset(itemCount: itemCount)
        var scores = Array(repeating: 0.0, count: labelCount)
        for item in 0..<itemCount {
            for label in 0..<labelCount { scores[label] = 0 }
            for feature in row(item) {
                guard let place = index.place(of: feature.key) else { continue }
                for label in 0..<labelCount { scores[label] += Double(weights[place * labelCount + label] * feature.value) }
            }
            lattice.setScores(scores, at: item)
        }
        return lattice
    }

    func lattice(of rows: [[Feature]]) -> ChainLattice { lattice(itemCount: rows.count) { rows[$0] } }

    /// The probability of each label at each item.
    func marginals(of rows: [[Feature]]) -> [[Double]] {
        var lattice = lattice(of: rows)
        _ = lattice.run()
        return rows.indices.map { item in (0..<labelCount).map { lattice.marginal(item: item, label: $0) } }
    }
}
