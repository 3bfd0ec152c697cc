/// What training minimises: the negative log-likelihood of the labels plus an L2 penalty,
///
///     f(w) = Σ_sequences [log Z(w) − score(w, labels)] + c Σ w²
///
/// over the weights of features and labels, feature-major, then those of transitions, row by earlier label (Lafferty, McCallum,
/// Pereira 2001). The factor c is CRFsuite's `c2`.
struct ChainObjective {
    let data: ChainData
    let penalty: Double
    let sequences: [Int]

    /// - Parameter gradient: Is set to the gradient at `weights`.
    /// - Returns: The value at `weights`.
    /// - Complexity: O(features x labels + items x labels²).
    func evaluate(_ weights: [Double], gradient: inout [Double]) -> Double {
        let labelCount = data.labelCount
        let base = data.transitionBase
        var loss = 0.0
        for index in weights.indices {
            loss += weights[index] * weights[index]
            gradient[index] = 2 * penalty * weights[index]
        }
        loss *= penalty
        var lattice = ChainLattice(labelCount: labelCount, transitions: weights[base...])
        var pairs = Array(repeating: 0.0, count: labelCount * labelCount)
        var row = Array(repeating: 0.0, count: labelCount)
        for sequence in sequences {
            let items = data.items(of: sequence)
            lattice.reset(itemCount: items.count)
            for (position, item) in items.enumerated() {
                score(item, weights, into: &row)
                lattice.setScores(row, at: position)
            }
            loss += lattice.run()
            for (position, item) in items.enumerated() {
                let label = Int(data.labels[item])
                loss -= lattice.score(item: position, label: label)
                for other in 0..<labelCount { row[other] = lattice.marginal(item: position, label: other) }
                row[label] -= 1
                for index in data.features(of: item) {
                    let weightRow = Int(data.features[index]) * labelCount
                    let value = Double(data.values[index])
                    for other in 0..<labelCount { gradient[weightRow + other] += row[other] * value }
                }
                guard position > 0 else { continue }
                let pair = Int(data.labels[item - 1]) * labelCount + label
                loss -= weights[base + pair]
                pairs[pair] -= 1
                lattice.addPairMarginals(endingAt: position, to: &pairs)
            }
        }
        for index in pairs.indices { gradient[base + index] += pairs[index] }
        return loss
    }

    private func score(_ item: Int, _ weights: [Double], into row: inout [Double]) {
        for label in row.indices { row[label] = 0 }
        for index in data.features(of: item) {
            let weightRow = Int(data.features[index]) * data.labelCount
            let value = Double(data.values[index])
            for label in row.indices { row[label] += weights[weightRow + label] * value }
        }
    }
}
