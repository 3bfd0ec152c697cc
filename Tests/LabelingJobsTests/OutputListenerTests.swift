import GroundTruth
import LabelingJobs
import Storage
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct OutputListenerTests {
    /// Notes what it hears.
    private final class Ear: OutputListener {
        let heard = Mutex<[String]>([])
        func outputWasWritten(to manifest: ObjectURI, attribute: String, labeled: Int) async {
            heard.withLock { $0.append("\(manifest) \(attribute) \(labeled)") }
        }
    }

    private static let marked = #"{"crowd-entity-annotation":{"entities":[{"endOffset":4,"label":"plant","startOffset":0}]}}"#

    @Test func outputsOfSpansAreToldWithTheirLabeledObjects() async throws {
        let ear = Ear()
        let bench = try Bench(listener: ear)
        try await bench.putInput(2)
        try await bench.start(try request(builtIn: "NamedEntityRecognition"))
        for _ in 0..<2 { #expect(try await bench.answer("w1", Self.marked) != nil) }
        try await bench.engine.advance()
        #expect(ear.heard.withLock { $0.last } == "s3://bench/out/demo/manifests/output/output.manifest kind 2")
    }

    @Test func outputsOfJobsThatEndedAreToldAfterARestart() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request(builtIn: "NamedEntityRecognition"))
        #expect(try await bench.answer("w1", Self.marked) != nil)
        try await bench.engine.advance()
        let ear = Ear()
        let restarted = JobEngine(
            store: bench.store, objects: bench.objects, functions: TestFunctions { _, _ in [:] },
            account: bench.engine.account, encryption: .refused, clock: bench.clock.clock, listener: ear, logger: silent)
        try await restarted.advance()
        #expect(ear.heard.withLock { $0 } == ["s3://bench/out/demo/manifests/output/output.manifest kind 1"])
    }

    @Test func outputsOfClassesAreNot() async throws {
        let ear = Ear()
        let bench = try Bench(listener: ear)
        try await bench.putInput(1)
        try await bench.start(try request())
        #expect(try await bench.answer("w1", choice("plant")) != nil)
        try await bench.engine.advance()
        #expect(ear.heard.withLock { $0.isEmpty })
    }
}
