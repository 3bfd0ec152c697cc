import GroundTruth
import LabelingJobs
import Testing

@Suite(.timeLimit(.minutes(1)))
struct MessagingTests {
    private let bench: Bench
    private let messaging: LocalMessaging

    init() throws {
        bench = try Bench()
        messaging = LocalMessaging(store: bench.store, account: "000000000000", clock: bench.clock.clock)
    }

    private func makeQueue(_ name: String = "q", _ attributes: [(name: String, value: String)] = []) async throws {
        _ = try await messaging.createQueue(name, region: "us-west-2", attributes: attributes)
    }

    private func bodies(_ limit: Int = 10) async throws -> [String] {
        try await messaging.receive(from: "q", limit: limit).map(\.body)
    }

    @Test func aMessageIsHandedOutAgainWhenItsTimeIsOver() async throws {
        try await makeQueue("q", [("VisibilityTimeout", "60")])
        try await messaging.send("one", to: "q")
        let first = try #require(try await messaging.receive(from: "q", limit: 10).first)
        bench.clock.pass(seconds: 59)
        #expect(try await bodies().isEmpty)
        #expect(try await messaging.counts(of: "q").inFlight == 1)
        bench.clock.pass(seconds: 1)
        let second = try #require(try await messaging.receive(from: "q", limit: 10).first)
        #expect(first.id == second.id && first.handle != second.handle && second.receives == 2)
        try await messaging.delete([first.handle], from: "q")
        #expect(
            try await messaging.counts(of: "q") == QueueCounts(visible: 0, inFlight: 1, delayed: 0), "an old handle deletes nothing"
        )
        try await messaging.delete([second.handle], from: "q")
        #expect(try await messaging.counts(of: "q") == QueueCounts())
    }

    @Test func messagesGoWhenTheirRetentionEnds() async throws {
        try await makeQueue("q", [("MessageRetentionPeriod", "1209600")])
        try await messaging.send("one", to: "q")
        bench.clock.pass(seconds: 1_209_599)
        #expect(try await messaging.counts(of: "q").visible == 1)
        bench.clock.pass(seconds: 1)
        #expect(try await messaging.counts(of: "q").visible == 0)
        #expect(try await bodies().isEmpty)
    }

    @Test func delayedMessagesWait() async throws {
        try await makeQueue()
        try await messaging.send("later", to: "q", delaySeconds: 10)
        #expect(try await messaging.counts(of: "q").delayed == 1)
        #expect(try await bodies().isEmpty)
        bench.clock.pass(seconds: 10)
        #expect(try await bodies() == ["later"])
    }

    @Test func whatIsPublishedGoesToEveryQueueThatIsSubscribed() async throws {
        let topic = try await messaging.createTopic("t", region: "us-west-2")
        for (name, isRaw) in [("q", false), ("raw", true), ("other", false)] {
            try await makeQueue(name)
            guard name != "other" else { continue }
            let arn = "arn:aws:sqs:us-west-2:000000000000:\(name)"
            let subscription = try await messaging.subscribe(queue: arn, to: topic, isRaw: isRaw)
            #expect(
                try await messaging.subscribe(queue: arn, to: topic, isRaw: isRaw) == subscription, "a queue is subscribed once")
        }
        let id = try await messaging.publish(Publication("line\n\"1\""), to: topic)
        let envelope = try JSONScanner.parse(try #require(try await bodies().first).utf8)
        #expect(envelope["MessageId"]?.string == id && envelope["Message"]?.string == "line\n\"1\"")
        #expect(try await messaging.receive(from: "raw", limit: 10).map(\.body) == ["line\n\"1\""])
        #expect(try await messaging.counts(of: "other") == QueueCounts())
    }

    @Test func aRawSubscriptionHandsTheAttributesOverBesideTheMessage() async throws {
        let topic = try await messaging.createTopic("t", region: "us-west-2")
        for (name, isRaw) in [("q", false), ("raw", true)] {
            try await makeQueue(name)
            _ = try await messaging.subscribe(queue: "arn:aws:sqs:us-west-2:000000000000:\(name)", to: topic, isRaw: isRaw)
        }
        var publication = Publication("m")
        publication.attributes = [
            MessageAttribute(name: "count", type: "Number", value: "3"), MessageAttribute(name: "kind", type: "String", value: "é"),
        ]
        publication.origin = "https://labels.example"
        try await messaging.publish(publication, to: topic)
        let raw = try #require(try await messaging.receive(from: "raw", limit: 10).first)
        #expect(raw.body == "m" && raw.attributes == publication.attributes)
        let enveloped = try #require(try await messaging.receive(from: "q", limit: 10).first)
        let envelope = try JSONScanner.parse(enveloped.body.utf8)
        #expect(enveloped.attributes.isEmpty)
        #expect(envelope["MessageAttributes"]?["count"]?["Value"]?.string == "3")
        #expect(envelope["MessageAttributes"]?["kind"]?["Type"]?.string == "String")
        #expect(
            envelope["UnsubscribeURL"]?.string?.hasPrefix("https://labels.example/?Action=Unsubscribe&SubscriptionArn=\(topic):")
                == true)
    }

    @Test func aSubjectIsALineOfAHundredCharacters() async throws {
        let topic = try await messaging.createTopic("t", region: "us-west-2")
        func publish(_ subject: String) async throws {
            var publication = Publication("m")
            publication.subject = subject
            try await messaging.publish(publication, to: topic)
        }
        try await publish(String(repeating: "é", count: 100))
        for bad in ["", String(repeating: "x", count: 101), "two\nlines", "a\u{7F}"] {
            let error = await #expect(throws: JobError.self) { try await publish(bad) }
            #expect(error?.code == .invalid && error?.message.hasPrefix("Subject: ") == true)
        }
    }

    @Test func aQueueThatIsGoneHasNoSubscriptionsLeftThatFail() async throws {
        let topic = try await messaging.createTopic("t", region: "us-west-2")
        try await makeQueue()
        _ = try await messaging.subscribe(queue: "arn:aws:sqs:us-west-2:000000000000:q", to: topic, isRaw: false)
        try await messaging.deleteQueue("q")
        _ = try await messaging.publish(Publication("nobody"), to: topic)
        let error = await #expect(throws: JobError.self) { _ = try await bodies() }
        #expect(error?.code == .notFound)
    }

    @Test func lengthsNamesAndAttributesAreChecked() async throws {
        try await makeQueue()
        try await messaging.send(String(repeating: "x", count: LocalMessaging.maximumMessageBytes), to: "q")
        for bad in ["", String(repeating: "é", count: LocalMessaging.maximumMessageBytes / 2 + 1)] {
            await #expect(throws: JobError.self) { try await messaging.send(bad, to: "q") }
        }
        for name in ["", "a.fifo", "a/b", String(repeating: "q", count: 81)] {
            await #expect(throws: JobError.self) { try await makeQueue(name) }
        }
        for (name, value) in [("VisibilityTimeout", "43201"), ("VisibilityTimeout", "x"), ("FifoQueue", "true")] {
            await #expect(throws: JobError.self) { try await makeQueue("other", [(name, value)]) }
        }
        let error = await #expect(throws: JobError.self) { try await makeQueue("q", [("VisibilityTimeout", "5")]) }
        #expect(error?.code == .inUse)
        await #expect(throws: JobError.self) {
            _ = try await messaging.publish(Publication("m"), to: "arn:aws:sns:us-west-2:0:none")
        }
    }
}
