import Annotations
package import Functions
package import Storage
import Suggestions
import TrainingData

/// Trains the model of a service anew as labeling jobs go on, and puts it in the place of the old one, which is kept.
///
/// The old model is scored on the texts that it was not trained on, the new one by cross-validation; only one that is not worse takes
/// its place.
package actor ModelLearner {
    package enum Event: Sendable {
        /// A model was trained from so many texts and is used from now on; scores are F1, `nil` without anything to score.
        case exchanged(folder: ObjectURI, texts: Int, score: Double, oldScore: Double?)
        /// A model was trained, is worse than the old one and is not used.
        case notBetter(texts: Int, score: Double, oldScore: Double)
        case failed(reason: String)
    }

    private let slot: ModelSlot
    private let settings: SuggestionSettings
    private let interval: Int
    private let folder: ModelFolder
    private let store: any ObjectStore
    private let report: @Sendable (Event) -> Void

    private var known: LearningRecord
    /// What the model in use was trained on.
    private var trained: LearningRecord
    private var number: Int
    /// Labeled objects at which it is worth to look at them again.
    private var nextLook: Int
    private let wake: AsyncStream<Void>.Continuation
    private let wakes: AsyncStream<Void>

    /// Begins with the newest model of the folder in the slot, where there is one.
    ///
    /// - Parameters:
    ///   - slot: Gets the models.
    ///   - settings: Labels and error budget of the slot's suggester.
    ///   - interval: Newly consolidated objects after which a model is trained, at least 1.
    ///   - folder: Gets the models.
    ///   - report: Hears what became of each training.
    package init(
        slot: ModelSlot, settings: SuggestionSettings, interval: Int, folder: ObjectURI, store: any ObjectStore,
        report: @escaping @Sendable (Event) -> Void
    ) async throws {
        (self.slot, self.settings, self.interval, self.store, self.report) = (slot, settings, interval, store, report)
        self.folder = ModelFolder(store: store, root: folder)
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let newest = try await self.folder.newest()
        if let newest { slot.exchange(for: Suggester(newest.model, labels: settings.labels, errorBudget: settings.errorBudget)) }
        trained = newest?.record ?? LearningRecord()
        (known, number) = (trained, newest?.number ?? 0)
        nextLook = trained.labeled + interval
    }

    /// Notes that an output manifest was written; returns at once.
    ///
    /// - Parameter labeled: Labeled objects in it.
    package func learn(from manifest: ObjectURI, attribute: String, labeled: Int) {
        known.note(LearningRecord.Manifest(uri: manifest, attribute: attribute, labeled: labeled))
        if known.labeled >= nextLook { wake.yield() }
    }

    /// Trains when there is enough to learn, until the task is cancelled.
    package func run() async {
        for await _ in wakes where known.labeled >= nextLook {
            do { try await trainIfWorthIt() } catch is CancellationError { return } catch {
                report(.failed(reason: "\(error)"))
                nextLook = known.labeled + interval
            }
        }
    }

    private func trainIfWorthIt() async throws {
        var record = known
        let documents = try await documents(of: record)
        let hashes = documents.map { sha256Hex($0.text.bytes) }
        let news = zip(documents, hashes).filter { !trained.texts.contains($1) }.map(\.0)
        guard news.count >= interval else {
            nextLook = record.labeled + interval - news.count
            return
        }
        nextLook = record.labeled + interval
        record.texts = Set(hashes)
        let source = "learned-\(ModelFolder.name(of: number + 1))"
        let (old, kind) = (slot.suggester.model, slot.suggester.model.kind)
        // The kind stays: a job's tasks do not change theirs.
        let (model, training) = try await DetachedWork.run { try SuggestionModel.train(on: documents, kind: kind, source: source) }
        let oldScore = old.score(on: news)
        if let oldScore, oldScore > training.score {
            return report(.notBetter(texts: training.documents, score: training.score, oldScore: oldScore))
        }
        let names = record.manifests.map { "\($0.uri)" }.joined(separator: ", ")
        let card = ModelCard(model: model, report: training, data: names, command: "prelabel serve --retrain-after \(interval)")
        let place = try await folder.add(model, card: card, record: record, number: number + 1)
        number += 1
        trained = record
        slot.exchange(for: Suggester(model, labels: settings.labels, errorBudget: settings.errorBudget))
        report(.exchanged(folder: place, texts: training.documents, score: training.score, oldScore: oldScore))
    }

    /// The labeled texts of all manifests. A line that cannot be used is left out, as is a manifest that is gone.
    private func documents(of record: LearningRecord) async throws -> [TrainingDocument] {
        var documents: [TrainingDocument] = []
        for manifest in record.manifests {
            do {
                let reader = try await DatasetReader(store: store, input: manifest.uri, attribute: manifest.attribute)
                try await reader.forEachItem { item in
                    guard case .document(let document) = item else { return }
                    documents.append(TrainingDocument(text: document.text, spans: document.entities.map(\.span)))
                }
            } catch let error as StorageError where error.code == .notFound {
                continue
            }
        }
        return documents
    }
}
