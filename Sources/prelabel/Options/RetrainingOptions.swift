import ArgumentParser
import Functions
import LabelingJobs
import Logging
import Pipeline
import Storage

/// Training the model of suggestions anew while labeling jobs go on.
struct RetrainingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Train a new model after so many newly consolidated objects of labeling jobs, and suggest with it from then on unless it is worse. "
                + "Needs --suggest and --suggestion-folder. Also PRELABEL_RETRAIN_AFTER.", valueName: "n"))
    var retrainAfter: Int?

    @Option(
        help: ArgumentHelp(
            "Where trained models are kept, in numbered folders; the newest is used in the place of --suggestion-model. "
                + "Also PRELABEL_SUGGESTION_FOLDER.", valueName: "uri"))
    var suggestionFolder: String?

    /// Who trains; `nil` when nobody is to.
    ///
    /// - Parameter slot: Where the model of the service is; gets the newest of the folder.
    func learner(_ slot: ModelSlot?, _ settings: SuggestionSettings, _ store: any ObjectStore) async throws -> ModelLearner? {
        let interval =
            try retrainAfter
            ?? Settings.string("RETRAIN_AFTER").map { text in
                guard let interval = Int(text) else { throw Self.unusable }
                return interval
            }
        guard let interval else { return nil }
        guard let slot, let folder = suggestionFolder ?? Settings.string("SUGGESTION_FOLDER"), interval > 0 else {
            throw Self.unusable
        }
        let logger = ConsoleLog.logger()
        return try await ModelLearner(
            slot: slot, settings: settings, interval: interval, folder: ObjectURI(typed: folder), store: store
        ) { event in
            switch event {
            case .exchanged(let folder, let texts, let score, let oldScore):
                logger.info(
                    "a new model suggests", metadata: ["folder": "\(folder)"].merging(Self.scores(texts, score, oldScore)) { $1 })
            case .notBetter(let texts, let score, let oldScore):
                logger.notice("a new model is worse and is not used", metadata: Self.scores(texts, score, oldScore))
            case .failed(let reason): logger.error("no model could be trained", metadata: ["reason": "\(reason)"])
            }
        }
    }

    private static var unusable: ValidationError {
        ValidationError("--retrain-after needs a number of at least 1, --suggest, and --suggestion-folder")
    }

    /// - Parameter oldScore: Of the model in use, on the texts that it was not trained on.
    private static func scores(_ texts: Int, _ score: Double, _ oldScore: Double?) -> Logger.Metadata {
        func percent(_ score: Double) -> Logger.MetadataValue { "\((score * 1000).rounded() / 10)" }
        var metadata: Logger.Metadata = ["f1": percent(score), "texts": "\(texts)"]
        metadata["f1.old"] = oldScore.map(percent)
        return metadata
    }
}

/// Tells a learner of the outputs of labeling jobs.
struct LearningListener: OutputListener {
    let learner: ModelLearner

    func outputWasWritten(to manifest: ObjectURI, attribute: String, labeled: Int) async {
        await learner.learn(from: manifest, attribute: attribute, labeled: labeled)
    }
}
