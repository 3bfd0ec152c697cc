import Functions
import Foundation
import GroundTruth
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// Lambda's `Invoke`: a boto3 `lambda` client, or a job runner that calls functions by ARN, works against it (contracts section 19).
struct LambdaRoutes {
    /// What a caller's log may show of itself: the last four kilobytes.
    private static let maximumLogBytes = 4 << 10

    let handlers: [FunctionHandler]

    func add(to router: Router<ServiceContext>) {
        router.post("/2015-03-31/functions/:name/invocations") { request, context in
            do {
                return try await invoke(request, context)
            } catch let error as InvokeError {
                return error.response
            }
        }
    }

    private func invoke(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let encoded = context.parameters.get("name") ?? ""
        let name = encoded.removingPercentEncoding ?? encoded
        guard let handler = handlers.first(where: { $0.isNamed(name) }) else {
            let known = handlers.map(\.name).joined(separator: ", ")
            throw InvokeError(.notFound, "ResourceNotFoundException", "Function not found: \(name); these are served: \(known)")
        }
        let type = request.headers[.invocationType] ?? "RequestResponse"
        guard ["RequestResponse", "Event", "DryRun"].contains(type) else {
            throw InvokeError(.badRequest, "InvalidParameterValueException", "X-Amz-Invocation-Type is `\(type)`")
        }
        let event = try await event(request)
        guard type != "DryRun" else { return Response(status: .noContent) }
        let tail = LogTail(maximumBytes: Self.maximumLogBytes)
        var logger = context.log
        if request.headers[.logType] == "Tail" {
            logger.handler = MultiplexLogHandler([logger.handler, LogTail.Handler(tail: tail)])
        }
        var headers: HTTPFields = [.contentType: "application/json", .executedVersion: "$LATEST"]
        let body: [UInt8]
        do throws(FunctionError) {
            body = try await handler.respond(to: event, logger: logger)
        } catch {
            logger.error("function failed", metadata: ["type": "\(error.lambdaType)", "reason": "\(error.message)"])
            headers[.functionError] = "Unhandled"
            body = error.lambdaDocument
        }
        guard type != "Event" else { return Response(status: .accepted) }
        if request.headers[.logType] == "Tail" { headers[.logResult] = Data(tail.bytes).base64EncodedString() }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    private func event(_ request: Request) async throws -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = Array(try await request.body.collect(upTo: FunctionHandler.maximumPayloadBytes).readableBytesView)
        } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
            throw InvokeError(
                .contentTooLarge, "RequestTooLargeException",
                "Request must be smaller than \(FunctionHandler.maximumPayloadBytes) bytes for the InvokeFunction operation")
        }
        guard !bytes.isEmpty else { return Array("{}".utf8) }
        // An event that is no JSON never reaches a function.
        do { _ = try JSONScanner.parse(bytes) } catch {
            throw InvokeError(
                .badRequest, "InvalidRequestContentException", "Could not parse request body into json: \(error)")
        }
        return bytes
    }
}

/// A call that reaches no function, as Lambda answers it.
private struct InvokeError: Error {
    let status: HTTPResponse.Status
    let code: String
    let message: String

    init(_ status: HTTPResponse.Status, _ code: String, _ message: String) {
        (self.status, self.code, self.message) = (status, code, message)
    }

    var response: Response {
        let body: JSONOutput = ["Message": .string(message), "Type": "User"]
        return Response(
            status: status, headers: [.contentType: "application/json", .errorType: code],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes)))
    }
}

/// The end of what a function logged.
private final class LogTail: Sendable {
    private let maximumBytes: Int
    private let storage = Mutex<[UInt8]>([])

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    var bytes: [UInt8] { storage.withLock { $0 } }

    func append(_ line: String) {
        storage.withLock { $0 = ($0 + Array((line + "\n").utf8)).suffix(maximumBytes) }
    }

    struct Handler: LogHandler {
        let tail: LogTail
        var logLevel: Logger.Level = .info
        var metadata: Logger.Metadata = [:]

        init(tail: LogTail) { self.tail = tail }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let details = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
            tail.append("\(event.level) \(event.message)\(details.joined())")
        }
    }
}

extension HTTPField.Name {
    fileprivate static let invocationType = named("X-Amz-Invocation-Type")
    fileprivate static let logType = named("X-Amz-Log-Type")
    fileprivate static let logResult = named("X-Amz-Log-Result")
    fileprivate static let executedVersion = named("X-Amz-Executed-Version")
    fileprivate static let functionError = named("X-Amz-Function-Error")
    fileprivate static let errorType = named("x-amzn-ErrorType")
}
