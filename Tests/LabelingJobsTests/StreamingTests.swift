import GroundTruth
import LabelingJobs
import Storage
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StreamingTests {
    private let stream: StreamBench
    private var bench: Bench { stream.bench }

    init() throws { stream = try StreamBench() }

    // MARK: In and out

    @Test func whatIsPublishedBecomesAnObjectWithItsID() async throws {
        try await stream.start()
        let id = try await stream.publish(#"{"source":"one","weight":1.0}"#)
        try await stream.engine.advance()
        try await bench.answer("w1", choice("plant"))
        try await stream.engine.advance()
        bench.clock.pass(seconds: 31)
        try await stream.engine.advance()
        let lines = try await bench.output()
        #expect(lines.count == 1)
        #expect(lines[0]["dataset-objectid-attribute-name"]?.string == "$kind-object-id")
        #expect(lines[0]["$kind-object-id"]?.string == id)
        #expect(lines[0]["weight"]?.raw.elementsEqual("1.0".utf8) == true && lines[0]["kind"] != nil)
        #expect(try await stream.messaging.counts(of: "GroundTruth-demo") == QueueCounts())
    }

    @Test func aRawSubscriptionsMessagesAreTakenAsTheyAre() async throws {
        try await stream.start()
        let id = try await stream.messaging.send(#"{"source":"raw"}"#, to: "GroundTruth-demo")
        try await stream.engine.advance()
        #expect(try await stream.lines().map { $0.string("$kind-object-id") } == [id])
    }

    // MARK: Once

    @Test func aMessageThatComesAgainCountsOnce() async throws {
        stream.messages.failsToDelete(times: 1)
        try await stream.start()
        try await stream.publish(#"{"source":"one"}"#)
        try await stream.engine.advance()
        #expect(try await stream.counters().total == 1)
        #expect(try await stream.messaging.counts(of: "GroundTruth-demo").inFlight == 1, "it was not deleted")
        bench.clock.pass(seconds: 61)
        try await stream.engine.advance()
        #expect(try await stream.counters().total == 1)
        #expect(try await stream.status().duplicates == 1)
        #expect(try await stream.messaging.counts(of: "GroundTruth-demo") == QueueCounts())
    }

    @Test func anObjectWithItsOwnKeyCountsOnceForTheLifeOfTheJob() async throws {
        try await stream.start()
        let own = #"{"source":"one","dataset-objectid-attribute-name":"byo-key","byo-key":"u-17"}"#
        try await stream.publish(own)
        try await stream.publish(own)
        try await stream.engine.advance()
        bench.clock.pass(seconds: 8 * 86_400)
        try await stream.publish(own)
        try await stream.engine.advance()
        #expect(try await stream.counters().total == 1)
        #expect(try await stream.status().duplicates == 2)
        #expect(try await stream.lines()[0].raw.elementsEqual(own.utf8), "a line with its own key stays as it is")
    }

    @Test func aRepublishedMessageWithoutAKeyIsAnotherObject() async throws {
        try await stream.start()
        for _ in 0..<2 { try await stream.publish(#"{"source":"one"}"#) }
        try await stream.engine.advance()
        #expect(try await stream.counters().total == 2)
    }

    @Test func anObjectOfManifestAndTopicCountsOnce() async throws {
        try await bench.put(
            #"{"source-ref":"s3://bench/a.txt","dataset-objectid-attribute-name":"source-ref"}"# + "\n",
            to: "s3://bench/in.manifest")
        try await stream.start(hasManifest: true)
        for name in ["a", "b"] {
            try await stream.publish(
                #"{"source-ref":"s3://bench/\#(name).txt","dataset-objectid-attribute-name":"source-ref"}"#)
        }
        try await stream.engine.advance()
        #expect(try await stream.lines().map { $0.string("source-ref") } == ["s3://bench/a.txt", "s3://bench/b.txt"])
    }

    @Test func outputLinesOfOneJobAreInputOfTheNext() async throws {
        try await stream.start()
        try await stream.publish(
            #"{"source":"x","dataset-objectid-attribute-name":"$first-object-id","$first-object-id":"m-1","first":1}"#)
        try await stream.engine.advance()
        #expect(try await stream.lines().count == 1)
    }

    // MARK: Amiss

    @Test func aPythonDictIsTakenWithAWarning() async throws {
        try await stream.start()
        try await stream.publish("{'source': \"it's\", 'n': None}")
        try await stream.engine.advance()
        #expect(try await stream.lines().map { $0.string("source") } == ["it's"])
        let job = try await bench.store.job(named: "demo")
        #expect(try await bench.store.warnings(of: job, in: 0...10)[0]?.hasPrefix("python-quoting") == true)
    }

    @Test func whatIsNoObjectIsKeptWithTheReason() async throws {
        try await stream.start()
        let bad = [
            "{not json", #"{"weight":1}"#, #"{"source":"a","source-ref":"s3://b/c"}"#, #"{"Records":[{"s3":{}}]}"#,
            #"{"source":"a","$own":1}"#, #"{"source":"a","dataset-objectid-attribute-name":"k"}"#, "[1]",
        ]
        for message in bad { try await stream.publish(message) }
        try await stream.publish(#"{"Service":"Amazon S3","Event":"s3:TestEvent"}"#)
        try await stream.engine.advance()
        #expect(try await stream.counters().total == 0)
        let job = try await bench.store.job(named: "demo")
        let rejections = try await bench.store.rejections(of: job, limit: 100)
        #expect(rejections.map(\.body) == bad)
        #expect(rejections[3].reason.contains("notification of S3"))
        #expect(try await stream.status().dropped == 1)
        #expect(try await stream.messaging.counts(of: "GroundTruth-demo") == QueueCounts())
    }

    @Test func messagesOf256KilobytesAreTakenWhole() async throws {
        try await stream.start()
        let frame = #"{"source":""}"#
        let text =
            String(repeating: "\"", count: 0)
            + String(repeating: "é", count: (LocalMessaging.maximumMessageBytes - frame.utf8.count) / 2)
        try await stream.publish(#"{"source":"\#(text)"}"#)
        try await stream.engine.advance()
        #expect(try await stream.lines().map { $0.string("source") } == [text])
        let tally = try await stream.engine.addObjects([(#"{"source":"\#(text)é"}"#, "id")], to: "demo")
        #expect(tally.rejected.first?.reason.contains("262144") == true)
    }

    @Test func aQueueThatVanishesFailsTheJobByName() async throws {
        try await stream.start()
        try await stream.publish(#"{"source":"one"}"#)
        try await stream.engine.advance()
        try await stream.messaging.deleteQueue("GroundTruth-demo")
        try await stream.engine.advance()
        let job = try await bench.store.job(named: "demo")
        #expect(job.status == .failed)
        #expect(job.failureReason?.contains("queue GroundTruth-demo") == true)
        #expect(try await bench.output().count == 1, "what came before is in the output")
    }

    @Test func aQueueThatIsNotReachedHoldsNothingUp() async throws {
        try await stream.start()
        stream.messages.isSilent(true)
        try await stream.engine.advance()
        #expect(try await bench.store.job(named: "demo").status == .inProgress)
        stream.messages.isSilent(false)
        try await stream.publish(#"{"source":"one"}"#)
        try await stream.engine.advance()
        #expect(try await stream.counters().total == 1)
    }

    @Test func aTopicOfSomebodyElseThatIsNotThereFailsTheJob() async throws {
        try await stream.start(topic: "arn:aws:sns:us-west-2:999999999999:none")
        let job = try await bench.store.job(named: "demo")
        #expect(job.status == .failed && job.failureReason?.contains("SnsTopicArn") == true)
    }

    // MARK: Its end

    @Test func aStopTakesInWhatIsLeftAndUnsubscribes() async throws {
        try await stream.start()
        for number in 0..<1200 { try await stream.publish(#"{"source":"\#(number)"}"#) }
        try await bench.store.stopJob(named: "demo", at: bench.clock.now)
        try await stream.engine.advance()
        #expect(try await bench.store.job(named: "demo").status == .stopped)
        #expect(try await bench.output().count == 1200)
        try await stream.publish(#"{"source":"late"}"#)
        #expect(
            try await stream.messaging.counts(of: "GroundTruth-demo") == QueueCounts(), "nothing reaches a later job of this name")
        await #expect(throws: JobError.self) { _ = try await stream.engine.addObjects([], to: "demo") }
    }

    @Test func anIdleJobIsAnnouncedAndStoppedAfterTenDays() async throws {
        try await stream.start()
        try await stream.publish(#"{"source":"one"}"#)
        try await stream.engine.advance()
        try await bench.answer("w1", choice("plant"))
        try await stream.engine.advance()
        for _ in 0..<9 {
            #expect(try await !stream.status().isIdle)
            bench.clock.pass(seconds: 86_400)
            try await stream.engine.advance()
        }
        #expect(try await stream.status().isIdle, "said a day before")
        #expect(try await bench.store.job(named: "demo").status == .inProgress)
        bench.clock.pass(seconds: 86_400)
        try await stream.engine.advance()
        try await stream.engine.advance()
        let job = try await bench.store.job(named: "demo")
        #expect(job.status == .stopped && job.failureReason?.contains("idle for 10 days") == true)
    }

    @Test func inputEndsTheIdleness() async throws {
        try await stream.start()
        bench.clock.pass(seconds: 9 * 86_400 + 3600)
        try await stream.engine.advance()
        #expect(try await stream.status().isIdle)
        try await stream.publish(#"{"source":"one"}"#)
        try await stream.engine.advance()
        #expect(try await !stream.status().isIdle)
        bench.clock.pass(seconds: 86_400)
        try await stream.engine.advance()
        #expect(try await bench.store.job(named: "demo").status == .inProgress)
    }

    @Test func objectsThatWaitFourteenDaysExpire() async throws {
        try await stream.start(concurrent: 1)
        for number in 0..<3 { try await stream.publish(#"{"source":"\#(number)"}"#) }
        try await stream.engine.advance()
        bench.clock.pass(seconds: 14 * 86_400 - 1)
        try await stream.engine.advance()
        #expect(try await stream.counters().failed == 0)
        bench.clock.pass(seconds: 3601)
        try await stream.engine.advance()
        #expect(try await stream.counters().failed == 2, "the third is in a worker's list")
    }

    @Test func anotherEngineGoesOnWithTheStream() async throws {
        try await stream.start()
        try await stream.publish(#"{"source":"one"}"#)
        try await stream.engine.advance()
        try await stream.publish(#"{"source":"two"}"#)
        try await stream.makeEngine().advance()
        #expect(try await stream.lines().map { $0.string("source") } == ["one", "two"])
    }

    // MARK: From elsewhere

    @Test func objectsComeInDirectly() async throws {
        try await stream.start()
        let lines = [(text: #"{"source":"a"}"#, id: "k#1"), (text: "oops", id: "k#2"), (text: #"{"source":"b"}"#, id: "k#3")]
        let first = try await stream.engine.addObjects(lines, to: "demo")
        #expect(first.accepted == 2 && first.duplicates == 0 && first.rejected.map(\.message) == ["k#2"])
        let again = try await stream.engine.addObjects(lines, to: "demo")
        #expect(again.accepted == 0 && again.duplicates == 2)
        #expect(try await stream.counters().total == 2)
    }

    @Test func aJobWithoutAStreamTakesNoObjects() async throws {
        try await bench.putInput(1)
        _ = try await stream.engine.create(try request())
        try await stream.engine.advance()
        let error = await #expect(throws: JobError.self) { _ = try await stream.engine.addObjects([], to: "demo") }
        #expect(error?.code == .closed)
    }

    @Test func linesOfAWatchedFolderAreTakenAsTheyGrow() async throws {
        try await stream.start()
        let file = "s3://bench/out/demo/incoming/more.jsonl"
        try await bench.put(#"{"source":"a"}"# + "\n" + #"{"source":"b"#, to: file)
        try await stream.engine.advance()
        #expect(try await stream.counters().total == 1, "a line without an end may still grow")
        try await bench.put(#"{"source":"a"}"# + "\n" + #"{"source":"bc"}"#, to: file)
        try await stream.engine.advance()
        bench.clock.pass(seconds: 9)
        try await stream.engine.advance()
        #expect(try await stream.counters().total == 1)
        bench.clock.pass(seconds: 2)
        try await stream.engine.advance()
        #expect(try await stream.lines().map { $0.string("source") } == ["a", "bc"])
        #expect(try await stream.status().duplicates == 0)
        try await bench.put("page", to: "s3://bench/out/demo/incoming/p.txt")
        try await stream.engine.advance()
        bench.clock.pass(seconds: 11)
        try await stream.engine.advance()
        #expect(try await stream.lines().last?.string("source-ref") == "s3://bench/out/demo/incoming/p.txt")
    }
}
