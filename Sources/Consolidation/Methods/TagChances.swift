/// The chances of tags by cell, as several models give them, and the spans they make.
struct TagChances: Sendable {
    let labelCount: Int
    /// At `cell * (1 + 2 labels) + tag`, cells counted over all regions; tags as in ``MarkedRegions/forEachTag(of:workers:_:)``.
    var values: [Double]
    var tagCount: Int { 1 + 2 * labelCount }

    init(_ model: SequenceModel) {
        labelCount = model.states.labelCount
        values = []
        values.reserveCapacity(model.regions.cellCount * (1 + 2 * labelCount))
        for region in model.regions.regions {
            var base = model.firstChance(of: region)
            for _ in region.cells {
                let inside = model.chances[base + 1..<base + 1 + 2 * labelCount]
                values.append(max(0, 1 - inside.reduce(0, +)))
                values += inside
                base += model.states.count
            }
        }
    }

    /// Of one region alone, its cells from 0 on.
    init(_ lattice: Lattice, labelCount: Int) {
        self.labelCount = labelCount
        values = [Double](repeating: 0, count: (lattice.rows - 1) * (1 + 2 * labelCount))
        for row in 0..<lattice.rows - 1 {
            var inside = 0.0
            for (place, state) in lattice.states.enumerated() where state > 0 && state <= 2 * labelCount {
                values[row * tagCount + state] = lattice.chance(row: row, place: place)
                inside += values[row * tagCount + state]
            }
            values[row * tagCount] = max(0, 1 - inside)
        }
    }

    init(_ model: DawidSkeneModel, labelCount: Int) { (self.labelCount, values) = (labelCount, model.chances) }

    /// Both with a weight.
    func mixed(with other: Self, weight: Double) -> Self {
        var result = self
        for index in values.indices { result.values[index] += weight * (other.values[index] - values[index]) }
        return result
    }

    /// The chance that a cell lies in a span of a label.
    func chance(_ cell: Int, label: Int) -> Double {
        values[cell * tagCount + TagStates.begin(label)] + values[cell * tagCount + TagStates.inside(label)]
    }

    /// The chance of the least certain tag that makes a span: its begin, its cells' labels, and that it does not go on.
    func weakestLink(of rows: Range<Int>, label: Int, region: MarkedRegions.Region) -> Double {
        let first = region.offset + rows.lowerBound
        var least = values[first * tagCount + TagStates.begin(label)]
        for cell in first..<region.offset + rows.upperBound { least = min(least, chance(cell, label: label)) }
        guard rows.upperBound < region.cells.count else { return least }
        return min(least, 1 - values[(region.offset + rows.upperBound) * tagCount + TagStates.inside(label)])
    }

    /// The chance from which cells are taken as marked so that the expected F1 over cells is largest: half of that F1 (Ye and others
    /// 2012, *Optimizing F-measure*), found by Dinkelbach's iteration.
    func bestThreshold() -> Double {
        let chances = stride(from: 0, to: values.count, by: tagCount).map { 1 - values[$0] }
        let expected = chances.reduce(0, +)
        var threshold = 0.5
        for _ in 0..<30 {
            var (right, chosen) = (0.0, 0.0)
            for chance in chances where chance > threshold {
                right += chance
                chosen += 1
            }
            let next = chosen + expected > 0 ? right / (chosen + expected) : 0.5
            if abs(next - threshold) < 1e-9 { break }
            threshold = next
        }
        return threshold
    }

    /// The spans of one region. A cell is marked when the labels' chances together exceed `threshold`; then its label is the likeliest
    /// one, the first of equals. A span ends where the label changes, where the next cell is outside, or where a begin is likelier than
    /// going on. An inside tag without a begin before it begins a span, the usual repair of BIO tags.
    ///
    /// - Parameter offset: Where the region's cells begin among all; by default as in ``MarkedRegions``.
    /// - Returns: Rows of the region and the label's number in the layer.
    func runs(_ regions: MarkedRegions, _ region: MarkedRegions.Region, at offset: Int? = nil, threshold: Double) -> [(
        rows: Range<Int>, label: Int
    )] {
        var result: [(rows: Range<Int>, label: Int)] = []
        for row in 0..<region.cells.count {
            let cell = (offset ?? region.offset) + row
            guard 1 - values[cell * tagCount] > threshold else { continue }
            var best = 0
            var bestChance = -1.0
            for label in regions.labels(of: region) where chance(cell, label: Int(label)) > bestChance {
                best = Int(label)
                bestChance = chance(cell, label: best)
            }
            let goesOn = values[cell * tagCount + TagStates.inside(best)] >= values[cell * tagCount + TagStates.begin(best)]
            if goesOn, let last = result.last, last.label == best, last.rows.upperBound == row {
                result[result.count - 1].rows = last.rows.lowerBound..<row + 1
            } else {
                result.append((row..<row + 1, best))
            }
        }
        return result
    }
}
