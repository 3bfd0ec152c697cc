/// HTTP over libcurl: one thread carries all exchanges and keeps connections for later ones.
package final class CurlTransport: HTTPTransport {
    private let loop: CurlLoop

    package init(settings: TransportSettings) {
        loop = CurlLoop(settings: settings)
        loop.start()
    }

    deinit { loop.stop() }

    /// Runs tasks on the transport's own thread. For a task that does little between its exchanges: work that takes long holds up
    /// all others.
    package var executor: any TaskExecutor { loop }

    package func send(_ request: OutgoingRequest) async throws(TransportError) -> IncomingResponse {
        if let field = request.headers.unsendable {
            throw TransportError(.badRequest, "\(request.name): the header `\(field.name)` cannot be sent as it is")
        }
        let body = CurlResponseBody(exchange: Exchange(request: request), loop: loop, transport: self)
        let head = try await body.head()
        return IncomingResponse(status: head.status, headers: head.headers, body: body)
    }
}

/// An exchange as its caller holds it: dropping it ends the exchange.
private final class CurlResponseBody: ResponseBody {
    private let exchange: Exchange
    private let loop: CurlLoop
    /// Keeps the loop running.
    private let transport: CurlTransport

    init(exchange: Exchange, loop: CurlLoop, transport: CurlTransport) {
        (self.exchange, self.loop, self.transport) = (exchange, loop, transport)
    }

    deinit { if !exchange.isEnded { cancel() } }

    func head() async throws(TransportError) -> (status: Int, headers: HTTPHeaders) {
        let (exchange, loop) = (exchange, loop)
        return try await cancelling { () async throws(TransportError) in
            // A task that is cancelled already has ended the exchange by now.
            loop.post(.start(exchange))
            return try await exchange.head()
        }
    }

    func next() async throws(TransportError) -> [UInt8]? {
        let (exchange, loop) = (exchange, loop)
        return try await cancelling { () async throws(TransportError) in
            try await exchange.nextPiece { loop.post(.resume(exchange)) }
        }
    }

    /// Ends the exchange when the task is cancelled, be it before it started: the loop starts no exchange that has ended.
    private func cancelling<Value>(_ body: () async throws(TransportError) -> Value) async throws(TransportError) -> Value {
        let result = await withTaskCancellationHandler {
            do throws(TransportError) {
                return Result<Value, TransportError>.success(try await body())
            } catch {
                return .failure(error)
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    private func cancel() {
        exchange.cancel()
        loop.post(.cancel(exchange))
    }
}
