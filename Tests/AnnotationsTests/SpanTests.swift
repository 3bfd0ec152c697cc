import Annotations
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SpanTests {
    private func span(_ start: Int, _ end: Int, _ label: Label = "A") throws -> ScalarSpan {
        try #require(ScalarSpan(start: ScalarOffset(start), end: ScalarOffset(end), label: label))
    }

    @Test(arguments: [(0, 0), (3, 2), (-1, 4), (-2, -1)])
    func refusesEmptyReversedAndNegativeRanges(start: Int, end: Int) {
        #expect(ScalarSpan(start: ScalarOffset(start), end: ScalarOffset(end), label: "A") == nil)
    }

    /// Shared units over all units.
    @Test(arguments: [
        (0, 10, 0, 10, 1.0), (0, 10, 5, 15, 1.0 / 3), (0, 10, 0, 5, 0.5), (2, 4, 0, 8, 0.25), (0, 5, 5, 9, 0.0), (0, 2, 7, 9, 0.0),
    ])
    func jaccardIsTheShareOfCommonUnits(start: Int, end: Int, otherStart: Int, otherEnd: Int, expected: Double) throws {
        let (one, other) = (try span(start, end), try span(otherStart, otherEnd, "B"))
        #expect(abs(one.jaccard(other) - expected) < 1e-12)
        #expect(one.jaccard(other) == other.jaccard(one))
        #expect(one.overlaps(other) == (expected > 0))
    }

    @Test func sortsByStartThenEndThenLabel() throws {
        let sorted = [try span(0, 2, "B"), try span(0, 3, "A"), try span(0, 3, "B"), try span(1, 2, "A")]
        #expect(Array(sorted.reversed()).sorted() == sorted)
    }

    @Test func keepsItsLabelInAnotherUnit() throws {
        let converted: UTF16Span = try span(1, 3, "DOSE").converted { UTF16Offset($0.rawValue * 2) }
        #expect(converted == UTF16Span(start: UTF16Offset(2), end: UTF16Offset(6), label: "DOSE"))
        #expect(converted.length == 4)
    }

    @Test func namesItsUnits() {
        #expect([ScalarOffset.unit, UTF16Offset.unit, TokenIndex.unit] == ["scalar", "utf-16", "token"])
    }
}
