import Hummingbird
import Logging
import Synchronization

/// Serves until SIGTERM or SIGINT, then lets requests in work end.
///
/// - Parameter listening: Called once with the URL under which the service can be reached.
/// - Throws: ``ListenError``.
func serve(
    _ router: Router<ServiceContext>, host: String, port: Int, logger: Logger,
    listening: @escaping @Sendable (_ url: String) async -> Void
) async throws {
    let isListening = Atomic(false)
    let application = Application(
        router: router, server: .http1(configuration: .init(additionalChannelHandlers: [ContinueHandler()])),
        configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "prelabel"),
        onServerRunning: { channel in
            isListening.store(true, ordering: .releasing)
            let name = host.contains(":") ? "[\(host)]" : host
            await listening("http://\(name):\(channel.localAddress?.port ?? 0)")
        },
        logger: logger)
    do {
        try await application.runService()
    } catch  where !isListening.load(ordering: .acquiring) {
        throw ListenError(
            message: "\(host):\(port) cannot be listened on (is the port in use? --port 0 takes a free one): \(error)")
    }
}

/// The service cannot listen where it should.
package struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
    let message: String
    package var description: String { message }
}
