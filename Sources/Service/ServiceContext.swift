package import Hummingbird
import Logging

/// What travels with a request: its id stands in every log line and in the response.
package struct ServiceContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    private(set) var requestID = ""
    /// Notes the request's id with every line.
    private(set) var log: Logger
    /// The address at the connection's other end; `nil` without a connection.
    let peerAddress: String?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        log = source.logger
        peerAddress = source.channel.remoteAddress?.ipAddress
    }

    mutating func adopt(requestID: String) {
        self.requestID = requestID
        log[metadataKey: "request.id"] = "\(requestID)"
    }
}
