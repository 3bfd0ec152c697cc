import Glibc
import Synchronization
import Testing
import Transport

@Suite(.timeLimit(.minutes(1)))
struct CurlTransportTests {
    private let transport = CurlTransport(settings: TransportSettings(environment: [:]))

    private func request(
        _ server: ScriptedServer, _ method: String = "GET", path: String = "/", body: OutgoingRequest.Body = .none,
        deadline: Duration? = .seconds(120)
    ) -> OutgoingRequest {
        let url = HTTPURL(scheme: .http, authority: "127.0.0.1:\(server.port)", path: path, query: "key=secret")
        return OutgoingRequest(method, url, headers: ["X-Test": "a, b", "X-Empty": ""], body: body, deadline: deadline)
    }

    private func error(_ body: () async throws -> Void) async -> TransportError? {
        await #expect(throws: TransportError.self) { try await body() }
    }

    // MARK: Requests

    @Test(arguments: ["/", "/a//b/../c/./d", "/a%20b+c%2Bd%25/%C3%A9", "/x/"])
    func thePathIsSentAsItIs(path: String) async throws {
        let server = ScriptedServer { connection in
            let head = connection.readRequest()?.head ?? ""
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(head.utf8.count)\r\n\r\n\(head)")
        }
        let response = try await transport.send(request(server, path: path))
        let head = String(decoding: try await response.body.collect(atMost: 10_000), as: UTF8.self)
        #expect(head.hasPrefix("GET \(path)?key=secret HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
        #expect(head.contains("\r\nX-Test: a, b\r\n") && head.contains("\r\nX-Empty:\r\n"))
        #expect(!head.contains("Accept") && !head.contains("Expect") && !head.contains("Content-"))
    }

    @Test(arguments: ["PUT", "POST", "DELETE"]) func bodiesArriveWhole(method: String) async throws {
        let server = ScriptedServer { connection in
            while let (head, body) = connection.readRequest() {
                let isRight = head.hasPrefix(method) && !head.contains("Transfer-Encoding")
                let sum = body.reduce(0) { ($0 &* 31 &+ Int($1)) % 1_000_003 }
                let answer = "\(isRight) \(body.count) \(sum)"
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(answer.utf8.count)\r\n\r\n\(answer)")
            }
        }
        for count in [0, 1, 3_000_000] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 3) }
            let sum = bytes.reduce(0) { ($0 &* 31 &+ Int($1)) % 1_000_003 }
            let source = OutgoingRequest.Body.source(length: count) { offset, limit in
                Array(bytes[offset...].prefix(min(limit, 10_007)))
            }
            for body in [OutgoingRequest.Body.bytes(bytes), source] {
                let response = try await transport.send(request(server, method, body: body))
                #expect(try await response.body.collect(atMost: 100) == Array("true \(count) \(sum)".utf8))
            }
        }
        #expect(server.connections.count == 1, "one connection serves them all")
    }

    @Test func aBodyThatCannotBeReadIsNamed() async throws {
        struct Unreadable: Error {}
        let server = ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let failing = OutgoingRequest.Body.source(length: 10) { _, _ in throw Unreadable() }
        let short = OutgoingRequest.Body.source(length: 10) { offset, _ in offset == 0 ? [1, 2] : [] }
        for body in [failing, short] {
            let error = await error { _ = try await transport.send(request(server, "PUT", body: body)) }
            #expect(error?.code == .unreadableBody)
            #expect(error?.message.hasPrefix("PUT http://127.0.0.1:\(server.port)/: the body cannot be read") == true)
        }
    }

    @Test(arguments: ["a\r\nX-Other: b", "a\nb", "a\u{0}b"]) func aHeaderThatWouldBecomeTwoIsRefused(value: String) async {
        var request = OutgoingRequest("GET", HTTPURL(scheme: .http, authority: "127.0.0.1:1"))
        request.headers["X-Test"] = value
        let error = await error { _ = try await transport.send(request) }
        #expect(error?.code == .badRequest)
    }

    // MARK: Responses

    @Test func anInterimResponseIsNotTheResponse() async throws {
        let server = ScriptedServer(
            answering:
                "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 404 Not Found\r\nETag:  \"a b\" \r\nx-two: 1\r\nX-Two: 2\r\nContent-Length: 2\r\n\r\nno"
        )
        let response = try await transport.send(request(server))
        #expect(response.status == 404)
        #expect(response.headers["etag"] == "\"a b\"")
        #expect(response.headers["X-TWO"] == "1, 2")
        #expect(response.headers["X-Early"] == nil)
        #expect(try await response.body.collect(atMost: 10) == Array("no".utf8))
        #expect(try await response.body.next() == nil)
    }

    @Test func theResponseToHEADHasNoBody() async throws {
        let server = ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in 0..<2 {
            let response = try await transport.send(request(server, "HEAD"))
            #expect(response.headers["Content-Length"] == "1000")
            #expect(try await response.body.next() == nil)
        }
        #expect(server.connections.count == 1)
    }

    @Test func aRedirectIsAResponse() async throws {
        let server = ScriptedServer(answering: "HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        #expect(try await transport.send(request(server)).status == 307)
    }

    @Test func whatNobodyReadsIsNotFetched() async throws {
        let total = 64 << 20
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let piece = [UInt8](repeating: 7, count: 1 << 16)
            for _ in 0..<total / piece.count { guard connection.write(piece) else { return } }
        }
        let response = try await transport.send(request(server))
        try await Task.sleep(for: .milliseconds(500))
        let connection = try #require(server.connections.first)
        #expect(connection.bytesWritten < total / 4, "the rest waits on the server's side")
        var count = 0
        var largest = 0
        while let piece = try await response.body.next() {
            count += piece.count
            largest = max(largest, piece.count)
        }
        #expect(count == total)
        #expect(largest <= 1 << 19)
    }

    @Test func moreBytesThanAllowedAreRefused() async throws {
        let server = ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345")
        #expect(try await transport.send(request(server)).body.collect(atMost: 5).count == 5)
        let error = await error { _ = try await transport.send(request(server)).body.collect(atMost: 4) }
        #expect(error?.code == .tooLarge)
    }

    @Test func aBodyThatIsDroppedEndsItsConnection() async throws {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx")
            while connection.read(atMost: 1) != nil {}
            end.finish()
        }
        #expect(try await transport.send(request(server)).status == 200)
        for await _ in ends {}
    }

    // MARK: What goes wrong

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123",
    ])
    func aBodyCutShortIsNoticed(response: String) async throws {
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write(response)
        }
        let error = await error { _ = try await transport.send(request(server)).body.collect(atMost: 100) }
        #expect(error?.code == .connectionLost)
        #expect(error?.message.contains("secret") == false, "the query may hold a signature")
    }

    @Test(arguments: ["", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Le"]) func aServerThatHangsUpIsNoticed(beginning: String)
        async
    {
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write(beginning)
        }
        let error = await error { _ = try await transport.send(request(server)).body.collect(atMost: 100) }
        #expect(error?.code == .connectionLost, "\(String(describing: error))")
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"]) func aHangingServerEndsAtTheDeadline(
        beginning: String
    ) async {
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write(beginning)
            while connection.read(atMost: 1) != nil {}
        }
        let start = ContinuousClock.now
        let error = await error {
            _ = try await transport.send(request(server, deadline: .milliseconds(300))).body.collect(atMost: 100)
        }
        #expect(error?.code == .timedOut)
        // Other tests may keep the threads busy for a while; that it ends at all is what counts.
        #expect(.milliseconds(300)...(.seconds(30)) ~= ContinuousClock.now - start)
    }

    @Test func aStandstillEndsTheExchangeAndASlowReaderDoesNot() async throws {
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8000001\r\n\r\n")
            connection.write([UInt8](repeating: 1, count: 8_000_000))
            while connection.read(atMost: 1) != nil {}
        }
        var request = request(server, deadline: nil)
        request.stallTimeout = .seconds(2)
        let response = try await transport.send(request)
        try await Task.sleep(for: .seconds(3))
        var count = 0
        let error = await error { while let piece = try await response.body.next() { count += piece.count } }
        #expect(error?.code == .timedOut)
        #expect(count == 8_000_000)
    }

    @Test func aPortThatNobodyListensOnIsUnreachable() async {
        let error = await error {
            _ = try await transport.send(OutgoingRequest("GET", HTTPURL(scheme: .http, authority: "127.0.0.1:1")))
        }
        #expect(error?.code == .unreachable)
    }

    // MARK: Cancellation

    @Test func aTaskCancelledBeforeItStartsSendsNothing() async throws {
        let server = ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let request = request(server)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await error { _ = try await transport.send(request) }
        }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        #expect(server.connections.isEmpty)
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"]) func aCancelledTaskEndsItsExchange(
        beginning: String
    ) async {
        let (events, event) = AsyncStream<String>.makeStream()
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write(beginning)
            event.yield("begun")
            while connection.read(atMost: 1) != nil {}
            event.yield("closed")
        }
        let request = request(server, deadline: nil)
        let task = Task { await error { _ = try await transport.send(request).body.collect(atMost: 100) } }
        var received = events.makeAsyncIterator()
        #expect(await received.next() == "begun")
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        #expect(await received.next() == "closed")
    }

    @Test func manyExchangesAtATimeDoNotMix() async throws {
        let server = ScriptedServer { connection in
            while let (head, _) = connection.readRequest() {
                let path = head.split(separator: " ")[1]
                usleep(2_000)
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(path.utf8.count)\r\n\r\n\(path)")
            }
        }
        let transport = transport
        let requests = (0..<100).map { request(server, path: "/\($0)") }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for request in requests {
                group.addTask {
                    let body = try await transport.send(request).body.collect(atMost: 1000)
                    return String(decoding: body, as: UTF8.self).hasPrefix("\(request.url.path)?")
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
