package import Annotations

/// The disputed places of consolidated documents, those first whose decision settles most.
///
/// A dispute is a place with all readings that overlap it, chosen or not. A decision there is expected to settle as many errors as its
/// readings' chances say: 1 - p for each chosen one that may be wrong, and p for each other one that may be right.
package struct AdjudicationList: Sendable {
    package struct Dispute: Sendable {
        /// The document's place in the list given.
        package let document: Int
        package let documentID: String
        /// The number of errors that a decision is expected to settle.
        package let expectedErrors: Double
        /// The readings, by start, end and label.
        package let readings: [Reading]
    }

    package struct Reading: Sendable {
        package let span: ScalarSpan
        package let confidence: Double
        package let isChosen: Bool
    }

    /// By expected errors, most first; equal ones by document id and place, so that the order of documents does not count.
    package let disputes: [Dispute]

    /// Decisions that settle less are not listed.
    package static let minimumErrors = 0.05

    package init(_ documents: [ConsolidatedDocument<ScalarOffset>]) {
        disputes = documents.enumerated().flatMap { Self.disputes(in: $1, at: $0) }
            .sorted { left, right in
                if left.expectedErrors != right.expectedErrors { return left.expectedErrors > right.expectedErrors }
                if left.documentID != right.documentID { return left.documentID < right.documentID }
                return (left.document, left.readings[0].span) < (right.document, right.readings[0].span)
            }
    }

    private static func disputes(in document: ConsolidatedDocument<ScalarOffset>, at index: Int) -> [Dispute] {
        let readings =
            (document.spans.map { Reading(span: $0.span, confidence: $0.confidence, isChosen: true) }
            + document.alternatives.map { Reading(span: $0.span, confidence: $0.confidence, isChosen: false) })
            .sorted { ($0.span, $0.isChosen ? 0 : 1) < ($1.span, $1.isChosen ? 0 : 1) }
        var groups: [[Reading]] = []
        var end = -1
        for reading in readings {
            if reading.span.start.rawValue < end { groups[groups.count - 1].append(reading) } else { groups.append([reading]) }
            end = max(end, reading.span.end.rawValue)
        }
        return groups.compactMap { group in
            let errors = group.reduce(0) { $0 + ($1.isChosen ? 1 - $1.confidence : $1.confidence) }
            guard errors >= minimumErrors else { return nil }
            return Dispute(document: index, documentID: document.id, expectedErrors: errors, readings: group)
        }
    }
}
