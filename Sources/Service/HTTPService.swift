package import Functions
package import Hummingbird
package import LabelingJobs
package import Logging
package import Pipeline

/// Prelabel over HTTP.
package struct HTTPService: Sendable {
    private let configuration: ServiceConfiguration
    private let functions: FunctionRoutes
    private let health: HealthRoutes
    private let aws: AWSRoutes
    private let lambda: LambdaRoutes
    private let textDetectionJobs: TextDetectionJobs
    private let pages: PageRoutes?
    private let engine: JobEngine?
    private let local: LocalAWS?
    private let notices: NoticeSender?
    private let portal: Portal?
    private let signInLimit: SignInLimit

    /// - Parameters:
    ///   - pages: What pages load; `nil` where their files are not installed.
    ///   - engine: Moves labeling jobs on; `nil` without a store for them.
    ///   - portal: The workers' and the owner's pages; `nil` without a store for jobs.
    ///   - local: Answers for S3, SNS, SQS and STS; `nil` where those of AWS are used.
    ///   - notices: Tells topics and webhooks of finished objects.
    ///   - clock: Tells how long somebody who failed to sign in too often has to wait.
    ///   - logger: For what no request asks for.
    ///   - isReady: Whether what the service needs can be reached.
    package init(
        configuration: ServiceConfiguration, preAnnotation: PreAnnotation, postAnnotation: PostAnnotation,
        textDetection: TextDetection, pages: PageRoutes? = nil, engine: JobEngine? = nil, portal: Portal? = nil,
        local: LocalAWS? = nil, notices: NoticeSender? = nil, clock: JobClock = .system,
        logger: Logger = Logger(label: "prelabel"), isReady: @escaping @Sendable () async -> Bool
    ) {
        (self.pages, self.engine, self.portal) = (pages, engine, portal)
        (self.local, self.notices) = (local, notices)
        signInLimit = SignInLimit(clock: clock)
        self.configuration = configuration
        if let messages = engine?.messages {
            let notices = TextractNotices(messages: messages, logger: logger)
            textDetectionJobs = TextDetectionJobs(detection: textDetection) { await notices.publish($0, $1, $2) }
        } else {
            textDetectionJobs = TextDetectionJobs(detection: textDetection)
        }
        let textract = TextractOperations(
            detection: textDetection, jobs: textDetectionJobs, hasTopics: engine?.messages != nil)
        var operations = textract.all
        if let engine {
            let operationsOnJobs = SageMakerOperations(engine: engine, links: pages?.links, portal: configuration.portalAddress)
            operations.merge(operationsOnJobs.all) { $1 }
        }
        aws = AWSRoutes(operations: operations, publicURL: configuration.publicURL)
        lambda = LambdaRoutes(handlers: [FunctionHandler(preAnnotation), FunctionHandler(postAnnotation)])
        functions = FunctionRoutes(preAnnotation: preAnnotation, postAnnotation: postAnnotation)
        health = HealthRoutes(isReady: isReady)
    }

    package func router() -> Router<ServiceContext> {
        let router = Router(context: ServiceContext.self)
        router.add(middleware: RequestIDs())
        router.add(middleware: ProblemResponses())
        router.add(middleware: SignInAttempts(limit: signInLimit))
        router.add(middleware: KeyCheck(configuration))
        if !configuration.hasKeys { router.add(middleware: LocalNames()) }
        if let local { router.add(middleware: LocalAWSServices(local: local)) }
        functions.add(to: router)
        health.add(to: router)
        aws.add(to: router)
        lambda.add(to: router)
        pages?.add(to: router)
        portal?.add(to: router)
        if let engine {
            let access = OwnerAccess(keys: configuration.signInKeys.map { Array($0.utf8) }, clock: engine.clock)
            StreamRoutes(engine: engine, access: access).add(to: router)
        }
        return router
    }

    /// Serves until SIGTERM or SIGINT, then lets requests in work end.
    ///
    /// - Parameter listening: Called once with the URL under which the service can be reached.
    package func run(logger: Logger, listening: @escaping @Sendable (String) async -> Void) async throws {
        let (host, port) = (configuration.host, configuration.port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await textDetectionJobs.run() }
            if let engine { group.addTask { await engine.run() } }
            if let notices { group.addTask { await notices.run() } }
            try await serve(router(), host: host, port: port, logger: logger, listening: listening)
            group.cancelAll()
        }
    }
}
