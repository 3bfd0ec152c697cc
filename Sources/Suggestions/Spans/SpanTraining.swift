import Annotations

/// Trains a model of spans.
struct SpanTraining {
    /// With four tags a label and one outside they fit a chain.
    private static let maximumLabels = (ChainModel.maximumLabels - 1) / 4
    /// Candidates below it are not looked at; also the lowest threshold.
    private static let lowestThreshold = 0.2
    private static let thresholds = [lowestThreshold, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6]

    private let labels: [Label]
    private let documents: [TrainingDocument]
    private let tokens: [SpanTokens]

    init(_ documents: [TrainingDocument]) throws(SuggestionError) {
        self.documents = documents
        labels = Set(documents.flatMap { $0.spans.map(\.label) }).sorted()
        guard !labels.isEmpty else { throw SuggestionError(.noExamples, "none of the \(documents.count) documents has a span") }
        guard labels.count <= Self.maximumLabels else {
            throw SuggestionError(.tooManyLabels, "\(labels.count) labels, at most \(Self.maximumLabels) can be learnt")
        }
        try TrainingReport.checkDocuments(documents)
        tokens = documents.map { SpanTokens(Scalars($0.text)) }
    }

    func train(source: String) throws(SuggestionError) -> (model: SuggestionModel, report: TrainingReport) {
        var report = TrainingReport()
        report.documents = documents.count
        report.examples = documents.reduce(0) { $0 + $1.spans.count }
        report.scores = labels.map { TrainingReport.LabelScore(label: $0) }
        var layers: [SpanLayer] = []
        var predictions: [LayerPrediction] = []
        var trials: [UInt64: SpanTrial] = [:]
        var layersSeen: [UInt64: Int] = [:]
        for layer in LabelLayers.layers(of: labels, in: documents) {
            let learnt = train(layer, &report)
            layers.append(learnt.layer)
            predictions += learnt.predictions
            for group in Set(learnt.predictions.map(\.group)) { layersSeen[group, default: 0] += 1 }
            // What cannot be learnt is missed.
            for (group, count) in learnt.leftOut { trials[group, default: SpanTrial()].gold += count }
        }
        let threshold = Self.bestThreshold(predictions)
        report.threshold = threshold
        var cases: [(probability: Double, isRight: Bool)] = []
        for prediction in predictions {
            let chosen = SpanDecoder.best(prediction.candidates, above: threshold)
            var trial = SpanTrial(gold: prediction.gold.count, proposed: chosen.count)
            trial.expectation = SpanExpectation(
                spans: prediction.expectedCount, proposed: chosen.count, right: chosen.reduce(0) { $0 + $1.probability })
            for span in prediction.gold { report.scores[prediction.labels[span.label]].gold += 1 }
            for candidate in chosen {
                let isRight = prediction.gold.contains(candidate.span)
                report.scores[prediction.labels[candidate.span.label]].proposed += 1
                if isRight { report.scores[prediction.labels[candidate.span.label]].right += 1 }
                if isRight { trial.right += 1 }
                cases.append((candidate.probability, isRight))
            }
            trials[prediction.group, default: SpanTrial()] += trial
        }
        // Texts that some layer was not tried on are no measure of all of them.
        let whole = trials.filter { layersSeen[$0.key] == layers.count }.sorted { $0.key < $1.key }.map(\.value.trial)
        let contents = SuggestionModel.Contents(
            source: source, labels: labels, calibration: Calibration(cases), trust: report.judge(whole),
            body: .spans(layers: layers, threshold: threshold))
        return (try SuggestionModel(contents: contents), report)
    }

    // MARK: One layer

    /// What the chain of a layer says about a sentence that it has not seen.
    private struct LayerPrediction {
        let group: UInt64
        let labels: [Int]
        let gold: [TokenRange]
        let candidates: [SpanDecoder.Candidate]
        /// As ``SpanDecoder/expectedCount(_:)``.
        let expectedCount: Double

        init(
            _ prediction: PenaltySearch.Prediction<(candidates: [SpanDecoder.Candidate], count: Double)>, layer: [Int],
            tags: SpanTags
        ) {
            (group, labels, gold) = (prediction.group, layer, tags.spans(of: prediction.labels))
            (candidates, expectedCount) = prediction.value
        }
    }

    /// What was learnt of a layer.
    private struct LearntLayer {
        let layer: SpanLayer
        let predictions: [LayerPrediction]
        /// Spans that were left out, by the hash of the document.
        let leftOut: [UInt64: Int]
    }

    private func train(_ layer: [Int], _ report: inout TrainingReport) -> LearntLayer {
        let tags = SpanTags(labelCount: layer.count)
        let decoder = SpanDecoder(tags: tags)
        var leftOut: [UInt64: Int] = [:]
        let spans = zip(documents, tokens).map { document, tokens in
            let before = report.spansLeftOut
            let ranges = tokenRanges(of: document, tokens: tokens, layer: layer, &report)
            leftOut[document.group, default: 0] += report.spansLeftOut - before
            return ranges
        }
        let builder = GazetteerBuilder(Array(zip(tokens, spans)))
        var examples = ChainExamples(labelCount: tags.count)
        for (index, document) in tokens.enumerated() {
            let features = SpanFeatures(document, gazetteer: builder.gazetteer(without: document, spans: spans[index]))
            let documentTags = tags.tags(tokenCount: document.tokens.count, spans: spans[index])
            let group = documents[index].group
            for sentence in document.sentences {
                examples.append(
                    rows: sentence.map { features.row($0, in: sentence) }, labels: Array(documentTags[sentence]), group: group)
            }
        }
        let training = ChainTraining(examples)
        let search = PenaltySearch(training)
        let (penalty, predictions) = search.best(
            predict: { model, rows in
                var lattice = model.lattice(of: rows)
                _ = lattice.run()
                return (
                    candidates: decoder.candidates(lattice, atLeast: Self.lowestThreshold), count: decoder.expectedCount(lattice)
                )
            },
            score: { predictions in
                let predictions = predictions.map { LayerPrediction($0, layer: layer, tags: tags) }
                return Self.f1(predictions, threshold: Self.bestThreshold(predictions))
            })
        let fit = training.fit(penalty: penalty)
        report.penalty = max(report.penalty, penalty)
        report.isScoredOnPart = report.isScoredOnPart || search.isOnPart
        report.features += fit.model.index.count
        return LearntLayer(
            layer: SpanLayer(labels: layer, chain: fit.model, gazetteer: builder.gazetteer()),
            predictions: predictions.map { LayerPrediction($0, layer: layer, tags: tags) }, leftOut: leftOut)
    }

    /// The spans of a layer in tokens: widened to whole tokens, inside one sentence, the longer first where two overlap.
    private func tokenRanges(
        of document: TrainingDocument, tokens: SpanTokens, layer: [Int], _ report: inout TrainingReport
    ) -> [TokenRange] {
        let places = Dictionary(uniqueKeysWithValues: layer.enumerated().map { (labels[$1], $0) })
        var isTaken = Array(repeating: false, count: tokens.tokens.count)
        var ranges: [TokenRange] = []
        let spans = document.spans.filter { places[$0.label] != nil }
        for span in Set(spans).sorted(by: { $0.length != $1.length ? $0.length > $1.length : $0 < $1 }) {
            guard let range = tokens.tokenRange(of: span.start.rawValue..<span.end.rawValue), let place = places[span.label],
                !isTaken[range].contains(true)
            else {
                report.spansLeftOut += 1
                continue
            }
            for index in range { isTaken[index] = true }
            ranges.append(TokenRange(range: range, label: place))
        }
        return ranges.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    // MARK: Scores

    private static func bestThreshold(_ predictions: [LayerPrediction]) -> Double {
        thresholds.map { (threshold: $0, score: f1(predictions, threshold: $0)) }
            .reduce((threshold: 0.5, score: -1.0)) { $1.score > $0.score ? $1 : $0 }.threshold
    }

    /// Strict F1 over all labels.
    private static func f1(_ predictions: [LayerPrediction], threshold: Double) -> Double {
        var (gold, proposed, right) = (0, 0, 0)
        for prediction in predictions {
            let chosen = SpanDecoder.best(prediction.candidates, above: threshold)
            gold += prediction.gold.count
            proposed += chosen.count
            right += chosen.lazy.filter { prediction.gold.contains($0.span) }.count
        }
        return gold + proposed == 0 ? 0 : 2 * Double(right) / Double(gold + proposed)
    }
}
