/// Spans of chances of tags: where each cell's likeliest tag says so.
enum TagRuns {
    /// The runs of one region. A cell is inside when the labels' chances together exceed `threshold`; then its label is the likeliest
    /// one. A span ends where the label changes, where the next cell is outside, or where a begin is likelier than going on. An inside
    /// tag without a begin before it begins a span (the usual repair of BIO tags).
    ///
    /// - Parameters:
    ///   - chances: At `cell * stateCount + state`, cells counted over all regions.
    ///   - isFree: Whether a row may be part of a span.
    /// - Returns: Rows of the region and the label's number in the layer.
    static func runs(
        _ chances: [Double], regions: MarkedRegions, region: MarkedRegions.Region, stateCount: Int, threshold: Double = 0.5,
        isFree: (Int) -> Bool = { _ in true }
    ) -> [(rows: Range<Int>, label: Int)] {
        var result: [(rows: Range<Int>, label: Int)] = []
        for row in 0..<region.cells.count where isFree(row) {
            let base = (region.offset + row) * stateCount
            var best: (label: Int, chance: Double) = (-1, 0)
            var total = 0.0
            for label in regions.labels(of: region) {
                let chance = chances[base + 1 + 2 * Int(label)] + chances[base + 2 + 2 * Int(label)]
                total += chance
                if chance > best.chance { best = (Int(label), chance) }
            }
            guard total > threshold else { continue }
            let goesOn = chances[base + 2 + 2 * best.label] >= chances[base + 1 + 2 * best.label]
            if let last = result.last, last.label == best.label, last.rows.upperBound == row, goesOn {
                result[result.count - 1].rows = last.rows.lowerBound..<row + 1
            } else {
                result.append((row..<row + 1, best.label))
            }
        }
        return result
    }
}
