/// A request as it is sent; `Host` and `Content-Length` are added.
package struct OutgoingRequest: Sendable {
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// A body that is read as it is sent.
        ///
        /// - Parameters:
        ///   - length: All its bytes.
        ///   - read: Returns at least one and at most `count` bytes from an offset on. Runs on the transport's thread, so it must be as
        ///     quick as a local file; the body may be read again from the start.
        case source(length: Int, read: @Sendable (_ offset: Int, _ count: Int) throws -> [UInt8])
    }

    package var method: String
    package var url: HTTPURL
    package var headers: HTTPHeaders
    package var body: Body
    /// Time from the start to the response's last byte; `nil` waits for ever. It runs on while a slow caller reads the body.
    package var deadline: Duration?
    /// The longest time in which no byte moves; it stands still while a slow caller reads the body.
    package var stallTimeout: Duration?
    /// Link-local endpoints are not behind the proxy that the environment names.
    package var usesProxy = true

    package init(
        _ method: String, _ url: HTTPURL, headers: HTTPHeaders = HTTPHeaders(), body: Body = .none, deadline: Duration? = nil,
        stallTimeout: Duration? = nil
    ) {
        (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
        (self.deadline, self.stallTimeout) = (deadline, stallTimeout)
    }

    /// The request for errors: method and URL without the query.
    package var name: String { "\(method) \(url.redacted)" }
}
