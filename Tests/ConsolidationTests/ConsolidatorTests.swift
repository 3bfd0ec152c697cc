import Annotations
import Testing

@testable import Consolidation

/// What every method keeps to.
@Suite(.timeLimit(.minutes(2)))
struct ConsolidatorTests {
    private func consolidate(_ method: ConsolidationMethod, _ answers: [WorkerSpans<ScalarOffset>], tokenCount: Int = 30)
        -> ConsolidatedDocument<ScalarOffset>
    {
        let document = AnsweredDocument(id: "d", tokens: tokens(tokenCount), answers: answers)
        return method.consolidator().consolidate([document])[0]
    }

    private func worker(_ id: String, _ spans: ScalarSpan...) -> WorkerSpans<ScalarOffset> {
        WorkerSpans(workerID: id, spans: spans)
    }

    @Test(arguments: ConsolidationMethod.allCases) func noDocumentsGiveNone(method: ConsolidationMethod) {
        let none: [AnsweredDocument<ScalarOffset>] = []
        #expect(method.consolidator().consolidate(none).isEmpty)
    }

    @Test(arguments: ConsolidationMethod.allCases) func nobodyMarkedAnything(method: ConsolidationMethod) {
        #expect(consolidate(method, []).spans.isEmpty)
        #expect(consolidate(method, [worker("w1"), worker("w2"), worker("w3"), worker("w4")]).spans.isEmpty)
    }

    @Test(arguments: ConsolidationMethod.allCases) func oneWorkersAnswerStands(method: ConsolidationMethod) {
        let result = consolidate(method, [worker("w1", span(2..<5, "A"), span(9..<10, "B"))])
        #expect(result.spans.map(\.span) == [span(2..<5, "A"), span(9..<10, "B")])
        #expect(result.spans.map(\.support) == [["w1"], ["w1"]])
    }

    @Test(arguments: ConsolidationMethod.allCases) func whatAllMarkStands(method: ConsolidationMethod) {
        let answers = (1...4).map { worker("w\($0)", span(2..<5, "A"), span(9..<10, "B")) }
        let result = consolidate(method, answers)
        #expect(result.spans.map(\.span) == [span(2..<5, "A"), span(9..<10, "B")])
        #expect(result.spans.allSatisfy { $0.support == ["w1", "w2", "w3", "w4"] })
        #expect(result.spans.allSatisfy { $0.labelShares[0].label == $0.span.label })
    }

    @Test(arguments: ConsolidationMethod.allCases) func nestedAndOverlappingSpansSurvive(method: ConsolidationMethod) {
        let marks = [span(2..<9, "A"), span(4..<6, "B"), span(4..<6, "C"), span(8..<12, "A"), span(5..<6, "B")]
        let result = consolidate(method, (1...5).map { WorkerSpans(workerID: "w\($0)", spans: marks) })
        #expect(result.spans.map(\.span) == marks.sorted())
    }

    @Test(arguments: ConsolidationMethod.allCases) func nothingDependsOnTheOrderOfDocumentsWorkersAndSpans(
        method: ConsolidationMethod
    ) {
        let crowd = Crowd(documents: 20, recalls: [0.9, 0.7, 0.6, 0.5], randomWorkers: 1, seed: 5)
        let plain = method.consolidator().consolidate(crowd.documents)
        let turned = crowd.documents.reversed().map { document in
            AnsweredDocument(
                id: document.id, tokens: document.tokens,
                answers: document.answers.reversed().map { WorkerSpans(workerID: $0.workerID, spans: $0.spans.reversed()) })
        }
        let other = Array(method.consolidator().consolidate(turned).reversed())
        #expect(plain.map(\.id) == other.map(\.id))
        #expect(plain.map(\.spans) == other.map(\.spans))
        #expect(plain.map(\.alternatives) == other.map(\.alternatives))
    }

    @Test(arguments: ConsolidationMethod.allCases) func everySpanSaysHowItCameAbout(method: ConsolidationMethod) {
        let crowd = Crowd(documents: 10, recalls: [0.9, 0.7, 0.6, 0.5], seed: 8)
        for span in method.consolidator().consolidate(crowd.documents).flatMap(\.spans) {
            #expect((0...1).contains(span.confidence))
            #expect(abs(span.labelShares.reduce(0) { $0 + $1.share } - 1) < 0.01)
            #expect(span.support == span.support.sorted())
        }
    }

    @Test(arguments: [ConsolidationMethod.dawidSkene, .sequence, .best]) func aModelBeatsTheMajorityAndSurvivesWorkersAtRandom(
        method: ConsolidationMethod
    ) {
        let crowd = Crowd(documents: 60, recalls: [0.8, 0.6, 0.5, 0.4, 0.3], randomWorkers: 2, seed: 11)
        let majority = crowd.f1(MajorityVote().consolidate(crowd.documents))
        let f1 = crowd.f1(method.consolidator().consolidate(crowd.documents))
        #expect(f1 > majority + 0.2, "\(method) reaches \(f1), the majority \(majority)")
        #expect(f1 > 0.75)
    }

    @Test(arguments: ConsolidationMethod.allCases) func labelsThatOneWorkerInventedHarmNobody(method: ConsolidationMethod) {
        var answers = (1...4).map { worker("w\($0)", span(2..<5, "A")) }
        answers.append(worker("w5", span(2..<5, "never seen"), span(20..<22, "e\u{301}"), span(24..<26, "\u{e9}")))
        #expect(consolidate(method, answers).spans.contains { $0.span == span(2..<5, "A") })
    }

    @Test func idsThatLookAlikeAreDifferentWorkers() {
        let result = consolidate(.best, ["e\u{301}", "\u{e9}", "x", "y"].map { worker($0, span(2..<5, "A")) })
        #expect(result.spans.map(\.support.count) == [4])
    }

    @Test func spansWithoutTokensAreConsolidatedBetweenTheirEdges() {
        let answers = (1...5).map { number in
            answer("w\(number)", (0, 9, "A"), number < 4 ? (20, 25, "B") : (20, 24, "B"))
        }
        let result = TagConsolidation(model: .mean).consolidate([AnsweredDocument(id: "d", answers: answers)])[0]
        #expect(result.spans.map(\.summary) == ["0..<9 A w1,w2,w3,w4,w5", "20..<25 B w1,w2,w3,w4,w5"])
    }

    @Test func theMajorityIsMoreThanHalf() {
        let answers = [worker("w1", span(2..<5, "A")), worker("w2", span(2..<5, "A")), worker("w3"), worker("w4")]
        #expect(consolidate(.majority, answers).spans.isEmpty)
        #expect(consolidate(.majority, Array(answers.dropLast())).spans.map(\.confidence) == [2.0 / 3])
        #expect(consolidate(.majority, answers).alternatives.map(\.span) == [span(2..<5, "A")])
    }

    // MARK: Best

    @Test func bestKeepsToGroundTruthsRuleForFewVotes() {
        let two = consolidate(.best, [worker("w1", span(2..<5, "A")), worker("w2", span(3..<5, "A"))])
        #expect(two.spans.map(\.rule) == [.cluster])
        let four = consolidate(.best, (1...4).map { worker("w\($0)", span(2..<5, "A")) })
        #expect(four.spans.map(\.rule) == [.likelyMean])
    }

    // MARK: Words

    @Test func wordsHelp() throws {
        // Half of the workers miss each mention; the same names come again and again.
        var random = SplitMix64(seed: 3)
        let names = ["asthma", "gout", "lupus", "measles"]
        let others = ["we", "saw", "many", "with", "and", "often", "here", "then"]
        var documents: [AnsweredDocument<ScalarOffset>] = []
        var truth: [[ScalarSpan]] = []
        for number in 0..<60 {
            let words = (0..<40).map { $0 % 9 == 4 ? names[random.below(4)] : others[random.below(8)] }
            let text = DocumentText(words.joined(separator: " "))
            let tokens = Tokenizer.tokens(of: text)
            let gold = stride(from: 4, to: 40, by: 9).compactMap {
                ScalarSpan(start: tokens[$0].lowerBound, end: tokens[$0].upperBound, label: "X")
            }
            let noise = (0..<4).map { _ in tokens[random.below(40)] }.compactMap {
                ScalarSpan(start: $0.lowerBound, end: $0.upperBound, label: "X")
            }
            let answers = (0..<4).map { worker in
                WorkerSpans(workerID: "w\(worker)", spans: gold.filter { _ in random.uniform() < 0.4 } + [noise[worker]])
            }
            documents.append(AnsweredDocument(id: "\(number)", text: text, answers: answers))
            truth.append(gold)
        }
        func f1(usesWords: Bool) -> Double {
            let results = TagConsolidation(model: .sequence, usesWords: usesWords).consolidate(documents)
            let common = zip(results, truth).reduce(0) { $0 + Set($1.0.spans.map(\.span)).intersection($1.1).count }
            return 2 * Double(common) / Double(results.reduce(0) { $0 + $1.spans.count } + truth.reduce(0) { $0 + $1.count })
        }
        #expect(f1(usesWords: true) > f1(usesWords: false) + 0.05)
    }
}
