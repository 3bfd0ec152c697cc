package import Storage
package import Suggestions
package import TrainingData

/// Trains a model on the entities of a data set, and writes it with its card.
package struct ModelTraining: Sendable {
    private let store: any ObjectStore
    private let reader: DatasetReader
    private let kind: SuggestionKind?

    package struct Outcome: Sendable {
        package let model: SuggestionModel
        package let report: TrainingReport
        /// Lines that could not be used.
        package let failures: [Loss]
        /// Lines that nobody has labeled.
        package let unlabeledCount: Int
    }

    /// - Parameter kind: `nil`: as the data are.
    package init(store: any ObjectStore, reader: DatasetReader, kind: SuggestionKind?) {
        (self.store, self.reader, self.kind) = (store, reader, kind)
    }

    /// - Parameters:
    ///   - source: What the model is called.
    ///   - data: What the training data are called in the card.
    ///   - command: The command line for the card.
    ///   - folder: Gets `model` and `README.md`.
    /// - Throws: ``SuggestionError`` when the data are not enough, or what the store throws.
    package func run(source: String, data: String, command: String, folder: ObjectURI) async throws -> Outcome {
        var documents: [TrainingDocument] = []
        var failures: [Loss] = []
        var unlabeledCount = 0
        try await reader.forEachItem { item in
            switch item {
            case .document(let document):
                documents.append(TrainingDocument(text: document.text, spans: document.entities.map(\.span)))
            case .left(let loss, isFailure: true): failures.append(loss)
            case .left(_, isFailure: false): unlabeledCount += 1
            }
        }
        let (model, report) = try SuggestionModel.train(on: documents, kind: kind, source: source)
        let card = ModelCard(model: model, report: report, data: data, command: command)
        try await store.put(Array(card.text.utf8), to: folder.appending("README.md"))
        try await store.put(model.bytes, to: folder.appending("model"))
        return Outcome(model: model, report: report, failures: failures, unlabeledCount: unlabeledCount)
    }
}
