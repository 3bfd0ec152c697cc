import Annotations
import Testing

@testable import Consolidation

@Suite(.timeLimit(.minutes(1)))
struct GroundTruthRuleTests {
    private func consolidate(_ answers: [WorkerSpans<ScalarOffset>], order: [Label] = []) throws -> [ConsolidatedSpan<ScalarOffset>]
    {
        try GroundTruthRule.consolidate(answers, labelOrder: order)
    }

    // MARK: Edges

    @Test func edgesAreTheMostFrequentOnes() throws {
        let spans = try consolidate([answer("w1", (5, 13, "A")), answer("w2", (5, 13, "A")), answer("w3", (7, 14, "A"))])
        #expect(spans.map(\.summary) == ["5..<13 A w1,w2,w3"])
    }

    @Test func edgesAreTheMedianWhereNoneIsMostFrequent() throws {
        let spans = try consolidate([answer("w1", (10, 30, "A")), answer("w2", (11, 33, "A")), answer("w3", (13, 31, "A"))])
        #expect(spans.map(\.summary) == ["11..<31 A w1,w2,w3"])
    }

    @Test func ofTwoMiddleEdgesTheSmallerStands() throws {
        let spans = try consolidate([answer("w1", (10, 30, "A")), answer("w2", (12, 34, "A"))])
        #expect(spans.map(\.summary) == ["10..<30 A w1,w2"])
    }

    @Test func eachEdgeIsDecidedForItself() throws {
        let spans = try consolidate([
            answer("w1", (10, 30, "A")), answer("w2", (10, 31, "A")), answer("w3", (11, 32, "A")), answer("w4", (12, 32, "A")),
            answer("w5", (10, 32, "A")),
        ])
        #expect(spans.map(\.summary) == ["10..<32 A w1,w2,w3,w4,w5"])
    }

    // MARK: Labels

    @Test func theLabelOfMostWorkersWins() throws {
        let spans = try consolidate(
            [answer("w1", (5, 13, "A")), answer("w2", (5, 13, "B")), answer("w3", (5, 13, "B"))], order: ["A", "B"])
        #expect(spans.map(\.summary) == ["5..<13 B w2,w3"])
        #expect(abs((spans.first?.confidence ?? 0) - 2.0 / 3) < 1e-12)
    }

    @Test(
        arguments: [
            (["B", "A"], "B"), (["A", "B"], "A"), ([], "A"), (["B"], "B"), (["X", "A"], "A"),
        ] as [([Label], Label)])
    func aTieGoesToTheLabelConfiguredFirstThenToTheSmallerInBytes(order: [Label], winner: Label) throws {
        let spans = try consolidate([answer("w1", (5, 13, "B")), answer("w2", (5, 13, "A"))], order: order)
        #expect(spans.map(\.span.label) == [winner])
        #expect(spans.map(\.confidence) == [0.5])
    }

    // MARK: Clusters

    @Test func nestedSpansSurvive() throws {
        let spans = try consolidate([answer("w1", (0, 20, "A"), (5, 9, "B")), answer("w2", (0, 20, "A"), (5, 9, "B"))])
        #expect(spans.map(\.summary) == ["0..<20 A w1,w2", "5..<9 B w1,w2"])
        #expect(spans.map(\.confidence) == [1, 1])
    }

    @Test func twoLabelsOnOneSpanSurvive() throws {
        let spans = try consolidate([answer("w1", (5, 13, "A"), (5, 13, "B")), answer("w2", (5, 13, "B"), (5, 13, "A"))])
        #expect(spans.map(\.summary) == ["5..<13 A w1,w2", "5..<13 B w1,w2"])
    }

    @Test func spansOfOneWorkerThatAreAlikeStayApart() throws {
        let spans = try consolidate([answer("w1", (0, 10, "A"), (0, 9, "A")), answer("w2", (0, 10, "A"), (0, 9, "A"))])
        #expect(spans.map(\.summary) == ["0..<9 A w1,w2", "0..<10 A w1,w2"])
    }

    /// A Jaccard similarity of 1/3 is the border.
    @Test(arguments: [(0, 3, ["0..<3 A w1,w2"]), (0, 2, ["0..<2 A w2", "0..<9 A w1"])])
    func spansAreOneFromAThirdInCommon(start: Int, end: Int, expected: [String]) throws {
        let spans = try consolidate([answer("w1", (0, 9, "A")), answer("w2", (start, end, "A"))])
        #expect(spans.map(\.summary) == expected)
    }

    @Test func aSpanThatOneOfManySawIsKeptWithALowConfidence() throws {
        let spans = try consolidate([
            answer("w1", (0, 4, "A"), (10, 14, "A")), answer("w2", (0, 4, "A")), answer("w3", (0, 4, "A")),
            answer("w4", (0, 4, "A")),
        ])
        #expect(spans.map(\.summary) == ["0..<4 A w1,w2,w3,w4", "10..<14 A w1"])
        #expect(spans.map(\.confidence) == [1, 0.25])
    }

    // MARK: Confidence

    @Test func confidenceIsShareTimesMeanSimilarity() throws {
        let spans = try consolidate([
            answer("w1", (0, 10, "A")), answer("w2", (0, 10, "A")), answer("w3", (0, 8, "A")), answer("w4"),
        ])
        #expect(spans.map(\.summary) == ["0..<10 A w1,w2,w3"])
        #expect(abs((spans.first?.confidence ?? 0) - 0.75 * (1 + 1 + 0.8) / 3) < 1e-12)
    }

    @Test func oneWorkerGivesConfidenceZero() throws {
        let spans = try consolidate([answer("w1", (0, 10, "A"))])
        #expect(spans.map(\.summary) == ["0..<10 A w1"])
        #expect(spans.map(\.confidence) == [0])
    }

    @Test func anEmptyAnswerLowersTheShare() throws {
        let spans = try consolidate([answer("w1", (0, 10, "A")), answer("w2")])
        #expect(spans.map(\.confidence) == [0.5])
    }

    @Test func aSpanMarkedTwiceByOneWorkerCountsOnce() throws {
        let spans = try consolidate([answer("w1", (0, 10, "A"), (0, 10, "A")), answer("w2", (0, 10, "A"))])
        #expect(spans.map(\.summary) == ["0..<10 A w1,w2"])
        #expect(spans.map(\.confidence) == [1])
    }

    @Test func nobodyMarkedAnything() throws {
        #expect(try consolidate([]).isEmpty)
        #expect(try consolidate([answer("w1"), answer("w2")]).isEmpty)
    }

    // MARK: Hostile and random input

    @Test func tooManyOverlapsFailByName() {
        let marks = { (id: String) in
            WorkerSpans(
                workerID: id,
                spans: (0..<1200).compactMap { ScalarSpan(start: ScalarOffset($0), end: ScalarOffset(100_000 + $0), label: "A") })
        }
        let error = #expect(throws: ConsolidationError.self) {
            try GroundTruthRule.consolidate([marks("w1"), marks("w2")], labelOrder: [])
        }
        #expect(error?.code == .tooManyOverlaps)
        #expect(error?.message.contains("1000000 pairs") == true)
    }

    @Test(arguments: 0..<60 as Range<UInt64>) func theOrderOfAnswersDoesNotMatter(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let labels: [Label] = ["A", "B", "C"]
        var answers: [WorkerSpans<ScalarOffset>] = []
        for worker in 0..<Int.random(in: 1...6, using: &random) {
            let spans = (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in
                let start = Int.random(in: 0..<60, using: &random)
                return ScalarSpan(
                    start: ScalarOffset(start), end: ScalarOffset(start + Int.random(in: 1...20, using: &random)),
                    label: labels[Int.random(in: 0..<3, using: &random)])
            }
            answers.append(WorkerSpans(workerID: "w\(worker)", spans: spans))
        }
        let expected = try consolidate(answers, order: labels)
        for _ in 0..<5 {
            let shuffled = answers.shuffled(using: &random).map {
                WorkerSpans(workerID: $0.workerID, spans: $0.spans.shuffled(using: &random))
            }
            #expect(try consolidate(shuffled, order: labels) == expected)
        }
        try checkInvariants(expected, of: answers)
    }

    /// What holds of every result: it is sorted, spans and confidences are in bounds, and each worker's mark backs at most one
    /// span.
    private func checkInvariants(_ spans: [ConsolidatedSpan<ScalarOffset>], of answers: [WorkerSpans<ScalarOffset>]) throws {
        #expect(spans.map(\.span) == spans.map(\.span).sorted())
        let edges = answers.flatMap(\.spans).flatMap { [$0.start, $0.end] }
        for span in spans {
            #expect((0...1).contains(span.confidence))
            #expect(!span.support.isEmpty && span.support == Set(span.support).sorted())
            #expect(edges.contains(span.span.start) && edges.contains(span.span.end))
        }
        for answer in answers {
            #expect(spans.count { $0.support.contains(answer.workerID) } <= Set(answer.spans).count)
        }
    }

    @Test func methodsAreNamedAsOnTheCommandLine() {
        #expect(
            ConsolidationMethod.allCases.map(\.rawValue) == [
                "all-workers", "majority", "ground-truth", "dawid-skene", "sequence", "best",
            ])
        #expect(ConsolidationMethod.standard == .best)
    }
}
