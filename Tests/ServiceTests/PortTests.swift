import GroundTruth
import Logging
import NIOCore
import NIOPosix
import Service
import Testing

/// Once over a real port.
@Suite(.timeLimit(.minutes(1)))
struct PortTests {
    @Test func servesOverARealPortAndStopsWhenAsked() async throws {
        let harness = try Harness()
        let (urls, continuation) = AsyncStream.makeStream(of: String.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await harness.service.run(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) {
                    continuation.yield($0)
                }
            }
            var url: String?
            for await found in urls {
                url = found
                break
            }
            let port = try #require(url?.split(separator: ":").last.flatMap { Int($0) })
            #expect(url == "http://127.0.0.1:\(port)")
            #expect(port > 0)
            let body = #"{"dataObject":{"source":"Aim"}}"#
            let reply = try await exchange(
                "POST /pre-annotation HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: over-the-wire\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)",
                port: port)
            let parts = reply.split(separator: "\r\n\r\n", maxSplits: 1)
            #expect(reply.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(parts.first?.lowercased().contains("x-request-id: over-the-wire") == true)
            #expect(try JSONScanner.parse(try #require(parts.last).utf8)["taskInput"]?["text"]?.string == "Aim")
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
    }

    /// Sends bytes and reads until the other side closes.
    private func exchange(_ request: String, port: Int) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port)
        { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: request))
            var reply = ByteBuffer()
            for try await piece in inbound { reply.writeImmutableBuffer(piece) }
            return String(buffer: reply)
        }
    }
}
