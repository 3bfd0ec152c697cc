import ArgumentParser
import Functions

struct PreAnnotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pre-annotate", abstract: "Answers a pre-annotation event with the taskInput of its object.",
        discussion: """
            The text is read from the object's text-file-s3-uri. An object without text gets isHumanAnnotationRequired: false, with the reason on \
            standard error. A text that cannot be read is an error (exit 66; 65 when it is not UTF-8), never an empty text.
            """)

    @OptionGroup var input: EventInput
    @OptionGroup var options: PreAnnotationOptions
    @OptionGroup var suggestions: SuggestionOptions
    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let store = try storage.store()
        let function = PreAnnotation(
            store: store, settings: try options.settings(), suggestions: try await suggestions.slot(store),
            blindShare: try suggestions.blindShare())
        try Terminal.write(try await function.respond(to: input.read(from: store), logger: ConsoleLog.logger()))
    }
}

/// How pre-annotation answers; `serve` takes the same from the environment.
struct PreAnnotationOptions: ParsableArguments {
    @Flag(
        help:
            "Write isHumanAnnotationRequired as \"true\" or \"false\", as the seed's function does. Also PRELABEL_STRING_BOOLEANS=1."
    )
    var stringBooleans = false

    @Option(
        name: .customLong("text-uri-in-metadata"),
        help: ArgumentHelp(
            "Add text_file_s3_uri to metadata: yes (default) or no. Also PRELABEL_TEXT_URI_IN_METADATA=0.", valueName: "yes|no"))
    var textURIInMetadata: String?

    @Flag(help: "Send objects without text to workers all the same. Also PRELABEL_ANNOTATE_EMPTY_TEXTS=1.")
    var annotateEmptyTexts = false

    func validate() throws {
        guard textURIInMetadata.map({ YesNo($0) != nil }) ?? true else {
            throw ValidationError("--text-uri-in-metadata: expected yes or no")
        }
    }

    func settings() throws -> PreAnnotation.Settings {
        var settings = PreAnnotation.Settings()
        settings.stringBooleans = try stringBooleans || Settings.flag("STRING_BOOLEANS") ?? false
        settings.textURIInMetadata =
            try textURIInMetadata.flatMap { YesNo($0)?.isYes } ?? Settings.flag("TEXT_URI_IN_METADATA") ?? true
        settings.annotatesEmptyTexts = try annotateEmptyTexts || Settings.flag("ANNOTATE_EMPTY_TEXTS") ?? false
        return settings
    }
}
