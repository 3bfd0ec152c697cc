import Annotations
import Functions
import Glibc
import GroundTruth
import Storage
import Suggestions
import Synchronization
import Testing

@testable import Pipeline

/// A model that learns while jobs go on, from output manifests of made-up abstracts.
@Suite(.timeLimit(.minutes(2)))
struct LearnerTests {
    private let folder: TestStore
    private let models = try? ObjectURI(received: "s3://models/roles")

    init() throws { folder = try TestStore() }

    private static let things = ["lamps", "rivers", "bridges", "queues", "maps"]

    private func sentences(_ number: Int) -> [(text: String, label: String)] {
        let thing = Self.things[number % Self.things.count]
        return [
            ("Many use \(thing) number \(number).", "Background"), ("We propose a method for \(thing).", "Methods"),
            ("Results gain \(number)%.", "Results"),
        ]
    }

    private func putManifest(_ numbers: Range<Int>, to uri: String) async throws {
        try await putManifest(numbers.map(sentences), to: uri)
    }

    private func putManifest(_ documents: [[(text: String, label: String)]], to uri: String) async throws {
        let lines = documents.map { document -> String in
            let entities: [JSONOutput] = training(document).spans.map { span in
                [
                    "endOffset": .int(span.end.rawValue), "label": .string(span.label.name),
                    "startOffset": .int(span.start.rawValue),
                ]
            }
            let line: JSONOutput = [
                "roles": ["annotations": ["entities": .array(entities), "labels": []]],
                "roles-metadata": ["job-name": "labeling-job/j", "type": "groundtruth/custom"],
                "source": .string(document.map(\.text).joined(separator: " ")),
            ]
            return line.bytes.text
        }
        try await folder.put(lines: lines, to: uri)
    }

    private func training(_ document: [(text: String, label: String)]) -> TrainingDocument {
        var (spans, position): ([ScalarSpan], Int) = ([], 0)
        for (text, label) in document {
            let end = position + text.unicodeScalars.count
            if let span = ScalarSpan(start: ScalarOffset(position), end: ScalarOffset(end), label: Label(label)) {
                spans.append(span)
            }
            position = end + 1
        }
        return TrainingDocument(text: DocumentText(document.map(\.text).joined(separator: " ")), spans: spans)
    }

    /// A model that was taught that all is background, or nearly.
    private func poorModel() throws -> SuggestionModel {
        let documents = (0..<20).map { number in
            training([("Text \(number).", "Background"), ("More of \(number).", number == 0 ? "Other" : "Background")])
        }
        return try SuggestionModel.train(on: documents, kind: .sentences, source: "poor").model
    }

    /// A learner that runs as long as `body`, with what it reports.
    private func withLearner(
        _ slot: ModelSlot, interval: Int, _ body: (ModelLearner, Events) async throws -> Void
    ) async throws {
        let (events, report) = AsyncStream<ModelLearner.Event>.makeStream()
        let learner = try await ModelLearner(
            slot: slot, settings: SuggestionSettings(), interval: interval, folder: try #require(models), store: folder.store
        ) { report.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await learner.run() }
            try await body(learner, Events(stream: events))
            group.cancelAll()
        }
    }

    private struct Events {
        let stream: AsyncStream<ModelLearner.Event>

        func next() async -> ModelLearner.Event? {
            for await event in stream { return event }
            return nil
        }
    }

    @Test func aBetterModelTakesTheOldOnesPlaceAndBothAreKept() async throws {
        let manifest = try ObjectURI(received: "s3://out/j/output.manifest")
        let poor = try poorModel()
        let slot = ModelSlot(Suggester(poor))
        try await withLearner(slot, interval: 20) { learner, events in
            try await putManifest(0..<30, to: "\(manifest)")
            await learner.learn(from: manifest, attribute: "roles", labeled: 30)
            guard case .exchanged(_, let texts, let score, let oldScore?) = await events.next() else {
                Issue.record("no exchange")
                return
            }
            #expect(texts == 30 && score > 0.9 && oldScore < 0.5)
            #expect(slot.suggester.model.source == "learned-0001")
            // Nineteen more are not enough; twenty are.
            try await putManifest(0..<50, to: "\(manifest)")
            await learner.learn(from: manifest, attribute: "roles", labeled: 49)
            await learner.learn(from: manifest, attribute: "roles", labeled: 50)
            guard case .exchanged(_, let texts, _, _) = await events.next() else {
                Issue.record("no second exchange")
                return
            }
            #expect(texts == 50 && slot.suggester.model.source == "learned-0002")
        }
        let names = try await folder.names("s3://models/roles")
        #expect(
            names == ["0001", "0002"].flatMap { number in ["README.md", "model", "training.json"].map { "\(number)/\($0)" } })
        #expect(try await folder.text("s3://models/roles/0002/README.md").contains("s3://out/j/output.manifest"))
        // A restart goes on with the newest, and does not learn the same twice.
        let restarted = ModelSlot(Suggester(poor))
        try await withLearner(restarted, interval: 5) { learner, events in
            #expect(restarted.suggester.model.source == "learned-0002")
            try await putManifest(50..<56, to: "s3://out/k/output.manifest")
            await learner.learn(from: manifest, attribute: "roles", labeled: 50)
            await learner.learn(from: try ObjectURI(received: "s3://out/k/output.manifest"), attribute: "roles", labeled: 6)
            guard case .exchanged(_, let texts, _, _) = await events.next() else {
                Issue.record("no exchange after the restart")
                return
            }
            #expect(texts == 56)
        }
    }

    /// A text of three sentences in no order of roles, each with one word that tells its role.
    ///
    /// - Parameter places: Of the words among the twelve of each role.
    private func riddle(_ number: Int, places: [Int]) -> [(text: String, label: String)] {
        let roles = zip(["Background", "Methods", "Results"], ["a", "b", "c"]).enumerated().map { role, name in
            let word = "\("defghijklmno".map(String.init)[places[role] % 12])\(name.1)"
            return (text: "\(word) \(word).", label: name.0)
        }
        return Array(roles[(number % 3)...] + roles[..<(number % 3)])
    }

    /// The old model knows all words from forty-eight texts; in the twelve new ones each stands once, from which nothing can be learnt.
    @Test func aWorseModelIsNotUsed() async throws {
        let old = (0..<48).map { riddle($0, places: [5 * $0, 5 * $0 + 7, 5 * $0 + 14]) }
        let documents = (0..<12).map { riddle($0, places: [$0, $0 + 4, $0 + 8]) }
        let good = try SuggestionModel.train(on: old.map(training), source: "good").model
        let slot = ModelSlot(Suggester(good))
        let manifest = try ObjectURI(received: "s3://out/j/output.manifest")
        try await putManifest(documents, to: "\(manifest)")
        try await withLearner(slot, interval: 10) { learner, events in
            await learner.learn(from: manifest, attribute: "roles", labeled: 12)
            guard case .notBetter(let texts, let score, let oldScore) = await events.next() else {
                Issue.record("the new model was used")
                return
            }
            #expect(texts == 12 && oldScore > score && slot.suggester.model.source == "good")
        }
        #expect(try await folder.names("s3://models/roles").isEmpty)
    }

    @Test func whatCannotBeLearntIsReportedAndTheModelStays() async throws {
        let slot = ModelSlot(Suggester(try poorModel()))
        try await withLearner(slot, interval: 2) { learner, events in
            try await putManifest(0..<3, to: "s3://out/j/output.manifest")
            await learner.learn(from: try ObjectURI(received: "s3://out/j/output.manifest"), attribute: "roles", labeled: 3)
            guard case .failed(let reason) = await events.next() else {
                Issue.record("no failure")
                return
            }
            #expect(reason.contains("at least 8") && slot.suggester.model.source == "poor")
        }
    }

    @Test func aCancelledWaitDoesNotHoldUpAnybody() async throws {
        let hasHeard = Mutex(false)
        let task = Task {
            try await DetachedWork.run {
                // Ends once the cancellation was heard of.
                while !hasHeard.withLock({ $0 }) { usleep(1000) }
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        hasHeard.withLock { $0 = true }
        #expect(try await DetachedWork.run { 7 } == 7)
    }
}
