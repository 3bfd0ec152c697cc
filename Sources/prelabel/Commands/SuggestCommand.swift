import ArgumentParser
import Pipeline
import Storage
import Suggestions

struct SuggestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest", abstract: "Adds the spans that a model proposes.",
        discussion: """
            Adds `suggestions` to span JSON Lines; the other keys stay. A confidence of 0.8 means that four of five such suggestions were right on \
            texts that the model had not seen. A model of sentences proposes a span for each sentence, of those in `sentences` where a record \
            has them.
            """)

    @Argument(help: ArgumentHelp("Span JSON Lines; of a record only the text is needed.", valueName: "file")) var file: String
    @Option(help: ArgumentHelp("A folder that `train` wrote, or one of those in Models.", valueName: "dir")) var model: String
    @Option(help: ArgumentHelp("Where to write; - is standard output.", valueName: "file")) var output = "-"
    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let store = try storage.store()
        let model = try await SuggestionModel(folder: ObjectURI(typed: model), store: store)
        let writer = output == "-" ? nil : try store.writer(to: ObjectURI(typed: output))
        var failures = 0
        try await SpanSuggestion(store: store, model: model).run(spans: ObjectURI(typed: file)) { outcome in
            switch outcome {
            case .line(let line): if let writer { try writer.append(line) } else { try Terminal.write(line) }
            case .failure(let number, let reason):
                failures += 1
                Terminal.say("prelabel: \(file):\(number): \(reason)")
            }
        }
        try await writer?.commit()
        if failures > 0 { throw ExitCode(ExitStatus.findings.rawValue) }
    }
}
