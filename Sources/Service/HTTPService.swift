package import Functions
package import Hummingbird
package import Logging
import NIOCore

/// Prelabel over HTTP.
package struct HTTPService: Sendable {
    private let configuration: ServiceConfiguration
    private let functions: FunctionRoutes
    private let health: HealthRoutes

    /// - Parameter isReady: Whether what the service needs can be reached.
    package init(
        configuration: ServiceConfiguration, preAnnotation: PreAnnotation, postAnnotation: PostAnnotation,
        isReady: @escaping @Sendable () async -> Bool
    ) {
        self.configuration = configuration
        functions = FunctionRoutes(preAnnotation: preAnnotation, postAnnotation: postAnnotation)
        health = HealthRoutes(isReady: isReady)
    }

    package func router() -> Router<ServiceContext> {
        let router = Router(context: ServiceContext.self)
        router.add(middleware: RequestIDs())
        router.add(middleware: ProblemResponses())
        router.add(middleware: KeyCheck(keys: configuration.apiKeys))
        functions.add(to: router)
        health.add(to: router)
        return router
    }

    /// Serves until SIGTERM or SIGINT, then lets requests in work end.
    ///
    /// - Parameter listening: Called once with the URL under which the service can be reached.
    package func run(logger: Logger, listening: @escaping @Sendable (String) async -> Void) async throws {
        let host = configuration.host
        let application = Application(
            router: router(),
            configuration: ApplicationConfiguration(address: .hostname(host, port: configuration.port), serverName: "prelabel"),
            onServerRunning: { channel in
                let name = host.contains(":") ? "[\(host)]" : host
                await listening("http://\(name):\(channel.localAddress?.port ?? 0)")
            },
            logger: logger)
        try await application.runService()
    }
}
