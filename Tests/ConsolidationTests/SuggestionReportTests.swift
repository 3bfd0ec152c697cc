import Annotations
import Testing

@testable import Consolidation

@Suite(.timeLimit(.minutes(1)))
struct SuggestionReportTests {
    private func spans(_ spans: Plain...) -> [ScalarSpan] {
        spans.compactMap { ScalarSpan(start: ScalarOffset($0.start), end: ScalarOffset($0.end), label: $0.label) }
    }

    @Test func anAnswerIsComparedWithWhatWasProposed() {
        let proposed = spans((0, 4, "A"), (5, 9, "A"), (10, 14, "B"), (20, 24, "B"))
        let outcomes = SuggestionOutcomes(proposed: proposed, marked: spans((0, 4, "A"), (5, 9, "B"), (10, 16, "B"), (30, 34, "A")))
        #expect((outcomes.accepted, outcomes.fixed, outcomes.rejected, outcomes.added) == (1, 2, 1, 1))
        #expect(outcomes.proposed == 4 && outcomes.marked == 4 && outcomes.undecided == 0)
        #expect(SuggestionOutcomes(proposed: [ScalarSpan](), marked: []) == SuggestionOutcomes())
    }

    @Test func oneMarkFixesOneSuggestion() {
        let outcomes = SuggestionOutcomes(proposed: spans((0, 4, "A"), (5, 9, "A")), marked: spans((0, 9, "A")))
        #expect((outcomes.fixed, outcomes.rejected, outcomes.added) == (1, 1, 0))
    }

    @Test func whatAnswersSayThemselvesCountsBeforeAnyComparison() throws {
        var said = SuggestionOutcomes()
        (said.accepted, said.undecided) = (2, 1)
        let answers = [WorkerSpans(workerID: "w1", spans: spans((0, 4, "A"), (5, 9, "A")), seconds: 30, suggestionOutcomes: said)]
        let document = SuggestionReport.Document(answers: answers, suggestions: nil, wereWithheld: true)
        let report = try #require(SuggestionReport([document]))
        #expect(report.shown.answers == 1 && report.withheld.answers == 0 && report.shown.medianSeconds == 30)
        #expect(report.shown.agreementWithModel == 0.8 && report.editsSaved == 2 && report.bias == nil)
    }

    /// Two texts of one truth: with suggestions both workers keep the wrong one, without they do not mark it.
    @Test func theBiasIsTheDifferenceOfTheAgreementsWithTheModel() throws {
        let proposed = spans((0, 4, "A"), (5, 9, "A"))
        let seeing = [answer("w1", (0, 4, "A"), (5, 9, "A")), answer("w2", (0, 4, "A"), (5, 9, "A"))]
        let blind = [answer("w1", (0, 4, "A")), answer("w2", (0, 4, "A"), (10, 14, "B"))]
        let report = try #require(
            SuggestionReport([
                .init(answers: seeing, suggestions: proposed, wereWithheld: false),
                .init(answers: blind, suggestions: proposed, wereWithheld: true),
                .init(answers: blind, suggestions: proposed, wereWithheld: nil),
            ]))
        #expect(report.shown.outcomes.accepted == 4 && report.shown.agreementWithModel == 1)
        #expect(report.withheld.answers == 2 && report.withheld.outcomes.added == 3)
        // 2·1/3 and 2·1/4 over the sums 2·2/(3 + 4).
        #expect(report.withheld.agreementWithModel == 4.0 / 7 && report.bias == 1 - 4.0 / 7)
        #expect(report.shown.agreementBetweenWorkers == 1 && report.withheld.agreementBetweenWorkers == 2.0 / 3)
        #expect(report.text.hasPrefix("Suggestions: 4 edits saved\n"))
    }

    @Test func withoutAnyKnowledgeThereIsNoReport() {
        let document = SuggestionReport.Document(answers: [answer("w1", (0, 4, "A"))], suggestions: [], wereWithheld: nil)
        #expect(SuggestionReport([document]) == nil && SuggestionReport([]) == nil)
    }
}
