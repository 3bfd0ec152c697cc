import Functions
import GroundTruth
import Logging
import PageReading
import Storage
import SystemPackage
import Testing

@testable import Pipeline

@Suite(.timeLimit(.minutes(1)))
struct OCRFunctionTests {
    private let folder: TestStore
    private let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws { folder = try TestStore() }

    /// Calls the function with readers that answer nothing, so that every page fails.
    private func call(_ event: String, root: String? = nil) async throws -> JSONValue {
        let settings = BatchReading.Settings(
            output: try ObjectURI(received: "s3://texts/out"), manifest: try ObjectURI(received: "s3://texts/out/input.manifest"),
            reading: ReadingSettings(region: .abstract, language: "eng", engine: "test 1"))
        let pool = ReaderPool.Settings(executable: "/bin/false", arguments: [], workers: 1)
        let (store, silent) = (folder.store, silent)
        let rootURI = try root.map { try ObjectURI(received: $0) }
        let response = try await ReaderPool.withReaders(pool) { pool in
            try await OCRFunction(store: store, pool: pool, settings: settings, root: rootURI).handler
                .respond(to: Array(event.utf8), logger: silent)
        }
        return try JSONScanner.parse(response)
    }

    private func notification(_ key: String, event: String = "ObjectCreated:Put") -> String {
        #"{"Records":[{"eventName":"\#(event)","s3":{"bucket":{"name":"scans"},"object":{"key":"\#(key)"}}}]}"#
    }

    @Test func aLineKeepsItsKeysAndGetsOurs() async throws {
        try await folder.put("x", to: "s3://scans/a/p1.jpg")
        let line = try await call(#"{"source-ref":"s3://scans/a/p1.jpg","mine":1.0}"#)
        #expect(line["mine"]?.raw.elementsEqual("1.0".utf8) == true)
        let facts = try #require(line["text-file-s3-uri-metadata"])
        #expect(facts["status"]?.string == "failed")
        #expect(facts["page-record"]?.string == "s3://texts/out/a/p1.jpg.page.json")
        #expect(try await folder.names("s3://texts/out") == ["a/p1.jpg.page.json"])
    }

    @Test func namesFollowARoot() async throws {
        try await folder.put("x", to: "s3://scans/2024/p1.jpg")
        let line = try await call(#"{"source-ref":"s3://scans/2024/p1.jpg"}"#, root: "s3://scans/2024")
        #expect(line["text-file-s3-uri-metadata"]?["page-record"]?.string == "s3://texts/out/p1.jpg.page.json")
        await #expect(throws: FunctionError.self) {
            _ = try await call(#"{"source-ref":"s3://other/p1.jpg"}"#, root: "s3://scans/2024")
        }
    }

    @Test func anObjectOfANotificationIsReadByItsDecodedKey() async throws {
        try await folder.put("x", to: "s3://scans/a b+\u{E9}.jpg")
        let answer = try await call(notification("a+b%2B%C3%A9.jpg"))
        #expect(answer["lines"]?.array?.map { $0["source-ref"]?.string } == ["s3://scans/a b+\u{E9}.jpg"])
    }

    @Test(arguments: ["notes.txt", "p1.jpg.page.json", "folder/"]) func whatIsNoPageIsPassedOver(key: String) async throws {
        #expect(try await call(notification(key))["lines"]?.array?.isEmpty == true)
    }

    @Test func removedObjectsAndTestMessagesNameNoPage() async throws {
        #expect(try await call(notification("p1.jpg", event: "ObjectRemoved:Delete"))["lines"]?.array?.isEmpty == true)
        #expect(try await call(#"{"Service":"Amazon S3","Event":"s3:TestEvent"}"#)["lines"]?.array?.isEmpty == true)
    }

    @Test func whatTheFunctionWroteDoesNotCallItAgain() async throws {
        let event = notification("out/p1.pdf.p0001.png").replacing("scans", with: "texts")
        #expect(try await call(event)["lines"]?.array?.isEmpty == true)
    }

    @Test func onlyTheMessagesThatFailedComeBack() async throws {
        try await folder.put("x", to: "s3://scans/p1.jpg")
        func message(_ id: String, _ body: String) -> String {
            #"{"messageId":"\#(id)","body":\#(String(decoding: JSONOutput.string(body).bytes, as: UTF8.self))}"#
        }
        let messages = [
            message("good", notification("p1.jpg")), message("missing", notification("p2.jpg")), message("broken", "nonsense"),
            message("test", #"{"Event":"s3:TestEvent"}"#),
        ]
        let answer = try await call(#"{"Records":[\#(messages.joined(separator: ","))]}"#)
        #expect(answer["batchItemFailures"]?.array?.map { $0["itemIdentifier"]?.string } == ["missing", "broken"])
    }

    @Test func aStoreThatFailsIsAnErrorSoThatTheCallIsTriedAgain() async throws {
        let error = await #expect(throws: FunctionError.self) { _ = try await call(notification("missing.jpg")) }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("s3://scans/missing.jpg") == true)
    }

    @Test(arguments: [
        "{}", "[]", "nonsense", #"{"Records":[{}]}"#, #"{"source-ref":5}"#, #"{"source-ref":"/etc/passwd"}"#,
        #"{"Records":[{"s3":{"bucket":{"name":"b"},"object":{"key":"%G1.jpg"}}}]}"#,
    ])
    func anyOtherEventIsNamed(event: String) async throws {
        let error = await #expect(throws: FunctionError.self) { _ = try await call(event) }
        #expect(error?.code == .badEvent)
    }
}
