package import Annotations

/// Every different span that anybody marked, with those who did.
package struct AllAnswers: Consolidator {
    package init() {}

    package func consolidate<Position>(_ documents: [AnsweredDocument<Position>]) -> [ConsolidatedDocument<Position>] {
        documents.map { ConsolidatedDocument(id: $0.id, spans: SpanVotes($0.answers).consolidated(rule: .marked)) }
    }
}

/// The spans, edges and label alike, that more than half of a document's workers marked; the confidence is their share. Overlapping
/// and nested spans stand side by side. One worker's answer stands as it is.
package struct MajorityVote: Consolidator {
    package init() {}

    package func consolidate<Position>(_ documents: [AnsweredDocument<Position>]) -> [ConsolidatedDocument<Position>] {
        documents.map { document in
            let votes = SpanVotes(document.answers).consolidated(rule: .overHalf)
            return ConsolidatedDocument(
                id: document.id, spans: votes.filter { $0.confidence > 0.5 },
                alternatives: votes.filter { (0.05...0.5).contains($0.confidence) })
        }
    }
}

/// ``GroundTruthRule`` for each document by itself.
package struct GroundTruthConsolidation: Consolidator {
    private let labelOrder: [Label]

    package init(labelOrder: [Label] = []) { self.labelOrder = labelOrder }

    package func consolidate<Position>(_ documents: [AnsweredDocument<Position>]) -> [ConsolidatedDocument<Position>] {
        documents.map { document in
            do throws(ConsolidationError) {
                let spans = try GroundTruthRule.consolidate(document.answers, labelOrder: labelOrder)
                let chosen = Set(spans.map(\.span))
                let others = SpanVotes(document.answers).consolidated(rule: .marked).filter { !chosen.contains($0.span) }
                return ConsolidatedDocument(id: document.id, spans: spans, alternatives: others.filter { $0.confidence >= 0.05 })
            } catch {
                return ConsolidatedDocument(id: document.id, spans: [], failure: error)
            }
        }
    }
}
