import Annotations
package import Consolidation
import Functions
import GroundTruth
package import Storage
import TrainingData

/// Consolidates span JSON Lines, a record at a time.
package struct SpanConsolidation: Sendable {
    package enum Outcome: Sendable {
        /// The record with `entities`, and its LF.
        case line([UInt8])
        /// A record that cannot be consolidated; the others are.
        case failure(line: Int, reason: String)
    }

    private let store: any ObjectStore
    private let method: ConsolidationMethod

    package init(store: any ObjectStore, method: ConsolidationMethod) { (self.store, self.method) = (store, method) }

    package func run(spans: ObjectURI, _ body: (Outcome) throws -> Void) async throws {
        try await store.forEachLine(of: spans) { line in
            guard !line.isBlank else { return }
            let outcome: Outcome
            do {
                let record = try SpanRecord(parsing: line.bytes, number: line.number)
                outcome = .line(try consolidated(record) + [0x0A])
            } catch {
                outcome = .failure(line: line.number, reason: "\(error)")
            }
            try body(outcome)
        }
    }

    private func consolidated(_ record: SpanRecord) throws -> [UInt8] {
        switch method {
        case .allWorkers: return Array(record.line.raw)
        case .groundTruth:
            let spans = try GroundTruthRule.consolidate(record.answers, labelOrder: [])
            return record.setting(entities: spans.map { ScoredSpan(span: $0.span, confidence: $0.confidence) })
        }
    }
}
