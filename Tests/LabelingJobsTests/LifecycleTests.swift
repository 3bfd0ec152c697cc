import GroundTruth
import LabelingJobs
import Storage
import Testing

@Suite(.timeLimit(.minutes(2)))
struct LifecycleTests {
    @Test func aClassificationJobRunsToItsOutputManifest() async throws {
        let bench = try Bench()
        try await bench.putInput(3)
        try await bench.start(try request())
        for label in ["plant", "person", "animal"] { #expect(try await bench.answer("w1", choice(label)) != nil) }
        try await bench.engine.advance()

        #expect(try await bench.store.job(named: "DEMO").status == .completed)
        let lines = try await bench.output()
        #expect(lines.map { $0["kind"]?.int } == [2, 0, 1])
        let metadata = try #require(lines[0]["kind-metadata"])
        #expect(metadata["class-name"]?.string == "plant")
        #expect(metadata["confidence"]?.double == 0)
        #expect(metadata["type"]?.string == "groundtruth/text-classification")
        #expect(metadata["job-name"]?.string == "labeling-job/demo")
        #expect(metadata["human-annotated"]?.string == "yes")
        #expect(metadata["creation-date"]?.string == "2024-03-01T10:02:03.000000")
        #expect(String(decoding: lines[0].raw, as: UTF8.self).hasPrefix(#"{"source":"text 0","weight":1.0,"kind":2"#))
    }

    @Test func theOutputTreeHasEveryFileOfTheContract() async throws {
        let bench = try Bench()
        try await bench.putInput(2)
        try await bench.start(try request())
        for _ in 0..<2 { try await bench.answer("w1", choice("plant")) }
        try await bench.engine.advance()
        #expect(
            try await bench.names(below: "s3://bench/out/demo/") == [
                "annotations/consolidated-annotation/consolidation-request/iteration-1/2024-03-01_10:02:03.json",
                "annotations/consolidated-annotation/consolidation-response/iteration-1/2024-03-01_10:02:03.json",
                "annotations/intermediate/1/annotations.json",
                "annotations/worker-response/iteration-1/0/2024-03-01_10:02:03.json",
                "annotations/worker-response/iteration-1/1/2024-03-01_10:02:03.json",
                "manifests/output/output.manifest",
            ])
        let response = try await bench.text(
            of: "s3://bench/out/demo/annotations/worker-response/iteration-1/0/2024-03-01_10:02:03.json")
        let answer = try #require(try JSONScanner.parse(response.utf8)["answers"]?.array?.first)
        #expect(answer["workerId"]?.string == "w1")
        #expect(answer["answerContent"]?["crowd-classifier"]?["label"]?.string == "plant")
        #expect(answer["acceptanceTime"]?.string == "2024-03-01T10:02:03.000Z")
    }

    @Test func aLeaseThatEndsReturnsTheObjectToOthers() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request())
        #expect(try await bench.store.claim("demo", for: "w1", at: bench.clock.now)?.number == 0)
        #expect(try await bench.store.claim("demo", for: "w2", at: bench.clock.now) == nil)
        bench.clock.pass(seconds: 3600)
        #expect(try await bench.answer("w2", choice("plant")) == 0)
        let late = await #expect(throws: JobError.self) {
            try await bench.store.submit(
                try JSONScanner.parse(choice("person").utf8), to: "demo", 0, by: "w1", at: bench.clock.now)
        }
        #expect(late?.code == .leaseEnded)
    }

    @Test func aReleasedObjectMayBeTakenAgainAndADeclinedOneNot() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request(workers: 2))
        _ = try await bench.store.claim("demo", for: "w1", at: bench.clock.now)
        try await bench.store.release("demo", 0, by: "w1", at: bench.clock.now)
        #expect(try await bench.store.claim("demo", for: "w1", at: bench.clock.now) != nil)
        try await bench.store.decline("demo", 0, by: "w1", at: bench.clock.now)
        #expect(try await bench.store.claim("demo", for: "w1", at: bench.clock.now) == nil)
        #expect(try await bench.store.claim("demo", for: "w2", at: bench.clock.now) != nil)
    }

    @Test func anObjectThatAsManyDeclineAsAreWantedFailsWithAReason() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request())
        _ = try await bench.store.claim("demo", for: "w1", at: bench.clock.now)
        try await bench.store.decline("demo", 0, by: "w1", at: bench.clock.now)
        try await bench.engine.advance()
        let line = try #require(try await bench.output().first)
        #expect(line["kind"] == nil)
        #expect(line["kind-metadata"]?["failure-reason"]?.string?.hasPrefix("ClientError: Annotation tasks expired.") == true)
        #expect(line["kind-metadata"]?["human-annotated"]?.string == "true")
    }

    @Test func whatIsThereIsConsolidatedWhenTheAvailabilityEnds() async throws {
        let bench = try Bench()
        try await bench.putInput(2)
        try await bench.start(try request(workers: 3))
        try await bench.answer("w1", choice("animal"))
        bench.clock.pass(seconds: 21_600)
        try await bench.engine.advance()
        let job = try await bench.store.job(named: "demo")
        #expect(job.status == .completed)
        let counters = try await bench.store.counters(of: job)
        #expect((counters.labeled, counters.failed, counters.unlabeled) == (1, 1, 0))
        #expect(try await bench.output().map { $0["kind"]?.int } == [1, nil])
    }

    @Test func aBatchMustBeDoneBeforeTheNextOpens() async throws {
        let bench = try Bench()
        try await bench.putInput(3)
        try await bench.start(try request(concurrent: 2))
        #expect(try await bench.answer("w1", choice("animal")) == 0)
        try await bench.engine.advance()
        #expect(try await bench.answer("w1", choice("animal")) == 1)
        #expect(try await bench.answer("w1", choice("animal")) == nil)
        try await bench.engine.advance()
        #expect(try await bench.answer("w1", choice("animal")) == 2)
        try await bench.engine.advance()
        #expect(try await bench.names(below: "s3://bench/out/demo/").contains("annotations/intermediate/2/annotations.json"))
    }

    @Test func stoppingKeepsWhatIsFinishedAndLeavesTheRestVerbatim() async throws {
        let bench = try Bench()
        try await bench.putInput(2)
        try await bench.start(try request(workers: 2))
        try await bench.answer("w1", choice("animal"))
        try await bench.store.stopJob(named: "demo", at: bench.clock.now)
        #expect(try await bench.store.job(named: "demo").status == .stopping)
        try await bench.engine.advance()
        #expect(try await bench.store.job(named: "demo").status == .stopped)
        let lines = try await bench.output()
        #expect(lines[0]["kind"]?.int == 1)
        #expect(String(decoding: lines[1].raw, as: UTF8.self) == #"{"source":"text 1","weight":1.0}"#)
    }

    @Test func aStoppingConditionEndsTheJobByItself() async throws {
        let bench = try Bench()
        try await bench.putInput(3)
        try await bench.start(try request(adding: ["StoppingConditions": ["MaxHumanLabeledObjectCount": 1]]))
        try await bench.answer("w1", choice("animal"))
        try await bench.engine.advance()
        try await bench.engine.advance()
        #expect(try await bench.store.job(named: "demo").status == .stopped)
    }

    @Test func aChainedJobLabelsOnlyTheLinesThatLackTheAttribute() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        let done = #"{"source":"a","kind":2,"kind-metadata":{"class-name":"plant"}}"#
        let failed = #"{"source":"b","kind-metadata":{"failure-reason":"x"}}"#
        try await bench.put("\(done)\n\(failed)\n", to: "s3://bench/in.manifest")
        try await bench.start(try request())
        #expect(try await bench.answer("w1", choice("animal")) == 1)
        try await bench.engine.advance()
        let lines = try await bench.output()
        #expect(String(decoding: lines[0].raw, as: UTF8.self) == done)
        #expect(lines[1]["kind"]?.int == 1)
        #expect(lines[1]["kind-metadata"]?["failure-reason"] == nil)
    }

    @Test func anAnswerCanBeChangedUntilItIsConsolidatedAndTheEarlierOneStandsOtherwise() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request())
        try await bench.answer("w1", choice("animal"))
        #expect(try await bench.store.reopen("demo", 0, by: "w1", at: bench.clock.now).answer == choice("animal"))
        try await bench.engine.advance()
        #expect(try await bench.store.job(named: "demo").status == .inProgress)
        bench.clock.pass(seconds: 3600)
        try await bench.engine.advance()
        #expect(try await bench.output()[0]["kind"]?.int == 1)
        let error = await #expect(throws: JobError.self) {
            _ = try await bench.store.reopen("demo", 0, by: "w1", at: bench.clock.now)
        }
        #expect(error?.code == .closed)
    }

    @Test(arguments: [true, false])
    func givingAReopenedObjectBackLeavesTheEarlierAnswer(isDeclined: Bool) async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request())
        try await bench.answer("w1", choice("animal"))
        _ = try await bench.store.reopen("demo", 0, by: "w1", at: bench.clock.now)
        if isDeclined {
            try await bench.store.decline("demo", 0, by: "w1", at: bench.clock.now)
        } else {
            try await bench.store.release("demo", 0, by: "w1", at: bench.clock.now)
        }
        #expect(try await bench.store.claim("demo", for: "w2", at: bench.clock.now) == nil)
        try await bench.engine.advance()
        #expect(try await bench.output()[0]["kind"]?.int == 1)
    }

    @Test func anObjectWhoseTimeIsOverCannotBeGivenBack() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request())
        _ = try await bench.store.claim("demo", for: "w1", at: bench.clock.now)
        bench.clock.pass(seconds: 3600)
        let error = await #expect(throws: JobError.self) {
            try await bench.store.decline("demo", 0, by: "w1", at: bench.clock.now)
        }
        #expect(error?.code == .leaseEnded)
        #expect(try await bench.answer("w2", choice("plant")) == 0)
        #expect(try await bench.store.claim("demo", for: "w3", at: bench.clock.now) == nil)
    }

    @Test func aTextThatChangedAfterWorkersSawItFailsItsObjectByName() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.put("We test.", to: "s3://bench/a.txt")
        try await bench.put("We rest.", to: "s3://bench/b.txt")
        let lines = ["a", "b"].map { #"{"source-ref":"s3://bench/\#($0).png","text-file-s3-uri":"s3://bench/\#($0).txt"}"# + "\n" }
        try await bench.put(lines.joined(), to: "s3://bench/in.manifest")
        try await bench.start(try request(builtIn: nil))
        for _ in 0..<2 { try await bench.answer("w1", #"{"notes":"x"}"#) }
        try await bench.put("We tested.", to: "s3://bench/b.txt")
        try await bench.engine.advance()
        let output = try await bench.output()
        #expect(output[0]["kind"] != nil)
        let reason = output[1]["kind-metadata"]?["failure-reason"]?.string
        #expect(reason?.hasPrefix("ClientError: s3://bench/b.txt changed after workers saw it") == true)
    }

    @Test func anAnswerSentTwiceCountsOnce() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request(workers: 2))
        try await bench.answer("w1", choice("animal"))
        try await bench.store.submit(
            try JSONScanner.parse(choice("animal").utf8), to: "demo", 0, by: "w1", at: bench.clock.now)
        let job = try await bench.store.job(named: "demo")
        #expect(try await bench.store.counters(of: job).pending == 1)
    }

    @Test func aDraftComesBackWithTheTask() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request())
        _ = try await bench.store.claim("demo", for: "w1", at: bench.clock.now)
        try await bench.store.saveDraft(try JSONScanner.parse("{\"a\":1}".utf8), of: "demo", 0, by: "w1", at: bench.clock.now)
        #expect(try await bench.store.claim("demo", for: "w1", at: bench.clock.now)?.draft == "{\"a\":1}")
    }

    @Test(arguments: ["", "not json\n", "{\"kind\":1}\n", "{\"source\":\"a\",\"source-ref\":\"s3://b/c\"}\n", "{\"$a\":1}\n"])
    func aManifestThatCannotBeLabeledFailsTheJobWithAReason(manifest: String) async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.put(manifest, to: "s3://bench/in.manifest")
        try await bench.start(try request())
        let job = try await bench.store.job(named: "demo")
        #expect(job.status == .failed)
        #expect(job.failureReason?.hasPrefix("ClientError: ") == true)
    }

    @Test func namesThatDifferInCaseOnlyCollide() async throws {
        let bench = try Bench()
        _ = try await bench.engine.create(try request("Demo"))
        let error = await #expect(throws: JobError.self) { _ = try await bench.engine.create(try request("dEMO")) }
        #expect(error?.code == .inUse)
    }

    @Test func aKeyIsRefusedWhereNothingEncrypts() async throws {
        let bench = try Bench()
        let output: JSONOutput = ["KmsKeyId": "alias/gt", "S3OutputPath": "s3://bench/out"]
        let error = await #expect(throws: JobError.self) {
            _ = try await bench.engine.create(try request(adding: ["OutputConfig": output]))
        }
        #expect(error?.message.contains("--allow-unencrypted") == true)
    }

    @Test func imageTasksAreRefusedWithTheServedOnesNamed() async throws {
        let bench = try Bench()
        let error = await #expect(throws: JobError.self) {
            _ = try await bench.engine.create(try request(builtIn: "BoundingBox"))
        }
        #expect(error?.message.contains("PRE-NamedEntityRecognition") == true)
    }
}
