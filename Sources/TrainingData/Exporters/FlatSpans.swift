import Algorithms
import Annotations

/// Spans as flat formats take them: trimmed of white space, without overlaps.
///
/// Where spans overlap, the longest stays, then the earliest, the one of higher confidence, the label first in bytes.
enum FlatSpans {
    static func make(of document: LabeledDocument) -> (spans: [ScalarSpan], losses: [Loss]) {
        var (candidates, losses) = trimmedSpans(of: document)
        candidates.sort { left, right in
            if left.span.length != right.span.length { return left.span.length > right.span.length }
            if left.span.start != right.span.start { return left.span.start < right.span.start }
            let (leftConfidence, rightConfidence) = (left.confidence ?? 0, right.confidence ?? 0)
            if leftConfidence != rightConfidence { return leftConfidence > rightConfidence }
            return left.span.label < right.span.label
        }
        var kept: [ScalarSpan] = []
        for candidate in candidates {
            // Kept spans are sorted and do not overlap: only the neighbours of the place can be in the way.
            let place = kept.partitioningIndex { $0.start >= candidate.span.start }
            let neighbours = kept[max(0, place - 1)..<min(kept.count, place + 1)]
            if let owner = neighbours.first(where: { $0.overlaps(candidate.span) }) {
                losses.append(
                    Loss(
                        id: document.id, code: "overlap",
                        message: "a flat format cannot hold it beside \(owner.start)..<\(owner.end) (\(owner.label))",
                        span: candidate.span))
            } else {
                kept.insert(candidate.span, at: place)
            }
        }
        return (kept, losses)
    }

    /// The spans without white space at their edges, for formats that hold overlaps.
    static func trim(_ document: LabeledDocument) -> (spans: [ScalarSpan], losses: [Loss]) {
        let (spans, losses) = trimmedSpans(of: document)
        return (spans.map(\.span), losses)
    }

    private static func trimmedSpans(of document: LabeledDocument) -> ([ScoredSpan], [Loss]) {
        var losses: [Loss] = []
        var candidates: [ScoredSpan] = []
        for scored in document.entities {
            guard let trimmed = trimmed(scored.span, in: document.text) else {
                losses.append(
                    Loss(id: document.id, code: "only-white-space", message: "the span holds white space only", span: scored.span))
                continue
            }
            if trimmed != scored.span {
                losses.append(
                    Loss(
                        id: document.id, code: "trimmed", message: "white space at an edge is not part of the exported span",
                        span: scored.span))
            }
            candidates.append(ScoredSpan(span: trimmed, confidence: scored.confidence))
        }
        return (candidates, losses)
    }

    private static func trimmed(_ span: ScalarSpan, in text: DocumentText) -> ScalarSpan? {
        let scalars = text.slice(span).unicodeScalars
        guard scalars.first?.properties.isWhitespace == true || scalars.last?.properties.isWhitespace == true else { return span }
        let leading = scalars.prefix { $0.properties.isWhitespace }.count
        let trailing = scalars.reversed().prefix { $0.properties.isWhitespace }.count
        return ScalarSpan(
            start: ScalarOffset(span.start.rawValue + leading), end: ScalarOffset(span.end.rawValue - trailing), label: span.label)
    }
}
