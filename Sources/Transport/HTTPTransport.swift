/// Sends requests; see ``CurlTransport``.
///
/// Redirects are responses like others, and so are error statuses. Bodies are handed over as they come, undecoded.
package protocol HTTPTransport: Sendable {
    /// - Returns: The response, as soon as its head is there.
    /// - Throws: ``TransportError``; `.cancelled` when the task is.
    func send(_ request: OutgoingRequest) async throws(TransportError) -> IncomingResponse
}

/// A response whose body is still to be read.
package struct IncomingResponse: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    package let body: any ResponseBody

    package init(status: Int, headers: HTTPHeaders, body: any ResponseBody) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }
}

/// The bytes of a response in pieces. Reading drives the transfer: what nobody reads is not fetched, beyond a small buffer. A body that
/// is dropped before its end ends the exchange.
package protocol ResponseBody: AnyObject, Sendable {
    /// - Returns: The next piece, never empty; `nil` at the end.
    /// - Throws: ``TransportError`` when the body is cut short.
    func next() async throws(TransportError) -> [UInt8]?
}

extension ResponseBody {
    /// All bytes.
    ///
    /// - Throws: ``TransportError`` `.tooLarge` when there are more than allowed, or another.
    package func collect(atMost maximumBytes: Int) async throws(TransportError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await next() {
            guard bytes.count + piece.count <= maximumBytes else {
                throw TransportError(.tooLarge, "the response has more than \(maximumBytes) bytes")
            }
            bytes += piece
        }
        return bytes
    }
}
