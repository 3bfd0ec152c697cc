import Annotations

/// The methods that learn from all documents how each worker tags: tokens for themselves (Dawid and Skene 1979), sequences (Simpson
/// and Gurevych 2019), or the mean of both.
///
/// Answers that overlap are taken apart into layers (``Layers``), each modelled for itself; what lies deeper than the deepest layer
/// stands when more than half of the workers marked it.
///
/// - Complexity: Linear in what was marked; see ``SequenceModel``. A judgement takes 2 bytes, a marked cell 8 bytes a state.
package struct TagConsolidation: Consolidator {
    package enum Model: Sendable {
        case tokens
        case sequence
        /// Of each cell the mean of the two models' chances: ``tokenWeight`` for the tokens' model. Where spans are long, workers' edges
        /// are far apart, and the tokens' model, which counts votes inside a span, is as good as the other; see ``longSpan``.
        case mean
    }

    /// The weight of the tokens' model in the mean.
    static let tokenWeight = 0.3
    /// The same for layers of long spans.
    static let longSpanTokenWeight = 0.5
    /// Spans are long when workers mark this many cells or more at a time on average.
    static let longSpan = 5.0
    /// Readings below are not kept as alternatives.
    static let alternativeChance = 0.05

    private let model: Model
    private let usesWords: Bool

    /// - Parameter usesWords: Whether the words count as evidence, where they are known; for the sequence model.
    package init(model: Model, usesWords: Bool = true) { (self.model, self.usesWords) = (model, usesWords) }

    package func consolidate<Position>(_ documents: [AnsweredDocument<Position>]) -> [ConsolidatedDocument<Position>] {
        let grids = documents.map { TokenGrid(tokens: $0.tokens, answers: $0.answers) }
        let corpus = Corpus(documents, grids: grids)
        let layers = Layers(corpus)
        var readings = [[Reading]](repeating: [], count: corpus.documents.count)
        for layer in layers.layers { read(layer, corpus, into: &readings) }
        if let deeper = layers.deeper { vote(deeper, corpus, into: &readings) }
        var results = documents.map { ConsolidatedDocument<Position>(id: $0.id, spans: []) }
        for (document, readings) in zip(corpus.documents, readings) {
            results[document.index] = consolidated(documents[document.index], grids[document.index], corpus, readings)
        }
        return results
    }

    /// A span in cells, as one layer's model reads it.
    private struct Reading {
        let span: CellSpan
        let isChosen: Bool
        let chances: (sequence: Double, tokens: Double)
        let rule: SelectionRule
        /// By label number.
        var labelShares: [(label: Int32, share: Double)] = []
    }

    private var calibration: ConfidenceCalibration { model == .tokens ? .tokens : .standard }

    private var rule: SelectionRule {
        switch model {
        case .tokens: .likelyTokens
        case .sequence: .likelySequence
        case .mean: .likelyMean
        }
    }

    // MARK: One layer

    private func read(_ layer: Layer, _ corpus: Corpus, into readings: inout [[Reading]]) {
        let regions = MarkedRegions(layer, corpus: corpus)
        let fitted = FittedTags(model, regions: regions, corpus: corpus, layer: layer, usesWords: usesWords)
        let threshold = fitted.chances.bestThreshold()
        for region in regions.regions {
            var chosen: Set<CellSpan> = []
            for run in fitted.chances.runs(regions, region, threshold: threshold) {
                let start = region.cells.lowerBound
                let span = CellSpan(
                    start: Int32(start + run.rows.lowerBound), end: Int32(start + run.rows.upperBound),
                    label: layer.labels[run.label])
                chosen.insert(span)
                readings[region.document].append(
                    Reading(
                        span: span, isChosen: true, chances: fitted.chances(of: run.rows, label: run.label, region: region),
                        rule: rule, labelShares: fitted.labelShares(region, rows: run.rows)))
            }
            for candidate in fitted.candidates(of: region)
            where !chosen.contains(candidate.span) && candidate.chance >= Self.alternativeChance {
                let rows =
                    candidate.span.cells.lowerBound - region.cells.lowerBound..<candidate.span.cells.upperBound
                    - region.cells.lowerBound
                let label = layer.labels.firstIndex(of: candidate.span.label) ?? 0
                readings[region.document].append(
                    Reading(
                        span: candidate.span, isChosen: false, chances: fitted.chances(of: rows, label: label, region: region),
                        rule: rule))
            }
        }
    }

    private func vote(_ deeper: [[[CellSpan]]], _ corpus: Corpus, into readings: inout [[Reading]]) {
        for (number, answers) in deeper.enumerated() {
            let counts = answers.joined().reduce(into: [CellSpan: Int]()) { $0[$1, default: 0] += 1 }
            for span in counts.keys.sorted() {
                let share = Double(counts[span] ?? 0) / Double(answers.count)
                readings[number].append(Reading(span: span, isChosen: share > 0.5, chances: (0.5, share), rule: .overHalf))
            }
        }
    }

    private func consolidated<Position>(
        _ document: AnsweredDocument<Position>, _ grid: TokenGrid<Position>, _ corpus: Corpus, _ readings: [Reading]
    ) -> ConsolidatedDocument<Position> {
        let votes = SpanVotes(document.answers)
        var chosen: [ConsolidatedSpan<Position>] = []
        var others: [ConsolidatedSpan<Position>] = []
        for reading in readings.sorted(by: { $0.span < $1.span }) {
            let span = grid.span(reading.span.cells, label: corpus.labels[Int(reading.span.label)])
            let support = votes.support(of: span)
            let evidence = SpanEvidence(
                sequenceChance: reading.chances.sequence, tokenChance: reading.chances.tokens,
                similarShare: Double(support.count) / Double(votes.workerCount))
            let consolidated = ConsolidatedSpan(
                span: span, confidence: calibration.confidence(evidence), support: support, rule: reading.rule,
                labelShares: reading.labelShares.map { LabelShare(label: corpus.labels[Int($0.label)], share: $0.share) },
                evidence: evidence)
            if reading.isChosen { chosen.append(consolidated) } else { others.append(consolidated) }
        }
        return ConsolidatedDocument(id: document.id, spans: chosen, alternatives: others.filter { $0.confidence >= 0.05 })
    }
}
