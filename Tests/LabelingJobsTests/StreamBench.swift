import GroundTruth
import LabelingJobs
import Synchronization

/// A bench whose engine takes streams in, from topics and queues of its own.
final class StreamBench: Sendable {
    static let topic = "arn:aws:sns:us-west-2:111122223333:demo-Input"

    let bench: Bench
    let messaging: LocalMessaging
    let messages: FlakyMessages
    let engine: JobEngine

    init() throws {
        bench = try Bench()
        messaging = LocalMessaging(store: bench.store, account: "111122223333", clock: bench.clock.clock)
        messages = FlakyMessages(LocalJobMessages(messaging))
        engine = Self.makeEngine(bench, messages)
    }

    private static func makeEngine(_ bench: Bench, _ messages: FlakyMessages) -> JobEngine {
        JobEngine(
            store: bench.store, objects: bench.objects,
            functions: TestFunctions { name, _ in throw JobError(.functionFailed, "no function \(name)") },
            account: JobEngine.Account(region: "us-west-2", id: "111122223333"), encryption: .refused, messages: messages,
            watchesFolders: true, clock: bench.clock.clock, logger: silent)
    }

    func makeEngine() -> JobEngine { Self.makeEngine(bench, messages) }

    /// Starts the job `demo`, whose input is a topic.
    func start(
        topic: String = StreamBench.topic, hasManifest: Bool = false, concurrent: Int = 1000, outputTopic: String? = nil
    ) async throws {
        let categories: JSONOutput = [
            "document-version": "2018-11-28", "labels": .array(["person", "animal", "plant"].map { ["label": .string($0)] }),
        ]
        try await bench.put(String(decoding: categories.bytes, as: UTF8.self), to: "s3://bench/categories.json")
        var source: [String: JSONOutput] = ["SnsDataSource": ["SnsTopicArn": .string(topic)]]
        if hasManifest { source["S3DataSource"] = ["ManifestS3Uri": "s3://bench/in.manifest"] }
        var output: [String: JSONOutput] = ["S3OutputPath": "s3://bench/out"]
        output["SnsTopicArn"] = outputTopic.map { .string($0) }
        let request = try request(
            concurrent: concurrent, adding: ["InputConfig": ["DataSource": .object(source)], "OutputConfig": .object(output)],
            human: ["TaskAvailabilityLifetimeInSeconds": 2_592_000])
        _ = try await engine.create(request)
        try await engine.advance()
    }

    @discardableResult
    func publish(_ message: String) async throws -> String { try await messaging.publish(Publication(message), to: Self.topic) }

    func counters() async throws -> LabelCounters { try await bench.store.counters(of: bench.store.job(named: "demo")) }

    func status() async throws -> StreamStatus {
        guard let status = try await bench.store.stream(of: bench.store.job(named: "demo")) else {
            throw JobError(.notFound, "the job has no stream")
        }
        return status
    }

    /// The job's lines as they came in.
    func lines() async throws -> [ManifestLine] {
        let objects = try await bench.store.objects(of: bench.store.job(named: "demo"), in: nil, from: 0, limit: 10_000)
        return try objects.map { try ManifestLine(parsing: $0.line.utf8) }
    }
}

/// Messages that fail as a test says.
final class FlakyMessages: JobMessages {
    private struct State {
        var failures = 0
        var isSilent = false
        var published: [String] = []
    }

    private let base: LocalJobMessages
    private let state = Mutex(State())

    init(_ base: LocalJobMessages) { self.base = base }

    func failsToDelete(times: Int) { state.withLock { $0.failures = times } }
    func isSilent(_ value: Bool) { state.withLock { $0.isSilent = value } }

    private func check() throws(JobError) {
        if state.withLock({ $0.isSilent }) { throw JobError(.messagingFailed, "nobody answers") }
    }

    func openQueue(_ name: String, on topic: String) async throws(JobError) -> StreamQueue {
        try await base.openQueue(name, on: topic)
    }

    func receive(from queue: String, limit: Int) async throws(JobError) -> [StreamMessage] {
        try check()
        return try await base.receive(from: queue, limit: limit)
    }

    func delete(_ messages: [StreamMessage], from queue: String) async throws(JobError) {
        let fails = state.withLock { state in
            state.failures -= 1
            return state.failures >= 0
        }
        if fails { throw JobError(.messagingFailed, "the answer was lost") }
        try await base.delete(messages, from: queue)
    }

    func unsubscribe(_ subscription: String) async throws(JobError) { try await base.unsubscribe(subscription) }

    func publish(_ message: String, on topic: String) async throws(JobError) {
        try check()
        try await base.publish(message, on: topic)
    }
}
