import ArgumentParser
import Consolidation
import Foundation
import Functions
import GroundTruth
import LabelingJobs
import Pipeline
import Service
import Storage

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves labeling jobs, the pre- and post-annotation functions and Textract's text detection over HTTP.",
        discussion: """
            POST /pre-annotation and POST /post-annotation take an event and answer what the command line writes. GET /health/live, GET \
            /health/ready. The first line on standard output is {"listening":URL}. SIGTERM lets requests in work end.

            POST /2015-03-31/functions/NAME/invocations is Lambda's Invoke for pre-annotation and post-annotation: point a client's endpoint here.

            POST / answers Amazon Textract's DetectDocumentText, StartDocumentTextDetection and GetDocumentTextDetection: point a client's \
            endpoint here. English is read. Documents come as bytes or as S3Object; lines come in reading order.

            With a data folder or --jobs, POST / also answers Amazon SageMaker's operations for labeling jobs, work teams, the workforce, tags \
            and RenderUiTemplate: point a boto3 client or the aws command line here. `prelabel validate-job` checks a request before that.

            With --data, requests that are signed for S3, SNS, SQS or STS are answered too, over the data folder: with AWS_ENDPOINT_URL alone, \
            scripts around labeling jobs run against this address. What of these services is not served is refused by name.

            POST /jobs/NAME/objects takes objects for a streaming job as JSON Lines, and so does the folder `incoming` below the job's output. \
            Finished objects are published on the job's output topic, and posted to the addresses in PRELABEL_WEBHOOKS with a signature under \
            PRELABEL_WEBHOOK_SECRET. GET /jobs/NAME/stream tells what came in, what was refused, and who could not be told.

            Workers sign in by their links, or with --oidc-issuer and --oidc-client-id with an OpenID provider, by a verified mail address that \
            is a team member's. Register PUBLIC-URL/portal/oidc/callback there. PRELABEL_OIDC_CLIENT_SECRET holds the secret that the provider \
            gave. After thirty failed attempts to sign in within a minute an address waits for the rest of it.

            PRELABEL_API_KEYS holds keys of at least 16 characters, parted by commas; callers send one as Authorization: Bearer KEY. \
            PRELABEL_ACCESS_KEYS holds ID:SECRET, parted by commas: the access keys that AWS's clients sign requests with. Without keys of either \
            kind only this machine is served, and signatures are not looked at.
            """)

    @Option(help: ArgumentHelp("The address to listen on.", valueName: "host")) var host = "127.0.0.1"
    @Option(help: ArgumentHelp("The port; 0 is any free one.", valueName: "port")) var port = 8080
    @Option(help: ArgumentHelp("The job's input manifest, in which texts are looked up. Also PRELABEL_MANIFEST.", valueName: "uri"))
    var manifest: String?
    @Option(help: ArgumentHelp("How answers are consolidated.", valueName: "method"))
    var method = ConsolidationMethod.standard
    @Option(help: ArgumentHelp("Reader processes for text detection (default: one a core).", valueName: "n"))
    var workers: Int?
    @Option(
        help: ArgumentHelp(
            "The only hosts, parted by commas, that scripts, styles and images of jobs' own templates may come from (default: any over https).",
            valueName: "hosts"))
    var templateHosts: HostList?
    @OptionGroup var signIn: SignInOptions
    @OptionGroup var options: PreAnnotationOptions
    @OptionGroup var suggestions: SuggestionOptions
    @OptionGroup var retraining: RetrainingOptions
    @OptionGroup var jobs: JobOptions
    @OptionGroup var storage: StoreOptions

    /// The post-annotation function by its plain name, and by one name for each method: `post-annotation-majority`.
    private static func consolidation(
        _ store: any ObjectStore, _ manifests: LabelingJobManifests, _ standard: ConsolidationMethod
    ) -> [FunctionHandler] {
        func function(_ method: ConsolidationMethod) -> PostAnnotation {
            PostAnnotation(store: store, manifest: nil, jobManifests: manifests, method: method)
        }
        let named = ConsolidationMethod.allCases.map { FunctionHandler(function($0), name: "post-annotation-\($0.rawValue)") }
        return named + [FunctionHandler(function(standard))]
    }

    func validate() throws {
        guard workers.map({ (1...256).contains($0) }) ?? true else { throw ValidationError("--workers: expected 1 to 256") }
    }

    func run() async throws {
        Heaps.limit(to: ProcessInfo.processInfo.activeProcessorCount)
        let configuration = try ServiceConfiguration(
            host: host, port: port, apiKeys: Settings.keys,
            accessKeys: try ServiceConfiguration.accessKeys(parsing: Settings.string("ACCESS_KEYS") ?? ""),
            publicURL: signIn.address)
        let provider = try signIn.provider(configuration, hasJobs: jobs.file(storage) != nil)
        let store = try storage.store(keyHandling: try jobs.allowsUnencrypted() ? .recorded : .refused)
        let slot = try await suggestions.slot(store)
        let preAnnotation = PreAnnotation(
            store: store, settings: try options.settings(), suggestions: slot, blindShare: try suggestions.blindShare())
        let learner = try await retraining.learner(slot, suggestions.settings(), store)
        let postAnnotation = try ConsolidateCommand.function(storage, manifest: manifest, method: method)
        let pool = try ReadPagesCommand.poolSettings(
            language: "eng", workers: workers ?? ProcessInfo.processInfo.activeProcessorCount)
        let listener = learner.map { LearningListener(learner: $0) }
        let engine = try jobs.engine(storage, objects: store, listener: listener) { manifests in
            [FunctionHandler(preAnnotation)] + Self.consolidation(store, manifests, method)
        }
        // Links of an open page stay good when the service is started again.
        let (pages, links) = PageFiles.routes(
            try PageFiles.assets(), store: store, isFolder: storage.isFolder,
            secret: try await engine?.store.secret(.readLinks) ?? makeSecret())
        let portal = engine.map {
            Portal(
                engine: $0, keys: configuration.signInKeys, links: links,
                imageSources: PageFiles.imageSources(isFolder: storage.isFolder), hosts: templateHosts?.hosts, provider: provider)
        }
        let local = (store as? FolderStore).flatMap { folder in
            engine.map { LocalAWS(store: folder, messaging: LocalMessaging(store: $0.store, account: JobOptions.account.id)) }
        }
        let notices = try engine.map { try Streams.notices($0) }
        try await ReaderPool.withReaders(pool) { pool in
            let service = HTTPService(
                configuration: configuration, preAnnotation: preAnnotation, postAnnotation: postAnnotation,
                textDetection: TextDetection(store: store, pool: pool), pages: pages, engine: engine, portal: portal, local: local,
                notices: notices, logger: ConsoleLog.logger(), isReady: { await store.isReachable })
            try await withThrowingTaskGroup(of: Void.self) { group in
                if let learner { group.addTask { await learner.run() } }
                try await service.run(logger: ConsoleLog.logger()) { url in
                    try? Terminal.write(JSONOutput.object(["listening": .string(url)]).bytes + [0x0A])
                }
                group.cancelAll()
            }
        }
    }
}
