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
    private let suggester: Suggester

    package init(store: any ObjectStore, suggester: Suggester) { (self.store, self.suggester) = (store, suggester) }

    package func run(spans: ObjectURI, _ body: (Outcome) throws -> Void) async throws {
        let model = suggester.model
        let provenance: [String: JSONOutput] = ["source": .string(model.source), "version": .string(model.version)]
        try await store.forEachLine(of: spans) { line in
            guard !line.isBlank else { return }
            let outcome: Outcome
            do throws(RecordError) {
                let record = try SpanRecord(parsing: line.bytes, number: line.number)
                let suggestions = suggester.suggest(record.text, sentences: record.sentences).map {
                    ScoredSpan(span: $0.span, confidence: $0.confidence, provenance: provenance)
                }
                outcome = .line(record.setting(suggestions: suggestions) + [0x0A])
            } catch {
                outcome = .failure(line: line.number, reason: "\(error)")
            }
            try body(outcome)
        }
    }
}
