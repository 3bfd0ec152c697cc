import Consolidation
import FoundationEssentials
import Functions
import GroundTruth
import HTTPTypes
import Hummingbird
import LabelingJobs
import Logging
import NIOCore
import NIOEmbedded
import Service
import Storage
import SystemPackage
import Synchronization
import Testing

@testable import Pipeline

/// The service without sockets: requests go through its router as they would from a connection.
final class Harness: Sendable {
    let folder: FilePath
    let store: FolderStore
    let service: HTTPService
    private let responder: RouterResponder<ServiceContext>
    private let recorder = LogRecorder()

    init(
        apiKeys: [String] = [], port: Int = 0, clock: JobClock = .system, isReady: @escaping @Sendable () async -> Bool = { true },
        pages: (FolderStore) -> PageRoutes? = { _ in nil }, portal: (FolderStore, FilePath) throws -> Portal? = { _, _ in nil }
    ) throws {
        folder = FilePath(FileManager.default.temporaryDirectory.path).appending("prelabel-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        store = try FolderStore(data: folder)
        service = HTTPService(
            configuration: try ServiceConfiguration(host: "127.0.0.1", port: port, apiKeys: apiKeys),
            preAnnotation: PreAnnotation(store: store, settings: .init()),
            postAnnotation: PostAnnotation(store: store, manifest: nil, method: .groundTruth),
            textDetection: TextDetection(store: store, pool: ReaderPool()), pages: pages(store), portal: try portal(store, folder),
            clock: clock, isReady: isReady)
        responder = service.router().buildResponder()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.string) }

    struct Reply {
        let status: Int
        let headers: HTTPFields
        let body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSONValue? { try? JSONScanner.parse(body) }
        var requestID: String? { HTTPField.Name("X-Request-ID").flatMap { headers[$0] } }
    }

    /// - Parameter address: Whom the request comes from, an IP address.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: [UInt8] = [], headers: [String: String] = [:], address: String? = nil
    ) async throws -> Reply {
        var fields = HTTPFields()
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path, headerFields: fields),
            body: RequestBody(buffer: ByteBuffer(bytes: body)))
        let logger = Logger(label: "test") { [recorder] _ in recorder }
        let channel = NIOAsyncTestingChannel()
        channel.remoteAddress = try address.map { try SocketAddress(ipAddress: $0, port: 50_000) }
        let context = ServiceContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        let response = try await responder.respond(to: request, context: context)
        let collected = Collected()
        try await response.body.write(collected)
        return Reply(status: response.status.code, headers: response.headers, body: collected.bytes)
    }

    func post(_ path: String, _ body: String, headers: [String: String] = [:], address: String? = nil) async throws -> Reply {
        try await send(.post, path, Array(body.utf8), headers: headers, address: address)
    }

    /// `level message id` of each line that was logged.
    var logLines: [String] { recorder.lines }
}

private final class Collected: ResponseBodyWriter, Sendable {
    private let storage = Mutex<[UInt8]>([])
    var bytes: [UInt8] { storage.withLock { $0 } }
    func write(_ buffer: ByteBuffer) async throws { storage.withLock { $0 += buffer.readableBytesView } }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// Keeps log lines in memory.
final class LogRecorder: LogHandler {
    private let storage = Mutex<[String]>([])
    var lines: [String] { storage.withLock { $0 } }
    private let fields = Mutex<Logger.Metadata>([:])
    var metadata: Logger.Metadata {
        get { fields.withLock { $0 } }
        set { fields.withLock { $0 = newValue } }
    }
    var logLevel: Logger.Level {
        get { .debug }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { fields.withLock { $0[key] } }
        set { fields.withLock { $0[key] = newValue } }
    }
    func log(event: LogEvent) {
        let id = self[metadataKey: "request.id"].map { "\($0)" } ?? "-"
        let status = event.metadata?["status"].map { " \($0)" } ?? ""
        storage.withLock { $0.append("\(event.level) \(event.message) \(id)\(status)") }
    }
}

extension JobEngine {
    /// An engine with a store of its own and no functions.
    static func forTests(in folder: FilePath, _ objects: any ObjectStore, clock: JobClock = .system) throws -> JobEngine {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return JobEngine(
            store: try JobStore(path: folder.appending("jobs.sqlite").string), objects: objects,
            functions: LocalFunctions(handlers: [], logger: logger), account: Account(region: "us-west-2", id: "111122223333"),
            encryption: .refused, clock: clock, logger: logger)
    }
}
