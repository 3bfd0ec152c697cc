/// The models of ``TagConsolidation``, fitted to one layer.
struct FittedTags: Sendable {
    /// The chances that make the spans.
    let chances: TagChances
    let sequence: SequenceModel?
    private let layer: Layer
    private let regions: MarkedRegions
    private let tokens: TagChances?
    private let tokenWeight: Double
    /// By region, what the sequence model says of spans; empty without one.
    private let spanChances: [[CandidateSpan]]

    init(_ model: TagConsolidation.Model, regions: MarkedRegions, corpus: Corpus, layer: Layer, usesWords: Bool) {
        (self.layer, self.regions) = (layer, regions)
        sequence = model == .tokens ? nil : SequenceModel(regions, corpus: corpus, usesWords: usesWords)
        tokens =
            model == .sequence ? nil : TagChances(DawidSkeneModel(regions, corpus: corpus), labelCount: regions.labelCount)
        spanChances = sequence?.candidates(labels: layer.labels) ?? []
        switch (sequence.map { TagChances($0) }, tokens) {
        case (let sequence?, let tokens?):
            let isLong = regions.meanLength >= TagConsolidation.longSpan
            tokenWeight = isLong ? TagConsolidation.longSpanTokenWeight : TagConsolidation.tokenWeight
            chances = sequence.mixed(with: tokens, weight: tokenWeight)
        case (let only?, nil):
            (chances, tokenWeight) = (only, 0)
        case (nil, let only?):
            (chances, tokenWeight) = (only, 1)
        case (nil, nil):
            preconditionFailure("a model of tags reads tokens or sequences")
        }
    }

    /// Readings of a region that the sequence model finds possible, chosen or not.
    func candidates(of region: MarkedRegions.Region) -> [CandidateSpan] { spanChances.isEmpty ? [] : spanChances[region.index] }

    /// What the models say of a span; 0.5 by a model that is not there.
    ///
    /// - Parameter rows: The span in rows of its region.
    func chances(of rows: Range<Int>, label: Int, region: MarkedRegions.Region) -> (sequence: Double, tokens: Double) {
        let start = Int32(region.cells.lowerBound)
        let span = CellSpan(start: start + Int32(rows.lowerBound), end: start + Int32(rows.upperBound), label: layer.labels[label])
        return (
            sequence == nil ? 0.5 : candidates(of: region).first { $0.span == span }?.chance ?? 0,
            tokens?.weakestLink(of: rows, label: label, region: region) ?? 0.5
        )
    }

    /// How likely each of the region's labels is over some rows, the likeliest first.
    func labelShares(_ region: MarkedRegions.Region, rows: Range<Int>) -> [(label: Int32, share: Double)] {
        var shares = regions.labels(of: region).map { label in
            let cells = region.offset + rows.lowerBound..<region.offset + rows.upperBound
            return (label: layer.labels[Int(label)], share: cells.reduce(0) { $0 + chances.chance($1, label: Int(label)) })
        }
        let total = shares.reduce(0) { $0 + $1.share }
        for index in shares.indices { shares[index].share /= total }
        return shares.filter { $0.share > 0.0005 }.sorted { ($1.share, $0.label) < ($0.share, $1.label) }
    }
}
