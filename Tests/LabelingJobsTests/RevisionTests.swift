import GRDB
import GroundTruth
import Storage
import SystemPackage
import Testing

@testable import LabelingJobs

@Suite(.timeLimit(.minutes(1)))
struct RevisionTests {
    /// A job of one object that three workers answered: two of them `animal`, w3 `plant`.
    private func finishedJob() async throws -> Bench {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request(workers: 3))
        for (worker, label) in [("w1", "animal"), ("w2", "animal"), ("w3", "plant")] {
            try await bench.answer(worker, choice(label))
        }
        try await bench.engine.advance()
        return bench
    }

    @Test func anExcludedWorkersAnswersAreLeftOutOfAJobThatHasEnded() async throws {
        let bench = try await finishedJob()
        #expect(try await bench.output()[0]["kind"]?.int == 1)
        for worker in ["w1", "w2"] {
            #expect(try await bench.store.exclude(worker, from: "demo", at: bench.clock.now) == 1)
        }
        try await bench.engine.advance()
        #expect(try await bench.output()[0]["kind"]?.int == 2)
        #expect(try await bench.store.job(named: "demo").status == .completed)
    }

    @Test func nobodyCanBeExcludedWhoIsNoWorker() async throws {
        let bench = try await finishedJob()
        await #expect { try await bench.store.exclude("w9", from: "demo", at: bench.clock.now) } throws: { error in
            (error as? JobError)?.code == .notFound
        }
    }

    @Test func anObjectWithoutAnyAnswerLeftFailsInAJobThatHasEnded() async throws {
        let bench = try await finishedJob()
        for worker in ["w1", "w2", "w3"] { try await bench.store.exclude(worker, from: "demo", at: bench.clock.now) }
        try await bench.engine.advance()
        let line = try await bench.output()[0]
        #expect(line["kind"] == nil)
        #expect(line["kind-metadata"]?["failure-reason"]?.string?.contains("no answer is left") == true)
    }

    @Test func anObjectThatLosesItsAnswersGoesToWorkersAgainWhileTheJobRuns() async throws {
        let bench = try Bench()
        try await bench.putInput(2)
        try await bench.start(try request())
        try await bench.answer("w1", choice("animal"))
        try await bench.engine.advance()
        try await bench.store.exclude("w1", from: "demo", at: bench.clock.now)
        #expect(try await bench.answer("w2", choice("plant")) == 0)
        #expect(try await bench.answer("w2", choice("plant")) == 1)
        try await bench.engine.advance()
        #expect(try await bench.output().map { $0["kind"]?.int } == [2, 2])
    }

    @Test func moreAnswersSendALabeledObjectOutAgain() async throws {
        let bench = try Bench()
        try await bench.putInput(2)
        try await bench.start(try request())
        try await bench.answer("w1", choice("animal"))
        try await bench.engine.advance()
        #expect(try await bench.store.wantMore(1, for: [0], of: "demo", at: bench.clock.now) == 1)
        #expect(try await bench.answer("w2", choice("animal")) == 0)
        try await bench.answer("w2", choice("plant"))
        try await bench.engine.advance()
        #expect(try await bench.output()[0]["kind-metadata"]?["confidence"]?.double ?? 0 > 0.5)
        let error = await #expect(throws: JobError.self) {
            try await bench.store.wantMore(1, for: nil, of: "demo", at: bench.clock.now)
        }
        #expect(error?.code == .closed)
    }

    @Test func aForgottenWorkerIsInNoTableAndNoOutput() async throws {
        let bench = try await finishedJob()
        let removed = try await bench.store.forget("w3", at: bench.clock.now)
        #expect(removed.map(\.job) == ["demo"])
        #expect(removed.map(\.answers) == [1])
        try await bench.engine.advance()
        let erased = try await WorkerErasure(store: bench.objects, worker: "w3").erase(
            from: try await bench.store.job(named: "demo"))
        #expect(!erased.isEmpty)
        for name in try await bench.names(below: "s3://bench/out/demo/") {
            let text = try await bench.text(of: "s3://bench/out/demo/\(name)")
            #expect(!text.contains("w3"), "\(name) still names the worker")
        }
        let database = try DatabaseQueue(path: bench.folder.appending("jobs.sqlite").string)
        for table in ["task", "answer_version"] {
            #expect(try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table) WHERE worker = 'w3'") } == 0)
        }
    }

    @Test func whatNamesAForgottenWorkerLaterIsErasedBeforeTheNextPass() async throws {
        let bench = try await finishedJob()
        _ = try await bench.store.forget("w3", at: bench.clock.now)
        try await bench.store.eraseAgain("w3")
        // As a pass writes that began before.
        let late = "s3://bench/out/demo/annotations/worker-response/iteration-1/0/late.json"
        try await bench.put(#"{"answers":[{"workerId":"w3"},{"workerId":"w1"}]}"#, to: late)
        try await bench.engine.advance()
        #expect(try await bench.text(of: late) == #"{"answers":[{"workerId":"w1"}]}"#)
        try await bench.put(#"{"answers":[{"workerId":"w3"}]}"#, to: late)
        try await bench.engine.advance()
        #expect(try await bench.text(of: late).contains("w3"), "looked for once")
    }

    @Test func aRevisionIsSettledOnlyOnceItIsWritten() async throws {
        let bench = try await finishedJob()
        for worker in ["w1", "w2"] { try await bench.store.exclude(worker, from: "demo", at: bench.clock.now) }
        let seen = try await bench.store.job(named: "demo")
        #expect(seen.revisions == 2)
        try await bench.store.exclude("w3", from: "demo", at: bench.clock.now)
        try await bench.store.settleRevisions(of: seen)
        #expect(try await bench.store.job(named: "demo").revisions == 3, "what came since is still to be dealt with")
        try await bench.engine.advance()
        #expect(try await bench.store.job(named: "demo").revisions == 0)
    }
}
