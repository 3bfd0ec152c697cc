import Functions
import GroundTruth
package import Storage
package import Suggestions
import TrainingData

/// Adds a model's suggestions to span JSON Lines, a record at a time.
package struct SpanSuggestion: Sendable {
    package enum Outcome: Sendable {
        /// The record with `suggestions`, and its LF.
        case line([UInt8])
        /// A record that cannot be read; the others are.
        case failure(line: Int, reason: String)
    }

    private let store: any ObjectStore
    private let model: SuggestionModel

    package init(store: any ObjectStore, model: SuggestionModel) { (self.store, self.model) = (store, model) }

    package func run(spans: ObjectURI, _ body: (Outcome) throws -> Void) async throws {
        try await store.forEachLine(of: spans) { line in
            guard line.bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
            let outcome: Outcome
            do throws(RecordError) {
                let record = try SpanRecord(parsing: line.bytes, number: line.number)
                // Four digits are more than a confidence holds.
                let suggestions = model.suggest(record.text, sentences: record.sentences).map {
                    ScoredSpan(span: $0.span, confidence: ($0.confidence * 10_000).rounded() / 10_000)
                }
                outcome = .line(record.setting(suggestions: suggestions) + [0x0A])
            } catch {
                outcome = .failure(line: line.number, reason: "\(error)")
            }
            try body(outcome)
        }
    }
}

extension SuggestionModel {
    /// The model of a folder that ``ModelTraining`` wrote.
    ///
    /// - Throws: ``SuggestionError``, or what the store throws.
    package init(folder: ObjectURI, store: any ObjectStore) async throws {
        try self.init(bytes: try await store.get(folder.appending("model"), atMost: Self.maximumBytes))
    }
}
