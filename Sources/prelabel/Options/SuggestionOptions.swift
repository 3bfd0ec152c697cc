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

    @Option(
        help: ArgumentHelp(
            "Leave texts to the model, without workers, when of its labels in them at most this share, such as 0.05, is wrong; see its card. "
                + "Also PRELABEL_SUGGESTION_ERROR_BUDGET.", valueName: "share"))
    var suggestionErrorBudget: String?

    @Option(
        help: ArgumentHelp(
            "Give this share of the tasks, such as 0.1, no suggestions, to measure the bias that they cause. "
                + "Also PRELABEL_SUGGESTION_BLIND_SHARE.", valueName: "share"))
    var suggestionBlindShare: String?

    /// - Returns: `nil` when there are to be no suggestions.
    func slot(_ store: any ObjectStore) async throws -> ModelSlot? { try await suggester(store).map { ModelSlot($0) } }

    func blindShare() throws -> BlindShare {
        BlindShare(try Self.share("suggestion-blind-share", suggestionBlindShare, "SUGGESTION_BLIND_SHARE") ?? 0)
    }

    private static func share(_ option: String, _ typed: String?, _ variable: String) throws -> Double? {
        guard let text = typed ?? Settings.string(variable) else { return nil }
        guard let share = SuggestionSettings.share(text) else {
            throw ValidationError("--\(option) (PRELABEL_\(variable)): `\(text)`, expected a number from 0 to 1")
        }
        return share
    }

    func settings() throws -> SuggestionSettings {
        var settings = SuggestionSettings()
        settings.isOn = try suggest || Settings.flag("SUGGEST") ?? false
        settings.model = suggestionModel ?? Settings.string("SUGGESTION_MODEL") ?? settings.model
        settings.labels = SuggestionSettings.labels(suggestionLabels ?? Settings.string("SUGGESTION_LABELS") ?? "")
        settings.errorBudget = try Self.share("suggestion-error-budget", suggestionErrorBudget, "SUGGESTION_ERROR_BUDGET")
        return settings
    }

    private func suggester(_ store: any ObjectStore) async throws -> Suggester? {
        let suggester = try await settings().suggester(
            bundled: Settings.home(holding: "Models"), currentFolder: Settings.currentFolder, store: store)
        if let suggester { Terminal.sayNeverProposed(by: suggester) }
        if let obstacle = suggester?.trustObstacle { Terminal.say("prelabel: no task is left to the model: \(obstacle)") }
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
