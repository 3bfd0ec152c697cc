import Annotations
import Testing

@testable import Consolidation

@Suite(.timeLimit(.minutes(1)))
struct WorkerReportTests {
    /// Three good workers, and what the arguments add: for each document, the spans of one more.
    private func report(documents count: Int = 12, _ more: (Crowd, Int) -> [ScalarSpan]) -> WorkerSummary {
        let crowd = Crowd(documents: count, recalls: [0.95, 0.9, 0.9], seed: 21)
        let documents = crowd.documents.enumerated().map { number, document in
            AnsweredDocument(
                id: document.id, tokens: document.tokens,
                answers: document.answers + [
                    WorkerSpans(workerID: "x", spans: more(crowd, number), seconds: Double(10 + number % 3))
                ])
        }
        return WorkerReport(documents).workers[3]
    }

    @Test func aGoodWorkerAgreesAndLooksUnsuspicious() throws {
        let summary = report { crowd, number in crowd.truth[number] }
        #expect(summary.workerID == "x")
        #expect(summary.documentCount == 12)
        #expect(try #require(summary.agreement.f1) > 0.9)
        #expect(summary.suspicions.isEmpty)
        #expect(summary.medianSeconds == 11)
    }

    @Test func aWorkerWhoMarksAtRandomIsNamed() {
        var random = SplitMix64(seed: 9)
        let summary = report { _, _ in
            (0..<4).map { 15 * $0 + random.below(12) }.map { span($0..<$0 + 1, random.below(2) == 0 ? "A" : "B") }
        }
        #expect(summary.suspicions.map(\.name).contains("marks-at-random"))
    }

    @Test func aWorkerWhoMarksNothingIsNamed() {
        let summary = report { _, _ in [] }
        #expect(summary.suspicions == [.marksNothing])
        #expect(summary.agreement.f1 == 0)
    }

    @Test func aWorkerWithOneLabelIsNamed() {
        let summary = report { crowd, number in
            crowd.truth[number].map { ScalarSpan(start: $0.start, end: $0.end, label: "A") ?? $0 }
        }
        #expect(summary.suspicions == [.oneLabelOnly("A")])
        let confused = summary.labels.first { $0.label == "B" }?.confusedWith.map(\.label)
        #expect(confused == ["A"])
    }

    @Test func aWorkerWhoAlwaysMarksTheSamePlaceIsNamed() {
        let summary = report { _, _ in [span(40..<43, "A")] }
        #expect(summary.suspicions.map(\.name).contains("always-the-same-place"))
    }

    @Test func aWorkerWhoReadsTheBeginningOnlyIsNamed() {
        let summary = report { crowd, number in crowd.truth[number].filter { $0.start < ScalarOffset(40) } }
        #expect(summary.suspicions.map(\.name).contains("only-beginnings"))
    }

    @Test func aWorkerWhoCopiesIsNamed() {
        var random = SplitMix64(seed: 33)
        let crowd = Crowd(documents: 15, recalls: [0.8, 0.8, 0.8], seed: 4)
        let documents = crowd.documents.map { document in
            let own = document.answers[0].spans + [span(60..<61 + random.below(3), "B")]
            return AnsweredDocument(
                id: document.id, tokens: document.tokens,
                answers: document.answers + [WorkerSpans(workerID: "x", spans: own), WorkerSpans(workerID: "y", spans: own)])
        }
        let workers = WorkerReport(documents).workers
        let names = workers.map { $0.suspicions.map(\.name) }
        #expect(names[3].contains("copies") && names[4].contains("copies"))
        #expect(!names[1].contains("copies") && !names[2].contains("copies"))
    }

    @Test func errorsAreCountedByKind() throws {
        // Four agree on A at 2..<5 and B at 10..<11; x begins the first too late, misses the second and invents one.
        let documents = (0..<10).map { number in
            AnsweredDocument(
                id: "\(number)", tokens: tokens(30),
                answers: (1...4).map { WorkerSpans(workerID: "w\($0)", spans: [span(2..<5, "A"), span(10..<11, "B")]) }
                    + [WorkerSpans(workerID: "x", spans: [span(3..<5, "A"), span(20..<22, "A")])])
        }
        let summary = try #require(WorkerReport(documents).workers.last)
        #expect(summary.agreement == WorkerSummary.Overlap(marked: 20, consensus: 20, common: 0))
        let a = try #require(summary.labels.first)
        #expect(a.shifted == 10 && a.invented == 10 && a.missed == 0)
        #expect(a.meanStartShift == 1 && a.meanEndShift == 0)
        #expect(summary.labels.last?.missed == 10)
    }

    @Test func theTextNamesWorkersAndSuspicions() {
        let crowd = Crowd(documents: 20, recalls: [0.9, 0.9, 0.8], randomWorkers: 1, seed: 2)
        let text = WorkerReport(crowd.documents).text
        #expect(text.contains("w0 ") && text.contains("random0: marks-at-random"))
    }

    // MARK: Disputes

    @Test func theMostDisputedPlaceComesFirst() {
        func consolidated(_ span: ScalarSpan, _ confidence: Double) -> ConsolidatedSpan<ScalarOffset> {
            ConsolidatedSpan(span: span, confidence: confidence, support: [], rule: .likelyMean)
        }
        let list = AdjudicationList([
            ConsolidatedDocument(
                id: "d",
                spans: [
                    consolidated(span(0..<2, "A"), 0.99), consolidated(span(5..<8, "A"), 0.5), consolidated(span(9..<10, "A"), 0.9),
                ],
                alternatives: [consolidated(span(6..<8, "A"), 0.4)])
        ])
        #expect(list.disputes.map { $0.readings.map(\.span) } == [[span(5..<8, "A"), span(6..<8, "A")], [span(9..<10, "A")]])
        #expect(abs(list.disputes[0].expectedErrors - 0.9) < 1e-12)
        #expect(list.text.contains("*10"))
    }
}
