import Foundation
import GRDB
import GroundTruth
@testable import LabelingJobs
import Storage
import SystemPackage
import Testing

/// How jobs end that cannot go on, or must not: with an output that is whole, or with none.
@Suite(.timeLimit(.minutes(1)))
struct EndingTests {
    private static let custom: [String: JSONOutput] = [
        "PreHumanTaskLambdaArn": "arn:aws:lambda:us-west-2:111122223333:function:pre"
    ]

    private static func output(_ path: String) -> [String: JSONOutput] { ["OutputConfig": ["S3OutputPath": .string(path)]] }

    @Test(arguments: ["s3://bench/in.manifest", "s3://bench/out/../x", "s3://bench/out//deeper"])
    func outputsThatCannotBeWrittenFailTheJobBeforeAnybodyWorks(path: String) async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request(adding: Self.output(path)))
        let job = try await bench.store.job(named: "demo")
        #expect(job.status == .failed)
        #expect(job.failureReason?.contains("OutputConfig.S3OutputPath") == true)
        #expect(try await bench.store.claim("demo", for: "w1", at: bench.clock.now) == nil)
    }

    @Test(arguments: ["s3://bench/out", "s3://bench/out/", "s3://bench/out//"])
    func slashesAtTheEndOfTheOutputPathSayNothing(path: String) async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request(adding: Self.output(path)))
        #expect(try await bench.output().count == 1)
    }

    @Test func whatHindersForAWhileIsTriedAgainAfterAWhile() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request())
        try await bench.put("in the way", to: "s3://bench/out/demo/annotations/worker-response")
        try await bench.answer("w1", choice("animal"))
        try await bench.engine.advance()
        #expect(try await bench.store.job(named: "demo").status == .inProgress)
        _ = try await bench.objects.delete(ObjectURI(received: "s3://bench/out/demo/annotations/worker-response"))
        try await bench.engine.advance()
        #expect(try await bench.store.job(named: "demo").status == .inProgress)
        bench.clock.pass(seconds: 1)
        try await bench.engine.advance()
        #expect(try await bench.store.job(named: "demo").status == .completed)
        #expect(try await bench.output()[0]["kind"]?.int == 1)
    }

    @Test func aJobThatHasEndedKeepsItsStatusAndIsRevisedOnceItCanBe() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request(workers: 2))
        for (worker, label) in [("w1", "animal"), ("w2", "plant")] { try await bench.answer(worker, choice(label)) }
        try await bench.engine.advance()
        let responses = "out/demo/annotations/worker-response"
        try FileManager.default.removeItem(atPath: bench.folder.appending("bench/\(responses)").string)
        try await bench.put("in the way", to: "s3://bench/\(responses)")
        try await bench.store.exclude("w1", from: "demo", at: bench.clock.now)
        try await bench.engine.advance()
        #expect(try await bench.store.job(named: "demo").status == .completed)
        _ = try await bench.objects.delete(ObjectURI(received: "s3://bench/\(responses)"))
        bench.clock.pass(seconds: 1)
        try await bench.engine.advance()
        #expect(try await bench.store.job(named: "demo").status == .completed)
        #expect(try await bench.output()[0]["kind"]?.int == 2)
    }

    @Test func aStopBeforeTheManifestWasReadLeavesItWhole() async throws {
        let bench = try Bench()
        try await bench.putInput(3)
        _ = try await bench.engine.create(try request())
        try await bench.store.stopJob(named: "demo", at: bench.clock.now)
        try await bench.engine.advance()
        let job = try await bench.store.job(named: "demo")
        let counters = try await bench.store.counters(of: job)
        #expect(job.status == .stopped && counters.unlabeled == 3)
        #expect(
            try await bench.text(of: "s3://bench/out/demo/manifests/output/output.manifest")
                == bench.text(of: "s3://bench/in.manifest"))
    }

    @Test func aStopWhileTheJobBeginsIsNotLost() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        _ = try await bench.engine.create(try request())
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: bench.folder.appending("jobs.sqlite").string, configuration: configuration)
        // Somebody else writes while the stop is asked for: what it found when it came must not count.
        try other.inDatabase { database in try database.execute(sql: "BEGIN IMMEDIATE; UPDATE job SET status = 'InProgress'") }
        async let stopping = bench.store.stopJob(named: "demo", at: bench.clock.now)
        try await Task.sleep(for: .milliseconds(100))
        try other.inDatabase { database in try database.execute(sql: "COMMIT") }
        #expect(try await stopping == .stopping)
        #expect(try await bench.store.job(named: "demo").status == .stopping)
    }

    @Test func aJobThatFailedTakesNoAnswers() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request())
        _ = try #require(try await bench.store.claim("demo", for: "w1", at: bench.clock.now))
        bench.clock.pass(seconds: 3000)
        try await bench.store.setStatus(.failed, of: bench.store.job(named: "demo"), at: bench.clock.now)
        let error = await #expect(throws: JobError.self) {
            try await bench.store.submit(JSONScanner.parse(choice("animal").utf8), to: "demo", 0, by: "w1", at: bench.clock.now)
        }
        #expect(error?.code == .closed && error?.message.contains("takes no more answers") == true)
    }

    @Test func aJobDoesNotCompleteWhoseObjectsWentOutAgain() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request())
        let seen = try await bench.store.job(named: "demo")
        #expect(try await !bench.store.setStatus(.completed, of: seen, at: bench.clock.now))
        #expect(try await bench.store.job(named: "demo").status == .inProgress)
    }

    @Test func ofAManifestWithAFaultFarDownNothingIsOutput() async throws {
        let bench = try Bench()
        try await bench.putInput(1200)
        let manifest = try await bench.text(of: "s3://bench/in.manifest")
        try await bench.put(manifest + "no json\n", to: "s3://bench/in.manifest")
        try await bench.start(try request())
        let job = try await bench.store.job(named: "demo")
        let counters = try await bench.store.counters(of: job)
        #expect(job.status == .failed && job.failureReason?.contains("line 1201") == true && counters.unlabeled == 0)
        #expect(job.description(counters, tags: []).bytes.firstRange(of: "LabelingJobOutput".utf8) == nil)
        await #expect(throws: StorageError.self) { _ = try await bench.output() }
    }

    @Test(arguments: [["MaxHumanLabeledObjectCount": 2], ["MaxPercentageOfInputDatasetLabeled": 30]] as [[String: JSONOutput]])
    func noMoreObjectsAreLabeledThanAStoppingConditionSays(conditions: [String: JSONOutput]) async throws {
        let bench = try Bench()
        try await bench.putInput(6)
        try await bench.start(try request(workers: 2, adding: ["StoppingConditions": .object(conditions)]))
        for worker in ["w1", "w2"] {
            while try await bench.answer(worker, choice("animal")) != nil {}
        }
        for _ in 0..<3 { try await bench.engine.advance() }
        let job = try await bench.store.job(named: "demo")
        let counters = try await bench.store.counters(of: job)
        #expect(job.status == .stopped && counters.labeled == 2 && counters.unlabeled == 4)
    }

    @Test func aStoppingConditionThatAllObjectsMeetEndsTheJobAsCompleted() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request(adding: ["StoppingConditions": ["MaxHumanLabeledObjectCount": 1]]))
        try await bench.answer("w1", choice("animal"))
        try await bench.engine.advance()
        #expect(try await bench.store.job(named: "demo").status == .completed)
    }

    @Test func everyBatchHasItsIntermediateFile() async throws {
        let bench = try Bench()
        try await bench.putInput(3)
        try await bench.start(try request(concurrent: 1))
        for _ in 0..<3 {
            try await bench.answer("w1", choice("animal"))
            // So long that the outputs are written anew when the next batch has begun.
            bench.clock.pass(seconds: 31)
            try await bench.engine.advance()
        }
        for batch in 1...3 {
            let lines = try await bench.text(of: "s3://bench/out/demo/annotations/intermediate/\(batch)/annotations.json")
            #expect(lines.split(separator: "\n").count == 1 && lines.contains("text \(batch - 1)"))
        }
    }

    @Test func aFunctionThatFailsForEveryObjectFailsTheJob() async throws {
        let bench = try Bench { name, _ in
            throw JobError(
                .functionFailed, "ClientError: Exception invoking the Lambda function \(name). LambdaErrorCode: Unhandled.")
        }
        try await bench.putInput(2)
        try await bench.start(try request(builtIn: nil, human: Self.custom))
        let job = try await bench.store.job(named: "demo")
        #expect(job.status == .failed && job.failureReason?.contains("LambdaErrorCode") == true)
        #expect(
            try await bench.output().map { $0["kind-metadata"]?["failure-reason"]?.string } == [
                job.failureReason, job.failureReason,
            ])
    }

    @Test(arguments: [
        ("{\"source\":null}", "`source` is null"), ("{\"source\":5}", "`source` is"), ("{\"source-ref\":{}}", "`source-ref` is"),
    ])
    func aSourceIsAString(line: String, words: String) async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.put("{\"source\":\"a\"}\n\(line)\n", to: "s3://bench/in.manifest")
        try await bench.start(try request())
        let job = try await bench.store.job(named: "demo")
        #expect(job.status == .failed && job.failureReason?.contains("line 2 of the manifest: \(words)") == true)
    }

    @Test func anObjectWhoseTextIsMissingFailsByName() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.put("text", to: "s3://bench/a.txt")
        let lines = ["a", "b"].map { "{\"source-ref\":\"s3://bench/\($0).png\",\"text-file-s3-uri\":\"s3://bench/\($0).txt\"}\n" }
        try await bench.put(lines.joined(), to: "s3://bench/in.manifest")
        try await bench.start(try request())
        #expect(try await bench.answer("w1", choice("animal")) == 0)
        try await bench.engine.advance()
        let output = try await bench.output()
        #expect(output[0]["kind"]?.int == 1)
        #expect(output[1]["kind-metadata"]?["failure-reason"]?.string?.contains("s3://bench/b.txt does not exist") == true)
    }
}
