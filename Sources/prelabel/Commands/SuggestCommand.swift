import ArgumentParser
import Functions
import Pipeline
import Storage
import Suggestions

struct SuggestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest", abstract: "Adds the spans that a model proposes, or orders tasks by what it would learn.",
        discussion: """
            Adds `suggestions` to span JSON Lines; the other keys stay. A confidence of 0.8 means that four of five such suggestions were right on \
            texts that the model had not seen. A model of sentences proposes a span for each sentence, of those in `sentences` where a record \
            has them. Labels that the model can never propose are named on standard error.

            With --order the lines of a manifest or of span JSON Lines stay as they are, and those come first whose answers are expected to teach \
            the model the most: what it is unsure of, and not the same twice.
            """)

    @Argument(help: ArgumentHelp("Span JSON Lines; of a record only the text is needed.", valueName: "file")) var file: String
    @Option(help: ArgumentHelp("A name in Models, or a folder that `train` wrote.", valueName: "model"))
    var model = SuggestionModel.standardName
    @Option(
        help: ArgumentHelp(
            "Labels wanted, parted by commas, to which the model's are matched by name; what matches none is left out.",
            valueName: "labels"))
    var labels: String?
    @Flag(help: "Order the lines of FILE, which may be a manifest, and add nothing.") var order = false
    @Option(help: ArgumentHelp("Where to write; - is standard output.", valueName: "file")) var output = "-"
    @OptionGroup var storage: StoreOptions

    func validate() throws {
        guard !order || labels == nil else { throw ValidationError("--labels is for suggestions, and --order makes none") }
    }

    func run() async throws {
        let store = try storage.store()
        let model = try await SuggestionModel(
            named: model, bundled: Settings.home(holding: "Models"), currentFolder: Settings.currentFolder, store: store)
        let input = try ObjectURI(typed: file)
        let writer = output == "-" ? nil : try store.writer(to: ObjectURI(typed: output))
        func write(_ line: [UInt8]) throws { if let writer { try writer.append(line) } else { try Terminal.write(line) } }
        var failures = 0
        func fail(line: Int, _ reason: String) {
            failures += 1
            Terminal.say("prelabel: \(file):\(line): \(reason)")
        }
        if order {
            for failure in try await TaskOrdering(store: store, model: model).run(input, write: write) {
                fail(line: failure.line, failure.reason)
            }
        } else {
            let suggester = Suggester(model, labels: SuggestionSettings.labels(labels ?? ""))
            Terminal.sayNeverProposed(by: suggester)
            try await SpanSuggestion(store: store, suggester: suggester).run(spans: input) { outcome in
                switch outcome {
                case .line(let line): try write(line)
                case .failure(let number, let reason): fail(line: number, reason)
                }
            }
        }
        try await writer?.commit()
        if failures > 0 { throw ExitCode(ExitStatus.findings.rawValue) }
    }
}
