import Annotations
import Testing

@testable import Suggestions

@Suite(.timeLimit(.minutes(1)))
struct TrustTests {
    /// Without an error the bound is the share p with (1 − p)ⁿ = 5 %.
    @Test(arguments: [
        (mean: 0.0, count: 100, bound: 1 - 0.9704866), (mean: 0.0, count: 10, bound: 1 - 0.7411344),
        (mean: 1.0, count: 50, bound: 1.0),
    ])
    func theBoundWithoutErrorsIsTheBinomialOne(mean: Double, count: Int, bound: Double) {
        #expect(abs(TrustCurve.upperBound(mean: mean, count: count) - bound) < 1e-6)
    }

    /// Texts whose share of wrong labels is as their certainty says, drawn again and again: the promise is broken in at most 5 % of the draws.
    @Test func theBudgetIsKept() {
        var generator = SeededGenerator(seed: 3)
        let (draws, budget) = (200, 0.1)
        var (broken, given) = (0, 0)
        for _ in 0..<draws {
            let trials = (0..<600).map { _ in
                let certainty = Double.random(in: 0...1, using: &generator)
                return TextTrial(
                    certainty: certainty, errorShare: Double.random(in: 0...1, using: &generator) < certainty.squareRoot() ? 0 : 1)
            }
            guard let least = TrustCurve(trials).certainty(forBudget: budget) else { continue }
            given += 1
            // The mean of 1 − √c over c from `least` to 1.
            let mean = 1 - (2.0 / 3) * (1 - least * least.squareRoot()) / (1 - least)
            if mean > budget { broken += 1 }
        }
        #expect(given > draws / 2 && broken <= draws / 20)
    }

    @Test func fewTextsAreNotTrustedAndNoBudgetIsNone() {
        let sure = TextTrial(certainty: 1, errorShare: 0)
        #expect(TrustCurve(Array(repeating: sure, count: 99)).certainty(forBudget: 0.5) == nil)
        let curve = TrustCurve(Array(repeating: sure, count: 200))
        #expect(
            curve.certainty(forBudget: 0.02) == 1 && curve.certainty(forBudget: 0.001) == nil
                && curve.certainty(forBudget: 0) == nil)
        #expect(curve.certainty(forBudget: 1) == 1)
    }

    @Test func textsOfOneCertaintyStandOrFallTogether() {
        let trials = (0..<400).map { TextTrial(certainty: 0.5, errorShare: $0 < 100 ? 0 : 1) }
        #expect(TrustCurve(trials).certainty(forBudget: 0.3) == nil)
    }

    @Test func theExpectationOfSpansCountsWrongAndMissingOnes() {
        #expect(SpanExpectation(spans: 0, proposed: 0, right: 0).certainty == 1)
        #expect(abs(SpanExpectation(spans: 0.1, proposed: 0, right: 0).certainty - 0.9) < 1e-12)
        #expect(abs(SpanExpectation(spans: 2, proposed: 2, right: 1.5).certainty - 0.6) < 1e-12)
    }

    @Test func aTextThatTheModelIsSureOfIsTrustedWhereABudgetAllowsIt() throws {
        let (model, report) = try SuggestionModel.train(on: abstracts(200), source: "made-up")
        #expect(report.trustedShares.count == TrainingReport.budgets.count && report.trustedShares.last == 1)
        let known = abstracts(5)[4].text
        #expect(model.propose(known).certainty > 0.9 && model.propose(DocumentText(" ")).certainty == 0)
        let job: [Label] = ["Background", "Methods", "Results"]
        #expect(Suggester(model, labels: job, errorBudget: 0.1).review(known).isTrusted)
        #expect(!Suggester(model, labels: job).review(known).isTrusted)
        // What was measured does not count for a label that is never proposed, nor for a text that loses one.
        let wider = Suggester(model, labels: job + ["Limitations"], errorBudget: 0.1)
        #expect(!wider.review(known).isTrusted && wider.trustObstacle?.contains("Limitations") == true)
        #expect(!Suggester(model, labels: ["Methods", "Results"], errorBudget: 0.1).review(known).isTrusted)
        #expect(Suggester(model, labels: job, errorBudget: 1e-6).trustObstacle != nil)
    }

    @Test func aTextThatIsNotReadToItsEndIsNotTrusted() throws {
        for model in [
            try SuggestionModel.train(on: abstracts(40), source: "made-up").model,
            try SuggestionModel.train(on: notes(40), source: "made-up").model,
        ] {
            let text = DocumentText(String(repeating: "We took 5 mg of Delufan. ", count: 12_000))
            #expect(model.propose(text).certainty == 0)
        }
    }
}
