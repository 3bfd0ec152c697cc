import Functions
import GroundTruth
import Storage
import Suggestions

/// Where a ``ModelLearner`` keeps its models: `0001`, `0002` and so on below one folder, none of which is ever written again or removed.
struct ModelFolder {
    let store: any ObjectStore
    let root: ObjectURI

    private static let record = "training.json"

    /// The newest model with what it was trained on; `nil` before the first.
    func newest() async throws -> (model: SuggestionModel, record: LearningRecord, number: Int)? {
        guard let number = try await numbers().max() else { return nil }
        let folder = root.appending(Self.name(of: number))
        let record = try await store.get(folder.appending(Self.record), atMost: LearningRecord.maximumBytes)
        return (try await SuggestionModel(folder: folder, store: store), try LearningRecord(parsing: record), number)
    }

    /// Adds a model; it is there once its file `model` is, which is written last.
    func add(_ model: SuggestionModel, card: ModelCard, record: LearningRecord, number: Int) async throws -> ObjectURI {
        let folder = root.appending(Self.name(of: number))
        try await store.put(record.json.bytes + [0x0A], to: folder.appending(Self.record))
        try await store.put(Array(card.text.utf8), to: folder.appending("README.md"))
        try await store.put(model.bytes, to: folder.appending("model"))
        return folder
    }

    static func name(of number: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private func numbers() async throws -> [Int] {
        guard case .folder(_, let names) = try await store.listing(of: root) else { return [] }
        return names.compactMap { name in
            let parts = name.split(separator: "/")
            return parts.count == 2 && parts[1] == "model" ? Int(parts[0]) : nil
        }
    }
}
