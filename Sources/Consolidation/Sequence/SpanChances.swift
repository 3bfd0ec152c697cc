/// A span that may be true, and how likely it is.
struct CandidateSpan: Sendable {
    /// Number of the document in the corpus.
    let document: Int
    /// In cells; its label is the corpus's number.
    let span: CellSpan
    var chance: Double
}

extension SequenceModel {
    /// Spans less likely than this are not listed.
    static let minimumChance = 0.02

    /// The chance of each span: that it begins at its first cell, goes on to its last, and ends there.
    ///
    /// - Parameter labels: The corpus's numbers of the regions' labels.
    /// - Returns: By region, and within one by end; a span may stand there twice, with a part of its chance each.
    /// - Complexity: O(marked cells / minimumChance) at most, as the chances of spans over one cell sum to at most 1.
    func candidates(labels: [Int32]) -> [[CandidateSpan]] {
        var result: [[CandidateSpan]] = []
        var lattice = Lattice()
        for region in regions.regions {
            fill(&lattice, region)
            lattice.runForward()
            lattice.runBackward()
            result.append(candidates(region, lattice, labels: labels))
        }
        return result
    }

    private func candidates(_ region: MarkedRegions.Region, _ lattice: Lattice, labels: [Int32]) -> [CandidateSpan] {
        var result: [CandidateSpan] = []
        for end in 1..<lattice.rows {
            for (index, label) in regions.labels(of: region).enumerated() {
                let (begin, inside) = (1 + 2 * index, 2 + 2 * index)
                // From here back: a span that ends here has its last cell in `begin` or `inside`, and the next cell not `inside`.
                let goesOn = lattice.chance(row: end, place: inside)
                var mass = [begin, inside].map { last in
                    lattice.chance(row: end - 1, place: last)
                        - (goesOn > 0 ? goesOn * lattice.chanceBefore(row: end, was: last, is: inside) : 0)
                }
                var row = end - 1
                while true {
                    if mass[0] >= Self.minimumChance {
                        let cells = region.cells.lowerBound + row..<region.cells.lowerBound + end
                        result.append(
                            CandidateSpan(
                                document: region.document,
                                span: CellSpan(
                                    start: Int32(cells.lowerBound), end: Int32(cells.upperBound), label: labels[Int(label)]),
                                chance: min(1, mass[0])))
                    }
                    guard mass[1] >= Self.minimumChance, row > 0 else { break }
                    mass = [begin, inside].map { mass[1] * lattice.chanceBefore(row: row, was: $0, is: inside) }
                    row -= 1
                }
            }
        }
        return result
    }
}
