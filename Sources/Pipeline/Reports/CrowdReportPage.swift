import Annotations
package import Consolidation
package import Functions
package import GroundTruth
package import Storage
import TrainingData

/// The data of the page on workers and disputes.
package struct CrowdReportPage: Sendable {
    /// More documents would make a file that no browser likes; the rest is said to be left out.
    static let maximumDocuments = 40

    private let outcome: CrowdOutcome
    private let method: ConsolidationMethod
    private let blindShare: BlindShare?
    private let store: any ObjectStore

    /// - Parameter blindShare: See ``CrowdOutcome/suggestionReport(blindShare:)``.
    package init(_ outcome: CrowdOutcome, method: ConsolidationMethod, blindShare: BlindShare?, store: any ObjectStore) {
        (self.outcome, self.method, self.blindShare, self.store) = (outcome, method, blindShare, store)
    }

    package func data() async throws -> JSONOutput {
        let disputes = Dictionary(grouping: AdjudicationList(outcome.results).disputes, by: \.document)
        let totals = disputes.mapValues { $0.reduce(0) { $0 + $1.expectedErrors } }
        let order = totals.keys.sorted {
            let (left, right) = (totals[$0] ?? 0, totals[$1] ?? 0)
            return left != right ? left > right : (outcome.results[$0].id, $0) < (outcome.results[$1].id, $1)
        }
        var pages: [JSONOutput] = []
        for index in order.prefix(Self.maximumDocuments) { pages.append(try await page(index, disputes[index] ?? [])) }
        return [
            "changes": try changes(), "documents": .int(outcome.documents.count),
            "leftOut": .int(max(0, order.count - Self.maximumDocuments)), "method": .string(method.rawValue),
            "pages": .array(pages), "spans": .int(outcome.results.reduce(0) { $0 + $1.spans.count }),
            "suggestions": try outcome.suggestionReport(blindShare: blindShare)?.json ?? .null,
            "workers": WorkerReport(outcome.documents).json,
        ]
    }

    private func page(_ index: Int, _ disputes: [AdjudicationList.Dispute]) async throws -> JSONOutput {
        let record = try outcome.record(index)
        let result = outcome.results[index]
        var page = try await ReportedPage(record.line, store: store).json
        page["name"] = .string(record.id)
        page["text"] = .string(record.text.string)
        page["disputes"] = .array(disputes.map(\.json))
        page["entities"] = .array(result.spans.map { ScoredSpan($0).json })
        page["workers"] = .array(
            outcome.documents[index].answers.map { answer in
                ["entities": .array(answer.spans.map { ScoredSpan(span: $0).json }), "id": .string(answer.workerID)]
            })
        return .object(page)
    }

    /// By label; `null` when no document had spans before.
    private func changes() throws -> JSONOutput {
        var changes = ConsolidationChanges()
        var hasSpans = false
        for index in outcome.documents.indices {
            guard let before = try outcome.record(index).entities else { continue }
            hasSpans = true
            changes.add(before: before.map(\.span), after: outcome.results[index].spans.map(\.span))
        }
        guard hasSpans else { return .null }
        return .array(
            changes.labels.map { label, counts in
                [
                    "added": .int(counts.added), "dropped": .int(counts.dropped), "kept": .int(counts.kept),
                    "label": .string(label.name), "moved": .int(counts.moved), "relabeled": .int(counts.relabeled),
                ]
            })
    }
}
