import Annotations
import Testing

@testable import Consolidation

@Suite(.timeLimit(.minutes(1)))
struct ModelTests {
    // MARK: Numbers

    /// Abramowitz and Stegun, tables 6.1 and 6.3; -γ, -γ - 2 ln 2, ln √π.
    @Test func digammaAndLogGammaHaveTheirKnownValues() {
        #expect(abs(digamma(1) + 0.577_215_664_901_532_9) < 1e-11)
        #expect(abs(digamma(0.5) + 1.963_510_026_021_423_5) < 1e-11)
        #expect(abs(digamma(1e-3) + 1000.575_571_9) < 1e-6)
        #expect(abs(logGamma(0.5) - 0.572_364_942_924_700_1) < 1e-9)
        #expect(abs(logGamma(10) - 12.801_827_480_081_469) < 1e-9)
    }

    // MARK: Cells

    @Test func anEdgeInsideATokenCutsIt() {
        let token = ScalarOffset(0)..<ScalarOffset(8)
        let grid = TokenGrid(tokens: [token], answers: [answer("w1", (0, 3, "A")), answer("w2", (0, 8, "A"))])
        #expect(grid.cells == [ScalarOffset(0)..<ScalarOffset(3), ScalarOffset(3)..<ScalarOffset(8)])
        #expect(grid.tokenOfCell == [0, 0])
    }

    @Test func whiteSpaceAtTheEdgesBelongsToNoCell() throws {
        let answers = [answer("w1", (1, 4, "A"))]
        let grid = TokenGrid(tokens: tokens(3), answers: answers)
        #expect(grid.cells(of: answers[0].spans[0]) == 1..<2)
        #expect(grid.span(1..<2, label: "A") == span(1..<2, "A"))
    }

    @Test func aSpanBetweenTokensIsNotLost() {
        let answers = [answer("w1", (1, 2, "A"))]
        let grid = TokenGrid(tokens: tokens(3), answers: answers)
        #expect(grid.cells.count == 4)
        #expect(grid.cells(of: answers[0].spans[0]) == 1..<2)
        #expect(grid.tokenOfCell == [0, -1, 1, 2])
    }

    // MARK: Layers

    private func layers(_ answers: [WorkerSpans<ScalarOffset>]) -> Layers {
        let document = AnsweredDocument(id: "d", tokens: tokens(40), answers: answers)
        return Layers(Corpus([document], grids: [TokenGrid(tokens: document.tokens, answers: answers)]))
    }

    @Test func labelsThatWorkersPutOverEachOtherLieInDifferentLayers() {
        let marks = [span(0..<9, "A"), span(2..<4, "B"), span(20..<22, "C")]
        let found = layers([WorkerSpans(workerID: "w1", spans: marks), WorkerSpans(workerID: "w2", spans: marks)])
        #expect(found.layers.map(\.labels) == [[0, 2], [1]])
        #expect(found.deeper == nil)
    }

    @Test func nestedSpansOfOneLabelLieOneLayerBelow() {
        let found = layers([WorkerSpans(workerID: "w1", spans: [span(0..<9, "A"), span(2..<4, "A"), span(5..<7, "A")])])
        #expect(found.layers.map { $0.spans[0][0].count } == [1, 2])
    }

    @Test func nestingBeyondTheDeepestLayerIsKept() {
        let found = layers([WorkerSpans(workerID: "w1", spans: (0..<6).map { span($0..<20 - $0, "A") })])
        #expect(found.layers.count == 4)
        #expect(found.deeper?[0][0].count == 2)
        let document = AnsweredDocument(
            id: "d", tokens: tokens(40),
            answers: (1...4).map { WorkerSpans(workerID: "w\($0)", spans: (0..<6).map { span($0..<20 - $0, "A") }) })
        #expect(TagConsolidation(model: .mean).consolidate([document])[0].spans.count == 6)
    }

    // MARK: Sequence model

    private func model(_ crowd: Crowd) -> (SequenceModel, Corpus) {
        let corpus = Corpus(crowd.documents, grids: crowd.documents.map { TokenGrid(tokens: $0.tokens, answers: $0.answers) })
        let regions = MarkedRegions(Layers(corpus).layers[0], corpus: corpus)
        return (SequenceModel(regions, corpus: corpus, usesWords: false), corpus)
    }

    @Test func theChancesOfACellSumToOne() {
        let (model, _) = model(Crowd(documents: 10, recalls: [0.9, 0.6, 0.5, 0.4], seed: 2))
        for base in stride(from: 0, to: model.chances.count, by: model.states.count) {
            #expect(abs(model.chances[base..<base + model.states.count].reduce(0, +) - 1) < 1e-9)
        }
    }

    @Test func aSpansChanceIsAtMostThatOfItsCells() {
        let (model, _) = model(Crowd(documents: 10, recalls: [0.9, 0.6, 0.5, 0.4], seed: 2))
        let chances = TagChances(model)
        var found = 0
        for (region, candidates) in zip(model.regions.regions, model.candidates(labels: [0, 1])) {
            for candidate in candidates {
                found += 1
                for cell in candidate.span.cells {
                    let place = region.offset + cell - region.cells.lowerBound
                    #expect(candidate.chance <= chances.chance(place, label: Int(candidate.span.label)) + 1e-9)
                }
            }
        }
        #expect(found > 20)
    }

    @Test func aWorkerWhoFindsMoreIsTakenForOneWhoFindsMore() {
        let (model, corpus) = model(Crowd(documents: 60, recalls: [0.9, 0.7, 0.7, 0.3], seed: 4))
        // The chance to begin a span of label A where one begins, from outside.
        let recalls = corpus.workerIDs.indices.map { worker in
            model.workers.logProbabilities[model.workers.entry(Int32(worker), code: 1) + TagStates.begin(0)]
        }
        #expect(recalls[0] > recalls[1] && recalls[1] > recalls[3])
    }

    // MARK: Confidence

    @Test func calibrationFindsTheCurveThatMadeTheOutcomes() {
        var random = SplitMix64(seed: 1)
        let truth = ConfidenceCalibration(weights: [-1, 0.5, 0.2, 2])
        let outcomes = (0..<20_000).map { _ in
            let evidence = SpanEvidence(
                sequenceChance: random.uniform(), tokenChance: random.uniform(), similarShare: random.uniform())
            return (evidence: evidence, isRight: random.uniform() < truth.confidence(evidence))
        }
        let fitted = ConfidenceCalibration.fitted(to: outcomes)
        for (found, expected) in zip(fitted.weights, truth.weights) { #expect(abs(found - expected) < 0.15) }
        let quality = ConfidenceQuality(outcomes.map { (fitted.confidence($0.evidence), $0.isRight) })
        #expect(quality.expectedCalibrationError < 0.02)
    }

    @Test func qualityOfConfidencesByHand() {
        let quality = ConfidenceQuality([(0.95, true), (0.85, false), (0.55, true), (0.15, false)])
        #expect(abs(quality.expectedCalibrationError - (0.05 + 0.85 + 0.45 + 0.15) / 4) < 1e-12)
        #expect(quality.areaUnderCurve == 0.75)
        #expect(ConfidenceQuality([(0.5, true)]).areaUnderCurve == nil)
    }
}
