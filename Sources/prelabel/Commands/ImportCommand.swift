import ArgumentParser
import Consolidation
import Pipeline
import Storage
import TrainingData

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Reads labeled texts of other tools, or finished labeling jobs, into span JSON Lines.",
        discussion: """
            Every span that comes with its text is compared with the text it marks: offsets are taken in the first unit that fits all spans of a \
            record (as documented, then code points, UTF-16, bytes, then with CR LF as one), and a record that no unit fits is refused. What is not \
            imported is named on standard error, and the exit code is 1. Workers' answers go into `annotations`: consolidate them next.

            For ground-truth, name a job's folder below its S3OutputPath, or an output manifest. Ground Truth's own spans become `entities`; --report \
            consolidates the workers' answers, too, and shows what that changes, how good each worker is, and what is disputed.
            """)

    @Argument(help: ArgumentHelp("Files, folders or s3:// URIs.", valueName: "path")) var paths: [String]
    @Option(help: ArgumentHelp("\(DataFormat.all.map(\.name).joined(separator: ", ")).", valueName: "format"))
    var format: DataFormat
    @Option(help: ArgumentHelp("The span JSON Lines to write; - is standard output.", valueName: "file")) var output = "-"
    @Option(
        help: ArgumentHelp(
            "What offsets count, for files without the spans' texts that do not keep to their format: code-points, utf-16, bytes.",
            valueName: "unit"))
    var offsetUnit: OffsetUnit?
    @Option(help: ArgumentHelp("A manifest's label attribute; may be left out when there is only one.", valueName: "name"))
    var labelAttribute: String?
    @Option(
        help: ArgumentHelp(
            "A report on workers, what they made of suggestions, disputes and changes, in the form of its ending .html, .json or .txt. Needs --output.",
            valueName: "file"))
    var report: String?
    @OptionGroup var storage: StoreOptions

    func validate() throws {
        if let report {
            guard CrowdReportFile(report) != nil else {
                throw ValidationError("--report \(report): expected a name that ends in .html, .json or .txt")
            }
            guard output != "-" else { throw ValidationError("--report needs --output") }
        }
        guard offsetUnit == nil || format.unit != .tokens && format.name != "ground-truth" else {
            throw ValidationError("--offset-unit: \(format.name) leaves nothing to choose")
        }
    }

    func run() async throws {
        let store = try storage.store()
        let inputs = try paths.map { DatasetImport.Input(uri: try ObjectURI(typed: $0), name: $0) }
        let writer = output == "-" ? nil : try store.writer(to: ObjectURI(typed: output))
        let options = ImportOptions(offsetUnit: offsetUnit, labelAttribute: labelAttribute)
        let summary = try await DatasetImport(store: store, format: format, options: options).run(inputs) { line in
            if let writer { try writer.append(line) } else { try Terminal.write(line) }
        } report: { problem in
            Terminal.say("\(problem)")
        }
        try await writer?.commit()
        Terminal.say("prelabel: \(summary.documents) documents, \(summary.entities) entities from \(summary.files) files")
        for (unit, count) in summary.unexpectedUnits.sorted(by: { $0.key < $1.key }) {
            Terminal.say("prelabel: offsets of \(count) documents count \(unit), not what \(format.name) documents")
        }
        if let report = report.flatMap(CrowdReportFile.init) {
            let method = ConsolidationMethod.standard
            try await SpanConsolidation(store: store, method: method).run(spans: ObjectURI(typed: output)) { outcome in
                try await report.write(outcome, method: method, blindShare: nil, store: store)
            } _: { _ in
            }
        } else if summary.unconsolidated > 0 {
            Terminal.say("prelabel: \(summary.unconsolidated) documents have workers' answers only; consolidate --spans is next")
        }
        if summary.problems > 0 { throw ExitCode(ExitStatus.findings.rawValue) }
    }
}

extension OffsetUnit: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(rawValue: argument)
        guard self != .tokens else { return nil }
    }
    public static var allValueStrings: [String] { allCases.filter { $0 != .tokens }.map(\.rawValue) }
}
