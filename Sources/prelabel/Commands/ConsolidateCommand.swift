import ArgumentParser
import Consolidation
import Functions
import Logging
import Pipeline
import Storage

struct ConsolidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consolidate", abstract: "Makes one set of spans of several workers' answers.",
        discussion: """
            Takes a post-annotation event, whose payload lies at payload.s3Uri or inside it, and writes the consolidated annotations; or, with \
            --spans, span JSON Lines, to which it adds `entities`. An object that fails is named in its answer, and the exit code is 1.
            """)

    @OptionGroup var input: EventInput

    @Option(help: ArgumentHelp("The job's input manifest, in which texts are looked up. Also PRELABEL_MANIFEST.", valueName: "uri"))
    var manifest: String?

    @Option(help: ArgumentHelp("Span JSON Lines in place of an event.", valueName: "file"))
    var spans: String?

    @Option(help: ArgumentHelp("Where --spans writes; - is standard output.", valueName: "file"))
    var output = "-"

    @Option(
        help: ArgumentHelp(
            "all-workers keeps every answer as it is; ground-truth is Ground Truth's published rule.", valueName: "method"))
    var method = ConsolidationMethod.standard

    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let store = try storage.store()
        guard spans == nil else { return try await consolidateSpans(store) }
        let function = try Self.function(storage, manifest: manifest, method: method)
        let response = try await function.respond(to: input.read(from: store), logger: ConsoleLog.logger(level: .error))
        try Terminal.write(response.body)
        for failure in response.failures { Terminal.say("prelabel: object \(failure.datasetObjectID): \(failure.reason)") }
        if !response.failures.isEmpty { throw ExitCode(ExitStatus.findings.rawValue) }
    }

    private func consolidateSpans(_ store: any ObjectStore) async throws {
        guard let spans else { return }
        let writer = output == "-" ? nil : try store.writer(to: ObjectURI(typed: output))
        var failures = 0
        try await SpanConsolidation(store: store, method: method).run(spans: ObjectURI(typed: spans)) { outcome in
            switch outcome {
            case .line(let line): if let writer { try writer.append(line) } else { try Terminal.write(line) }
            case .failure(let number, let reason):
                failures += 1
                Terminal.say("prelabel: \(spans):\(number): \(reason)")
            }
        }
        try await writer?.commit()
        if failures > 0 { throw ExitCode(ExitStatus.findings.rawValue) }
    }

    static func function(_ storage: StoreOptions, manifest: String?, method: ConsolidationMethod) throws -> PostAnnotation {
        let manifest = try (manifest ?? Settings.string("MANIFEST")).map { manifest throws(StorageError) in
            try ObjectURI(typed: manifest)
        }
        return PostAnnotation(
            store: try storage.store(), manifest: manifest,
            jobManifests: storage.isFolder ? nil : LabelingJobManifests(environment: Settings.environment), method: method,
            assumesEventRole: try Settings.flag("ASSUME_EVENT_ROLE") ?? false)
    }
}

extension ConsolidationMethod: ExpressibleByArgument {}
