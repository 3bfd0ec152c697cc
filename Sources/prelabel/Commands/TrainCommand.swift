import ArgumentParser
import Pipeline
import Storage
import Suggestions
import TrainingData

struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Learns to propose spans from consolidated ones.",
        discussion: """
            Learns from the `entities` of span JSON Lines, or from an output manifest. Writes DIR/model, and DIR/README.md with the scores by \
            label. Strengths are chosen by cross-validation in the data; the same data give the same bytes.
            """)

    @Argument(help: ArgumentHelp("Span JSON Lines with entities, or an output manifest.", valueName: "file")) var file: String
    @Option(help: ArgumentHelp("The folder to write into; its name is the model's.", valueName: "dir")) var output: String
    @Option(
        help: ArgumentHelp(
            "sentences (a label for each) or spans. Without it: sentences when the entities of every text hold all of it but white space.",
            valueName: "kind"))
    var kind: SuggestionKind?
    @Option(help: ArgumentHelp("The label attribute of a manifest; may be left out when only one is there.", valueName: "name"))
    var labelAttribute: String?
    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let store = try storage.store()
        let input = try ObjectURI(typed: file)
        let folder = try ObjectURI(typed: output)
        let training = ModelTraining(
            store: store, reader: try await DatasetReader(store: store, input: input, attribute: labelAttribute), kind: kind)
        let outcome = try await training.run(source: folder.lastName, data: input.lastName, command: command, folder: folder)
        for failure in outcome.failures { Terminal.say("prelabel: \(file): \(failure.id): \(failure.code): \(failure.message)") }
        if outcome.unlabeledCount > 0 { Terminal.say("prelabel: \(outcome.unlabeledCount) records without labels were left out") }
        let (model, report) = (outcome.model, outcome.report)
        let score = (report.score * 1000).rounded() / 10
        Terminal.say(
            "prelabel: a model of \(model.kind) with \(model.labels.count) labels from \(report.documents) documents in \(output): "
                + "\(model.kind == .sentences ? "accuracy" : "strict F1") \(score) by cross-validation")
        if !outcome.failures.isEmpty { throw ExitCode(ExitStatus.findings.rawValue) }
    }

    private var command: String { "prelabel train \(file) --output \(output)" + (kind.map { " --kind \($0)" } ?? "") }
}

extension ObjectURI {
    /// The last part of the name.
    fileprivate var lastName: String { typed.split(separator: "/").last.map(String.init) ?? typed }
}

extension SuggestionKind: ExpressibleByArgument {}
