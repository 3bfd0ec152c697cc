package import Functions
package import Hummingbird
package import Logging
import NIOCore
package import Pipeline
import Synchronization

/// Prelabel over HTTP.
package struct HTTPService: Sendable {
    private let configuration: ServiceConfiguration
    private let functions: FunctionRoutes
    private let health: HealthRoutes
    private let aws: AWSRoutes
    private let lambda: LambdaRoutes
    private let textDetectionJobs: TextDetectionJobs

    /// - Parameter isReady: Whether what the service needs can be reached.
    package init(
        configuration: ServiceConfiguration, preAnnotation: PreAnnotation, postAnnotation: PostAnnotation,
        textDetection: TextDetection, isReady: @escaping @Sendable () async -> Bool
    ) {
        self.configuration = configuration
        textDetectionJobs = TextDetectionJobs(detection: textDetection)
        aws = AWSRoutes(operations: TextractOperations(detection: textDetection, jobs: textDetectionJobs).all)
        lambda = LambdaRoutes(handlers: [FunctionHandler(preAnnotation), FunctionHandler(postAnnotation)])
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
        aws.add(to: router)
        lambda.add(to: router)
        return router
    }

    /// Serves until SIGTERM or SIGINT, then lets requests in work end.
    ///
    /// - Parameter listening: Called once with the URL under which the service can be reached.
    package func run(logger: Logger, listening: @escaping @Sendable (String) async -> Void) async throws {
        let (host, port) = (configuration.host, configuration.port)
        let isListening = Atomic(false)
        let application = Application(
            router: router(),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "prelabel"),
            onServerRunning: { channel in
                isListening.store(true, ordering: .releasing)
                let name = host.contains(":") ? "[\(host)]" : host
                await listening("http://\(name):\(channel.localAddress?.port ?? 0)")
            },
            logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await textDetectionJobs.run() }
            do {
                try await application.runService()
            } catch  where !isListening.load(ordering: .acquiring) {
                throw ListenError(
                    message: "\(host):\(port) cannot be listened on (is the port in use? --port 0 takes a free one): \(error)")
            }
            group.cancelAll()
        }
    }
}

/// The service cannot listen where it should.
package struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
    let message: String
    package var description: String { message }
}
