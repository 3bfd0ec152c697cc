import Crypto
import FoundationEssentials
import GroundTruth
import Synchronization
import Testing
import Transport

@testable import AWS
@testable import LabelingJobs

@Suite(.timeLimit(.minutes(1)))
struct NoticeTests {
    private let stream: StreamBench
    private let transport = WebhookTransport()
    private let secret = Array("a secret of a webhook".utf8)
    private let outputTopic = "arn:aws:sns:us-west-2:111122223333:demo-Output"

    init() throws { stream = try StreamBench() }

    private func makeSender(_ urls: [String] = []) throws -> NoticeSender {
        NoticeSender(
            store: stream.bench.store, messages: stream.messages, transport: transport,
            webhooks: NoticeSender.Webhooks(urls: try urls.map { try HTTPURL(parsing: $0) }, secret: secret),
            clock: stream.bench.clock.clock, logger: silent)
    }

    /// Labels as many objects.
    private func label(_ count: Int) async throws {
        for number in 0..<count { try await stream.publish(#"{"source":"\#(number)"}"#) }
        try await stream.engine.advance()
        for _ in 0..<count { try await stream.bench.answer("w1", choice("plant")) }
        try await stream.engine.advance()
    }

    private func openOutputQueue() async throws {
        try await stream.messaging.createTopic("demo-Output", region: "us-west-2")
        let queue = try await stream.messaging.createQueue("out", region: "us-west-2")
        _ = try await stream.messaging.subscribe(queue: queue.arn, to: outputTopic, isRaw: true)
    }

    @Test func eachFinishedObjectIsPublishedOnce() async throws {
        try await openOutputQueue()
        try await stream.start(outputTopic: outputTopic)
        let sender = try makeSender()
        try await sender.advance()
        try await label(3)
        try await sender.advance()
        try await sender.advance()
        stream.bench.clock.pass(seconds: 31)
        try await stream.engine.advance()
        let published = try await stream.messaging.receive(from: "out", limit: 10).map(\.body)
        let lines = try await stream.bench.text(of: "s3://bench/out/demo/manifests/output/output.manifest").split(separator: "\n")
        #expect(published == lines.map(String.init), "the lines of the output manifest")
    }

    @Test func anObjectThatIsConsolidatedAgainIsToldOfWhenItIsDone() async throws {
        try await openOutputQueue()
        try await stream.start(outputTopic: outputTopic)
        let sender = try makeSender()
        try await label(1)
        let (store, now) = (stream.bench.store, stream.bench.clock.now)
        let early = try #require(try await store.dueNotices(at: now, limit: 1).first)
        try await store.exclude("w1", from: "demo", at: now)
        #expect(try await store.dueNotices(at: now, limit: 1).isEmpty)
        try await stream.bench.answer("w2", choice("animal"))
        try await stream.engine.advance()
        // What was on its way all that time arrives, and does not stand for the label that there is now.
        try await store.removeNotice(early)
        try await sender.advance()
        let published = try await stream.messaging.receive(from: "out", limit: 10)
        #expect(published.count == 1 && published[0].body.contains(#""class-name":"animal""#))
    }

    @Test func aTopicThatIsNotReachedGetsItsNoticesLater() async throws {
        try await openOutputQueue()
        try await stream.start(outputTopic: outputTopic)
        let sender = try makeSender()
        try await label(2)
        stream.messages.isSilent(true)
        try await sender.advance()
        let job = try await stream.bench.store.job(named: "demo")
        #expect(try await stream.bench.store.noticeCounts(of: job).waiting == 2)
        stream.messages.isSilent(false)
        stream.bench.clock.pass(seconds: 10)
        try await sender.advance()
        #expect(try await stream.messaging.counts(of: "out").visible == 2)
        #expect(try await stream.bench.store.noticeCounts(of: job).waiting == 0)
    }

    @Test func aWebhookGetsASignedLine() async throws {
        try await stream.start()
        let sender = try makeSender(["https://hooks.example/in"])
        try await sender.advance()
        try await label(1)
        try await sender.advance()
        let request = try #require(transport.requests.first)
        guard case .bytes(let body) = request.body else { return #expect(Bool(false), "a body in one piece") }
        #expect(try JSONScanner.parse(body)["kind"] != nil)
        let timestamp = try #require(request.headers["X-Prelabel-Timestamp"])
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("\(timestamp).".utf8) + body, using: SymmetricKey(data: secret))
        #expect(request.headers["X-Prelabel-Signature"] == "sha256=\(hexadecimal(code))")
        #expect(request.headers["X-Prelabel-Job"] == "demo" && request.headers["X-Prelabel-Object"] == "0")
    }

    @Test func aWebhookThatFailsIsTriedLaterAndLaterAndThenGivenUp() async throws {
        try await stream.start()
        transport.answer(500)
        let sender = try makeSender(["https://hooks.example/in"])
        try await sender.advance()
        try await label(1)
        try await sender.advance()
        try await sender.advance()
        #expect(transport.requests.count == 1, "not before its time")
        let job = try await stream.bench.store.job(named: "demo")
        var seconds = 0
        while try await stream.bench.store.deadNotices(of: job, limit: 10).isEmpty, seconds < 86_400 {
            stream.bench.clock.pass(seconds: 60)
            seconds += 60
            try await sender.advance()
        }
        #expect(transport.requests.count == NoticeSender.maximumAttempts)
        #expect((4 * 3600...8 * 3600).contains(seconds), "it took \(seconds) s")
        let dead = try await stream.bench.store.deadNotices(of: job, limit: 10)
        #expect(dead.map(\.number) == [0] && dead[0].error.contains("500"))
        transport.answer(204)
        #expect(try await stream.bench.store.reviveNotices(of: job) == 1)
        try await sender.advance()
        #expect(try await stream.bench.store.deadNotices(of: job, limit: 10).isEmpty)
        #expect(try await stream.bench.store.noticeCounts(of: job).waiting == 0)
    }

    @Test func aSilentWebhookHoldsNoTopicUp() async throws {
        try await openOutputQueue()
        try await stream.start(outputTopic: outputTopic)
        transport.answer(503)
        let sender = try makeSender(["https://hooks.example/in"])
        try await sender.advance()
        try await label(5)
        try await sender.advance()
        #expect(try await stream.messaging.counts(of: "out").visible == 5)
        #expect(transport.requests.count == 1, "one try a round")
    }

    // MARK: Lambda

    private func functions(_ answer: Int, _ body: String, headers: HTTPHeaders = [:]) throws -> LambdaFunctions {
        let keys = ["AWS_ACCESS_KEY_ID": "AKIATESTTESTTEST", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_MAX_ATTEMPTS": "1"]
        transport.answer(answer, body, headers)
        return LambdaFunctions(session: try AWSSession(settings: AWSSettings(environment: keys), transport: transport))
    }

    @Test func aFunctionElsewhereAnswers() async throws {
        let arn = "arn:aws:lambda:us-west-2:111122223333:function:theirs"
        let answer = try await LocalFunctions(handlers: [], logger: silent, elsewhere: functions(200, #"{"taskInput":{}}"#)).invoke(
            arn, event: Array("{}".utf8))
        #expect(answer == Array(#"{"taskInput":{}}"#.utf8))
        #expect(transport.requests.first?.url.host == "lambda.us-west-2.amazonaws.com")
    }

    @Test func aFunctionThatFailsIsNamedInGroundTruthsWords() async throws {
        let functions = try functions(200, #"{"errorMessage":"broken"}"#, headers: ["X-Amz-Function-Error": "Unhandled"])
        let error = await #expect(throws: JobError.self) { _ = try await functions.invoke("theirs", event: []) }
        #expect(error?.code == .functionFailed)
        #expect(
            error?.message.hasPrefix(
                "ClientError: Exception invoking the Lambda function theirs. LambdaErrorCode: Unhandled.") == true)
    }
}

/// Answers every request as a test says, and keeps it.
private final class WebhookTransport: HTTPTransport {
    private struct State {
        var status = 204
        var body = ""
        var headers = HTTPHeaders()
        var requests: [OutgoingRequest] = []
    }

    private let state = Mutex(State())
    var requests: [OutgoingRequest] { state.withLock { $0.requests } }

    func answer(_ status: Int, _ body: String = "", _ headers: HTTPHeaders = [:]) {
        state.withLock { ($0.status, $0.body, $0.headers) = (status, body, headers) }
    }

    func send(_ request: OutgoingRequest) async throws(TransportError) -> IncomingResponse {
        state.withLock { state in
            state.requests.append(request)
            return IncomingResponse(status: state.status, headers: state.headers, body: Body(state.body))
        }
    }

    private final class Body: ResponseBody {
        private let rest: Mutex<[UInt8]?>
        init(_ text: String) { rest = Mutex(text.isEmpty ? nil : Array(text.utf8)) }
        func next() async throws(TransportError) -> [UInt8]? {
            rest.withLock { rest in
                defer { rest = nil }
                return rest
            }
        }
    }
}
