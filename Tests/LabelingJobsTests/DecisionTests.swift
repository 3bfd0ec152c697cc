import Annotations
import GroundTruth
import Testing

@testable import LabelingJobs

@Suite(.timeLimit(.minutes(1)))
struct DecisionTests {
    private static let now = Timestamp(milliseconds: 1_709_287_323_175)

    private func span(_ start: Int, _ end: Int, _ label: String) throws -> UTF16Span {
        try #require(UTF16Span(start: UTF16Offset(start), end: UTF16Offset(end), label: Label(label)))
    }

    private func applied(_ decisions: [SpanDecision], to line: String) throws -> JSONValue {
        try JSONScanner.parse(SpanDecision.apply(decisions, to: ManifestLine(parsing: line.utf8), attribute: "spans"))
    }

    private static let builtIn = """
        {"source":"Aspirin helps mice.","weight":1.0,"spans":{"annotations":{"entities":[{"endOffset":7,"label":"DRUG","startOffset":0},\
        {"endOffset":18,"label":"ANIMAL","startOffset":14}],"labels":[{"label":"DRUG"}]}},"spans-metadata":{"entities":[{"confidence":0.6},\
        {"confidence":0.9}],"type":"groundtruth/text-span"}}
        """

    @Test func aDecisionReplacesWhatOverlapsItsPlaceAndLeavesTheRest() throws {
        let decision = SpanDecision(place: 0..<13, choice: try span(0, 13, "CLAIM"), decided: Self.now)
        let line = try applied([decision], to: Self.builtIn)
        let entities = try #require(line["spans"]?["annotations"]?["entities"]?.array)
        #expect(entities.map { $0["label"]?.string } == ["CLAIM", "ANIMAL"])
        #expect(line["spans-metadata"]?["entities"]?.array?.map { $0["confidence"]?.double } == [1, 0.9])
        let noted = try #require(line["spans-metadata"]?["adjudications"]?.array?.first)
        #expect(noted["replaced"]?.array?.map { $0["label"]?.string } == ["DRUG"])
        #expect(noted["choice"]?["label"]?.string == "CLAIM" && noted["decision-date"]?.string == "2024-03-01T10:02:03.175Z")
        #expect(String(decoding: line.raw, as: UTF8.self).contains(#""weight":1.0"#))
        #expect(line["spans-metadata"]?["type"]?.string == "groundtruth/text-span")
    }

    @Test func aDecisionForNothingTakesTheSpanAway() throws {
        let line = try applied([SpanDecision(place: 14..<18, choice: nil, decided: Self.now)], to: Self.builtIn)
        #expect(line["spans"]?["annotations"]?["entities"]?.array?.map { $0["label"]?.string } == ["DRUG"])
        #expect(line["spans-metadata"]?["adjudications"]?.array?.first?["choice"]?.isNull == true)
    }

    @Test func theListsOfOurOwnFunctionsKeepTheirOrder() throws {
        let own = """
            {"source":"a","spans":{"annotations":{"entities":[{"endOffset":7,"label":"A","startOffset":2},{"endOffset":9,"label":"B",\
            "startOffset":8}]},"consolidation":{"confidence":[0.5,0.7],"method":"best","rules":["marked","over-half"],\
            "support":[["w1"],["w1","w2"]]}},"spans-metadata":{"type":"groundtruth/custom"}}
            """
        let line = try applied([SpanDecision(place: 0..<3, choice: try span(0, 3, "C"), decided: Self.now)], to: own)
        let consolidation = try #require(line["spans"]?["consolidation"])
        #expect(consolidation["rules"]?.array?.map(\.string) == ["adjudicated", "over-half"])
        #expect(consolidation["confidence"]?.array?.map(\.double) == [1, 0.7])
        #expect(consolidation["support"]?.array?.map { $0.array?.count } == [0, 2])
        #expect(consolidation["method"]?.string == "best" && line["spans-metadata"]?["entities"] == nil)
    }

    @Test func aLabelWithoutSpansStaysAsItIs() throws {
        let line = #"{"source":"a","spans":2,"spans-metadata":{"class-name":"plant"}}"#
        let decision = SpanDecision(place: 0..<1, choice: try span(0, 1, "A"), decided: Self.now)
        #expect(String(decoding: try applied([decision], to: line).raw, as: UTF8.self) == line)
    }

    @Test func decisionsOutliveANewConsolidationAndReachTheOutput() async throws {
        let bench = try Bench()
        try await bench.putInput(1, labels: ["A", "B"])
        try await bench.start(try request(workers: 2, builtIn: "NamedEntityRecognition"))
        for (worker, label) in [("w1", "A"), ("w2", "A")] {
            try await bench.answer(
                worker, #"{"crowd-entity-annotation":{"entities":[{"startOffset":0,"endOffset":4,"label":"\#(label)"}]}}"#)
        }
        try await bench.engine.advance()
        let decision = SpanDecision(place: 0..<4, choice: try span(0, 6, "B"), decided: bench.clock.now)
        try await bench.store.decide(decision, on: 0, of: "demo", at: bench.clock.now)
        try await bench.engine.advance()
        func labels() async throws -> [String?]? {
            try await bench.output()[0]["kind"]?["annotations"]?["entities"]?.array?.map { $0["label"]?.string }
        }
        #expect(try await labels() == ["B"])
        try await bench.store.exclude("w2", from: "demo", at: bench.clock.now)
        try await bench.engine.advance()
        #expect(try await labels() == ["B"])
        #expect(try await bench.store.job(named: "demo").status == .completed)
    }

    @Test func anObjectWithoutALabelCannotBeDecidedAbout() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request())
        let error = await #expect(throws: JobError.self) {
            try await bench.store.decide(
                SpanDecision(place: 0..<1, choice: nil, decided: bench.clock.now), on: 0, of: "demo", at: bench.clock.now)
        }
        #expect(error?.code == .closed)
    }

    @Test func theExpectedEndFollowsThePaceOfTheLastHour() async throws {
        let bench = try Bench()
        try await bench.putInput(6)
        try await bench.start(try request())
        for _ in 0..<3 {
            bench.clock.pass(seconds: 60)
            try await bench.answer("w1", choice("plant"))
        }
        let job = try await bench.store.job(named: "demo")
        let progress = try await bench.store.progress(of: job, at: bench.clock.now)
        #expect(progress.answers == 3 && progress.workers == 1 && progress.openAnswers == 3 && progress.batch == 1)
        // Three answers, the first of them 120 seconds ago: 40 seconds an answer for the three that are missing.
        #expect(progress.expectedEnd(job.settings, at: bench.clock.now) == bench.clock.now.adding(seconds: 120))
    }
}
