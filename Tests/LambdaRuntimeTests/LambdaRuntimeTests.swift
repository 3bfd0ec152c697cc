import Synchronization
import Testing
import Transport

@testable import LambdaRuntime

@Suite(.timeLimit(.minutes(1)))
struct LambdaRuntimeTests {
    private func run(
        _ calls: [RuntimeServer.Call], now: Int64 = 0, responseStatus: Int = 202,
        handler: @escaping @Sendable (Invocation) async -> InvocationResult
    ) async -> RuntimeServer {
        let server = RuntimeServer(calls, responseStatus: responseStatus)
        let runtime = LambdaRuntime(authority: "127.0.0.1:9001", transport: server, now: { now })
        do { try await runtime.run(handler) } catch { server.note("ended: \(error)") }
        return server
    }

    @Test func answersCallsInTurn() async {
        let calls = [RuntimeServer.Call(id: "a", event: "1"), .init(id: "b", event: "2")]
        let server = await run(calls) { invocation in
            #expect(invocation.functionARN == "arn:x" && invocation.traceID == "Root=1")
            return .response(invocation.event + Array("!".utf8))
        }
        #expect(
            server.notes.prefix(2) == [
                "POST /2018-06-01/runtime/invocation/a/response 1!", "POST /2018-06-01/runtime/invocation/b/response 2!",
            ])
    }

    @Test func aFailureGoesToTheErrorPathWithItsType() async {
        let server = await run([.init(id: "a", event: "1")]) { _ in
            .failure(InvocationFailure(type: "Function.BadEvent", document: Array("{}".utf8)))
        }
        #expect(server.notes.first == "POST /2018-06-01/runtime/invocation/a/error {} Function.BadEvent")
    }

    @Test func aCallBeyondItsDeadlineIsGivenUp() async {
        let server = await run([.init(id: "a", event: "1", deadline: 1300)], now: 1000) { _ in
            try? await Task.sleep(for: .seconds(30))
            return .response([])
        }
        #expect(server.notes.first?.hasPrefix("POST /2018-06-01/runtime/invocation/a/error") == true)
        #expect(server.notes.first?.hasSuffix("Function.TimedOut") == true)
    }

    @Test func aResponseThatIsTooLargeIsSaidToBe() async {
        let server = await run([.init(id: "a", event: "1")], responseStatus: 413) { _ in .response([0x31]) }
        #expect(server.notes.count == 3)
        #expect(server.notes[1].hasSuffix("Function.ResponseSizeTooLarge"))
    }

    @Test(arguments: [400, 403]) func aCallThatIsOverDoesNotEndTheLoop(status: Int) async {
        let server = await run([.init(id: "a", event: "1"), .init(id: "b", event: "2")], responseStatus: status) { _ in
            .response([])
        }
        #expect(server.notes.count { $0.contains("/response") } == 2)
    }

    @Test func theLoopEndsWhenTheServerSaysSo() async {
        let server = await run([.init(id: "a", event: "1"), .init(id: "b", event: "2")], responseStatus: 500) { _ in .response([]) }
        #expect(server.notes.last == "ended: the Runtime API answered 500: the process is to end")
        #expect(server.notes.count == 2)
    }

    @Test func aFailedStartIsTold() async throws {
        let server = RuntimeServer([], responseStatus: 202)
        try await LambdaRuntime(authority: "127.0.0.1:9001", transport: server)
            .failInitialization(InvocationFailure(type: "Runtime.NoHandler", document: Array("{}".utf8)))
        #expect(server.notes == ["POST /2018-06-01/runtime/init/error {} Runtime.NoHandler"])
    }
}

/// A Runtime API without sockets: hands out its calls, then ends.
private final class RuntimeServer: HTTPTransport {
    struct Call {
        let id: String
        let event: String
        var deadline: Int64?
    }

    private let calls: Mutex<[Call]>
    private let written = Mutex<[String]>([])
    private let responseStatus: Int

    init(_ calls: [Call], responseStatus: Int) {
        self.calls = Mutex(calls)
        self.responseStatus = responseStatus
    }

    var notes: [String] { written.withLock { $0 } }
    func note(_ text: String) { written.withLock { $0.append(text) } }

    func send(_ request: OutgoingRequest) async throws(TransportError) -> IncomingResponse {
        guard request.method == "POST" else { return next() }
        guard case .bytes(let body) = request.body else { throw TransportError(.badRequest, "no body") }
        let type = request.headers["Lambda-Runtime-Function-Error-Type"].map { " \($0)" } ?? ""
        note("POST \(request.url.path) \(String(decoding: body, as: UTF8.self))\(type)")
        let status = request.url.path.hasSuffix("/response") ? responseStatus : 202
        return IncomingResponse(status: status, headers: [:], body: Pieces([]))
    }

    private func next() -> IncomingResponse {
        let call = calls.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let call else { return IncomingResponse(status: 410, headers: [:], body: Pieces([])) }
        var headers: HTTPHeaders = [
            "Lambda-Runtime-Aws-Request-Id": call.id, "Lambda-Runtime-Invoked-Function-Arn": "arn:x",
            "Lambda-Runtime-Trace-Id": "Root=1",
        ]
        headers["Lambda-Runtime-Deadline-Ms"] = call.deadline.map { "\($0)" }
        return IncomingResponse(status: 200, headers: headers, body: Pieces([Array(call.event.utf8)]))
    }
}

private final class Pieces: ResponseBody {
    private let rest: Mutex<[[UInt8]]>
    init(_ pieces: [[UInt8]]) { rest = Mutex(pieces) }
    func next() async throws(TransportError) -> [UInt8]? { rest.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}
