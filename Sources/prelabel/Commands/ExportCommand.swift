import ArgumentParser
import Pipeline
import Storage
import TrainingData

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes training data from an output manifest or from span JSON Lines.",
        discussion: """
            Writes all.EXT, or train, dev and test with --split, and loss.jsonl: every span or document that the format could not hold as it was, \
            with the reason. Every span is read back from the text before it is written. Texts that occur twice stay in one part of a split.
            """)

    @Argument(help: ArgumentHelp("An output manifest, or span JSON Lines.", valueName: "file")) var file: String
    @Option(help: ArgumentHelp("ground-truth, spacy-jsonl or conll (BIO2).", valueName: "format")) var format: ExportFormat
    @Option(help: ArgumentHelp("The folder to write into.", valueName: "dir")) var output: String
    @Option(help: ArgumentHelp("The manifest's label attribute; may be left out when there is only one.", valueName: "name"))
    var labelAttribute: String?
    @Option(help: ArgumentHelp("Percent of train, dev and test texts, such as 80,10,10.", valueName: "parts")) var split: String?
    @Option(help: ArgumentHelp("Another seed is another split.", valueName: "n")) var seed = 0
    @OptionGroup var storage: StoreOptions

    func validate() throws {
        guard split.map({ DataSplit($0) != nil }) ?? true else {
            throw ValidationError(
                "--split \(split ?? ""): expected two or three whole numbers that add up to 100, such as 80,10,10")
        }
    }

    func run() async throws {
        let store = try storage.store()
        let reader = try await DatasetReader(store: store, input: ObjectURI(typed: file), attribute: labelAttribute)
        let export = DatasetExport(
            store: store, reader: reader, exporter: format.exporter(attribute: labelAttribute ?? reader.labelAttribute),
            folder: try ObjectURI(typed: output), split: split.flatMap { DataSplit($0) }, seed: seed)
        let summary = try await export.run()
        let files = summary.files.map { "\($0.name) (\($0.documents))" }.joined(separator: ", ")
        Terminal.say("prelabel: \(summary.documents) documents, \(summary.entities) entities in \(output): \(files)")
        if summary.losses > 0 {
            Terminal.say("prelabel: \(summary.losses) lines in \(output)/loss.jsonl say what was left out or changed")
        }
        if summary.failures > 0 { throw ExitCode(ExitStatus.findings.rawValue) }
    }
}

extension ExportFormat: ExpressibleByArgument {}
