import Annotations
import ArgumentParser
import Consolidation
import Functions
import GroundTruth
import Logging
import Pipeline
import Storage

struct ConsolidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consolidate", abstract: "Makes one set of spans of several workers' answers.",
        discussion: """
            Takes a post-annotation event, whose payload lies at payload.s3Uri or inside it, and writes the consolidated annotations; or, with \
            --spans, span JSON Lines, to which it adds `entities`. An object that fails is named in its answer, and the exit code is 1.

            Methods: best (the default) chooses by the data's size and shape; sequence models how each worker tags sequences of words, \
            dawid-skene single words; majority keeps what more than half marked alike; ground-truth is Ground Truth's published rule; \
            all-workers keeps every answer as it is.
            """)

    @OptionGroup var input: EventInput

    @Option(help: ArgumentHelp("The job's input manifest, in which texts are looked up. Also PRELABEL_MANIFEST.", valueName: "uri"))
    var manifest: String?

    @Option(help: ArgumentHelp("Span JSON Lines in place of an event.", valueName: "file"))
    var spans: String?

    @Option(help: ArgumentHelp("Where to write; - is standard output.", valueName: "file"))
    var output = "-"

    @Option(
        help: ArgumentHelp(
            "With --spans: a report on workers, what they made of suggestions, and disputes, in the form of its ending .html, .json or .txt.",
            valueName: "file"))
    var report: String?

    @Option(help: ArgumentHelp("With --spans: leave out a worker's answers; may be repeated.", valueName: "id"))
    var excludeWorker: [String] = []

    @Option(
        help: ArgumentHelp(
            "With --spans: count a record's suggestions as the answer of one more worker, who has this id.", valueName: "id"))
    var suggestionsAsWorker: String?

    @Option(
        help: ArgumentHelp(
            "With --report, for answers that do not say whether they saw suggestions: they saw the record's, but for this share of the "
                + "texts, as --suggestion-blind-share chose it; 0 when it was not set.", valueName: "share"))
    var blindShare: Double?

    @Option(help: ArgumentHelp("How spans are chosen.", valueName: "method"))
    var method = ConsolidationMethod.standard

    @OptionGroup var storage: StoreOptions

    func validate() throws {
        guard suggestionsAsWorker == nil || spans != nil else { throw ValidationError("--suggestions-as-worker needs --spans") }
        guard blindShare.map({ report != nil && (0...1).contains($0) }) ?? true else {
            throw ValidationError("--blind-share needs --report, and a number from 0 to 1")
        }
        guard let report else { return }
        guard CrowdReportFile(report) != nil else {
            throw ValidationError("--report \(report): expected a name that ends in .html, .json or .txt")
        }
        guard spans != nil else { throw ValidationError("--report needs --spans") }
    }

    func run() async throws {
        let store = try storage.store()
        guard spans == nil else { return try await consolidateSpans(store) }
        let function = try Self.function(storage, manifest: manifest, method: method)
        let response = try await function.respond(to: input.read(from: store), logger: ConsoleLog.logger(level: .error))
        if output == "-" {
            try Terminal.write(response.body)
        } else {
            try await store.put(response.body, to: ObjectURI(typed: output))
        }
        for failure in response.failures { Terminal.say("prelabel: object \(failure.datasetObjectID): \(failure.reason)") }
        if !response.failures.isEmpty { throw ExitCode(ExitStatus.findings.rawValue) }
    }

    private func consolidateSpans(_ store: any ObjectStore) async throws {
        guard let spans else { return }
        let writer = output == "-" ? nil : try store.writer(to: ObjectURI(typed: output))
        var failures = 0
        let consolidation = SpanConsolidation(
            store: store, method: method, excludedWorkers: Set(excludeWorker), modelWorker: suggestionsAsWorker)
        let summary = try await consolidation.run(spans: ObjectURI(typed: spans)) { outcome in
            try await report.flatMap(CrowdReportFile.init)?.write(
                outcome, method: method, blindShare: blindShare.map { BlindShare($0) }, store: store)
        } _: { outcome in
            switch outcome {
            case .line(let line): if let writer { try writer.append(line) } else { try Terminal.write(line) }
            case .failure(let number, let reason):
                failures += 1
                Terminal.say("prelabel: \(spans):\(number): \(reason)")
            }
        }
        try await writer?.commit()
        Terminal.say(
            "prelabel: \(summary.documents) documents, \(summary.workers) workers, \(summary.spans) spans; \(method.rawValue) took "
                + "\(Double((summary.methodSeconds * 10_000).rounded()) / 10_000) s")
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
