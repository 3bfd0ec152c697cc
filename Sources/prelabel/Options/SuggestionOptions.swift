import Annotations
import ArgumentParser
import Functions
import Storage
import Suggestions

/// Suggestions in tasks; `lambda` takes the same from the environment.
struct SuggestionOptions: ParsableArguments {
    @Flag(help: "Give each task suggestions and initial-value, made by a model. Also PRELABEL_SUGGEST=1.")
    var suggest = false

    @Option(
        help: ArgumentHelp(
            "The model for suggestions: a name in Models, or a folder (default \(SuggestionModel.standardName)). Also PRELABEL_SUGGESTION_MODEL.",
            valueName: "model"))
    var suggestionModel: String?

    @Option(
        help: ArgumentHelp(
            "The job's labels, parted by commas, to which the model's are matched by name. Also PRELABEL_SUGGESTION_LABELS.",
            valueName: "labels"))
    var suggestionLabels: String?

    /// - Returns: `nil` when there are to be no suggestions.
    func suggester(_ store: any ObjectStore) async throws -> Suggester? {
        var settings = SuggestionSettings()
        settings.isOn = try suggest || Settings.flag("SUGGEST") ?? false
        settings.model = suggestionModel ?? Settings.string("SUGGESTION_MODEL") ?? settings.model
        settings.labels = SuggestionSettings.labels(suggestionLabels ?? Settings.string("SUGGESTION_LABELS") ?? "")
        let suggester = try await settings.suggester(
            bundled: Settings.home(holding: "Models"), currentFolder: Settings.currentFolder, store: store)
        if let suggester { Terminal.sayNeverProposed(by: suggester) }
        return suggester
    }
}

extension Terminal {
    /// Names the labels that nobody should wait for.
    static func sayNeverProposed(by suggester: Suggester) {
        guard !suggester.neverProposed.isEmpty else { return }
        let names = suggester.neverProposed.map(\.name).joined(separator: ", ")
        say("prelabel: the model \(suggester.model.source) can never propose \(names)")
    }
}
