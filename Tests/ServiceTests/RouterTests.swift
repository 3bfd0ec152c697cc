import Functions
import GroundTruth
import HTTPTypes
import Logging
import Service
import Storage
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RouterTests {
    private let event = #"{"dataObject":{"source":"Aim 🧪\r\n"}}"#

    // MARK: Functions

    @Test func preAnnotationIsWhatTheFunctionAnswers() async throws {
        let harness = try Harness()
        let reply = try await harness.post("/pre-annotation", event)
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let expected = try await PreAnnotation(store: harness.store, settings: .init()).respond(
            to: Array(event.utf8), logger: silent)
        #expect(reply.status == 200)
        #expect(reply.headers[.contentType] == "application/json")
        #expect(reply.body == expected)
    }

    @Test func postAnnotationIsWhatTheFunctionAnswers() async throws {
        let reply = try await Harness().post(
            "/post-annotation",
            #"{"labelAttributeName":"demo","payload":[{"datasetObjectId":"0","dataObject":{"content":"Aim"},"annotations":[{"workerId":"w1","annotationData":{"content":"{\"e\":{\"entities\":[{\"startOffset\":0,\"endOffset\":3,\"label\":\"A\"}]}}"}}]}]}"#
        )
        #expect(reply.status == 200)
        #expect(
            reply.json?.array?.first?["consolidatedAnnotation"]?["content"]?["demo"]?["annotations"]?["entities"]?.array?.count == 1
        )
    }

    // MARK: Errors

    @Test(arguments: [
        ("/pre-annotation", "nonsense", 400, "bad-event"), ("/pre-annotation", "", 400, "bad-event"),
        ("/pre-annotation", "{}", 400, "bad-event"),
        ("/pre-annotation", #"{"dataObject":{"text-file-s3-uri":"s3://demo-in/missing"}}"#, 422, "unreadable-text"),
        ("/pre-annotation", #"{"dataObject":{"text-file-s3-uri":"file:///etc/passwd"}}"#, 422, "unreadable-text"),
        ("/post-annotation", "[]", 400, "bad-event"),
        ("/post-annotation", #"{"labelAttributeName":"a","payload":[{}]}"#, 422, "bad-payload"),
        ("/post-annotation", #"{"labelAttributeName":"a","payload":{"s3Uri":"/etc/passwd"}}"#, 422, "unreadable-payload"),
        ("/nowhere", "{}", 404, "not-found"),
    ])
    func errorsAreProblemDocuments(path: String, body: String, status: Int, code: String) async throws {
        let reply = try await Harness().post(path, body)
        let problem = try #require(reply.json)
        #expect(reply.status == status)
        #expect(reply.headers[.contentType] == "application/problem+json")
        #expect(problem["status"]?.int == status)
        #expect(problem["code"]?.string == code)
        #expect(problem["type"]?.string == "urn:prelabel:problem:\(code)")
        #expect(problem["instance"]?.string == path)
        #expect(problem["title"]?.string?.isEmpty == false && problem["detail"]?.string?.isEmpty == false)
        #expect(problem.object?.count == 6)
        #expect(reply.body.last == 0x0A)
        #expect(reply.requestID != nil)
    }

    @Test func aWrongMethodIsNoSuccess() async throws {
        #expect(try await [404, 405].contains(Harness().send(.get, "/pre-annotation").status))
    }

    @Test func theInstanceHasNoQuery() async throws {
        let reply = try await Harness().post("/nowhere?signature=secret", "{}")
        #expect(reply.json?["instance"]?.string == "/nowhere")
        #expect(!reply.text.contains("secret"))
    }

    @Test func aBodyBeyondTheLimitIsRefused() async throws {
        let harness = try Harness()
        let reply = try await harness.send(.post, "/pre-annotation", [UInt8](repeating: 0x20, count: (6 << 20) + 1))
        #expect(reply.status == 413)
        #expect(reply.json?["code"]?.string == "content-too-large")
        #expect(reply.json?["detail"]?.string?.contains("6291456") == true)
        let most = try await harness.send(
            .post, "/pre-annotation", Array(event.utf8) + [UInt8](repeating: 0x20, count: (6 << 20) - event.utf8.count))
        #expect(most.status == 200)
    }

    // MARK: Request ids

    @Test(arguments: ["abc", "A-1.b_2", String(repeating: "x", count: 64)]) func aPlainRequestIDIsKept(id: String) async throws {
        let harness = try Harness()
        let reply = try await harness.send(.get, "/health/live", headers: ["X-Request-ID": id])
        #expect(reply.requestID == id)
        #expect(harness.logLines == ["info request \(id) 200"])
    }

    @Test(arguments: ["", "a b", "a\"b", "é", String(repeating: "x", count: 65), "a/b", "<x>"]) func anyOtherIsReplaced(id: String)
        async throws
    {
        let reply = try await Harness().send(.get, "/health/live", headers: ["X-Request-ID": id])
        let made = try #require(reply.requestID)
        #expect(made != id)
        #expect(made.count == 36 && made == made.lowercased())
    }

    @Test func eachRequestGetsItsOwnID() async throws {
        let harness = try Harness()
        let ids = [try await harness.send(.get, "/health/live").requestID, try await harness.send(.get, "/health/live").requestID]
        #expect(Set(ids).count == 2)
    }

    @Test func failuresAreLoggedUnderTheirID() async throws {
        let harness = try Harness()
        _ = try await harness.post("/nowhere", "{}", headers: ["X-Request-ID": "r1"])
        #expect(harness.logLines == ["info request r1 404"])
    }

    // MARK: Keys

    private let key = "0123456789abcdef"

    @Test(arguments: ["Bearer 0123456789abcdef", "bearer 0123456789abcdef", "Bearer second-key-of-them"]) func aConfiguredKeyPasses(
        authorization: String
    ) async throws {
        let reply = try await Harness(apiKeys: [key, "second-key-of-them"]).post(
            "/pre-annotation", event, headers: ["Authorization": authorization])
        #expect(reply.status == 200)
    }

    @Test(arguments: [
        nil, "Bearer 0123456789abcdeg", "Bearer 0123456789abcde", "Bearer 0123456789abcdefg", "Bearer ", "0123456789abcdef",
        "Basic 0123456789abcdef", "Bearer",
    ])
    func anyOtherIsUnauthorized(authorization: String?) async throws {
        let harness = try Harness(apiKeys: [key])
        let headers = authorization.map { ["Authorization": $0] } ?? [:]
        for path in ["/pre-annotation", "/nowhere"] {
            let reply = try await harness.post(path, event, headers: headers)
            #expect(reply.status == 401)
            #expect(reply.json?["code"]?.string == "unauthorized")
            #expect(!reply.text.contains(key))
        }
    }

    // MARK: Health

    @Test func healthNeedsNoKey() async throws {
        let harness = try Harness(apiKeys: [key])
        let live = try await harness.send(.get, "/health/live")
        let ready = try await harness.send(.get, "/health/ready")
        #expect([live.status, ready.status] == [200, 200])
        #expect([live.text, ready.text] == ["{\"status\":\"live\"}\n", "{\"status\":\"ready\"}\n"])
    }

    @Test func aServiceThatLacksItsFolderIsAliveAndNotReady() async throws {
        let harness = try Harness(isReady: { false })
        #expect(try await harness.send(.get, "/health/live").status == 200)
        let ready = try await harness.send(.get, "/health/ready")
        #expect(ready.status == 503)
        #expect(ready.json?["code"]?.string == "not-ready")
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ServiceConfigurationTests {
    @Test(arguments: ["127.0.0.1", "127.9.9.9", "localhost", "::1"]) func loopbackNeedsNoKeys(host: String) throws {
        #expect(try ServiceConfiguration(host: host, port: 0, apiKeys: []).host == host)
    }

    @Test(arguments: [
        "0.0.0.0", "::", "192.168.1.4", "example.org", "127.0.0.1.example.org", "127.1", "128.0.0.1", "127.0.0.256",
        "localhost.example.org", "",
    ])
    func anyOtherHostNeedsKeysAndTheRefusalNamesTheSetting(host: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try ServiceConfiguration(host: host, port: 8080, apiKeys: []) }
        #expect(error?.message.contains("PRELABEL_API_KEYS") == true)
        #expect(try ServiceConfiguration(host: host, port: 8080, apiKeys: ["0123456789abcdef"]).apiKeys.count == 1)
    }

    @Test func aShortKeyIsRefusedByItsNumberNotItsText() {
        let error = #expect(throws: ConfigurationError.self) {
            try ServiceConfiguration(host: "127.0.0.1", port: 1, apiKeys: ["0123456789abcdef", "short-secret"])
        }
        #expect(error?.message.contains("key 2") == true)
        #expect(error?.message.contains("short-secret") == false)
    }

    @Test(arguments: [-1, 65536]) func refusesPortsThatAreNone(port: Int) {
        let error = #expect(throws: ConfigurationError.self) {
            try ServiceConfiguration(host: "127.0.0.1", port: port, apiKeys: [])
        }
        #expect(error?.message.contains("\(port)") == true)
    }
}
