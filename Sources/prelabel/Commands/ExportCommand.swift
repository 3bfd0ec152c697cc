import ArgumentParser
import Pipeline
import Storage
import TrainingData

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes training data from an output manifest or from span JSON Lines.",
        discussion: """
            Writes all.EXT, or train, dev and test with --split; loss.jsonl: every span or document that the format could not hold as it was, with \
            the reason; and export.json, which says what the export is. Every span is read back from the text before it is written. Texts that are \
            the same but for misread characters stay in one part of a split.

            A folder holds one export: the same format replaces it, another format is refused.
            """)

    @Argument(help: ArgumentHelp("An output manifest, or span JSON Lines.", valueName: "file")) var file: String
    @Option(help: ArgumentHelp("\(DataFormat.all.map(\.name).joined(separator: ", ")).", valueName: "format"))
    var format: DataFormat
    @Option(help: ArgumentHelp("The folder to write into.", valueName: "dir")) var output: String
    @Option(help: ArgumentHelp("The manifest's label attribute; may be left out when there is only one.", valueName: "name"))
    var labelAttribute: String?
    @Option(help: ArgumentHelp("How conll's tags mark spans: BIO2, IOB1, BIOES or BILOU.", valueName: "scheme"))
    var scheme = TagScheme.bio2
    @Option(help: ArgumentHelp("Percent of train, dev and test documents, such as 80,10,10.", valueName: "parts"))
    var split: String?
    @Option(help: ArgumentHelp("Another seed is another split.", valueName: "n")) var seed = 0
    @OptionGroup var storage: StoreOptions

    func validate() throws {
        guard split.map({ DataSplit($0) != nil }) ?? true else {
            throw ValidationError(
                "--split \(split ?? ""): expected two or three whole numbers that add up to 100, such as 80,10,10")
        }
        guard scheme == .bio2 || format.name == "conll" else {
            throw ValidationError("--scheme is for the format conll, not for \(format.name)")
        }
    }

    func run() async throws {
        let store = try storage.store()
        let reader = try await DatasetReader(store: store, input: ObjectURI(typed: file), attribute: labelAttribute)
        let export = DatasetExport(
            store: store, reader: reader, format: format,
            options: ExportOptions(attribute: labelAttribute ?? reader.labelAttribute, scheme: scheme),
            folder: try ObjectURI(typed: output), split: split.flatMap { DataSplit($0) }, seed: seed)
        let summary = try await export.run()
        let files = summary.parts.map { "\($0.name) (\($0.documents))" }.joined(separator: ", ")
        Terminal.say("prelabel: \(summary.documents) documents, \(summary.entities) entities in \(output): \(files)")
        if summary.parts.count > 1 { sayLabels(of: summary.parts) }
        if summary.losses > 0 {
            Terminal.say("prelabel: \(summary.losses) lines in \(output)/loss.jsonl say what was left out or changed")
        }
        if summary.failures > 0 { throw ExitCode(ExitStatus.findings.rawValue) }
    }

    /// How many spans of each label every part has, and which it lacks.
    private func sayLabels(of parts: [DatasetExport.Summary.Part]) {
        let labels = Set(parts.flatMap(\.labels.keys)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for label in labels {
            let counts = parts.map { part in
                part.labels[label].map { "\($0) in \(part.name)" } ?? "none in \(part.name)"
            }
            Terminal.say("prelabel: \(label): \(counts.joined(separator: ", "))")
        }
    }
}

extension DataFormat: ExpressibleByArgument {
    public init?(argument: String) { self.init(named: argument) }
    public var defaultValueDescription: String { name }
    public static var allValueStrings: [String] { all.map(\.name) }
}

extension TagScheme: ExpressibleByArgument {}
