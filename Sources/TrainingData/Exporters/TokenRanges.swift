import Algorithms
import Annotations
import GroundTruth

/// A span of whole tokens; `end` is exclusive.
struct TokenRange: Hashable, Sendable {
    let first: Int
    let end: Int
    let label: Label
}

/// A document's spans on its tokens.
///
/// White space at the edges is trimmed, and a span that starts or ends inside a token is widened to it; both are reported.
struct TokenRanges {
    let tokens: [Range<ScalarOffset>]
    /// In the order of tokens; without overlaps when they are flat.
    private(set) var spans: [TokenRange] = []
    private(set) var losses: [Loss]

    /// - Parameters:
    ///   - tokens: Ascending; the document's own unless others are given.
    ///   - isFlat: Whether the format holds one span a token; see ``FlatSpans``.
    ///   - holdsLabel: Whether the format can write a label; spans with others are left out and reported.
    init(
        _ document: LabeledDocument, tokens: [Range<ScalarOffset>]? = nil, isFlat: Bool = true,
        holdsLabel: (Label) -> Bool = { _ in true }
    ) {
        self.tokens = tokens ?? document.tokens
        let trimmed = isFlat ? FlatSpans.make(of: document) : FlatSpans.trim(document)
        losses = trimmed.losses
        var end = 0
        for span in trimmed.spans.sorted() {
            guard holdsLabel(span.label) else {
                losses.append(
                    Loss(id: document.id, code: "unwritable-label", message: "the format cannot write this label", span: span))
                continue
            }
            let first = self.tokens.partitioningIndex { $0.upperBound > span.start }
            let last = self.tokens.partitioningIndex { $0.lowerBound >= span.end } - 1
            guard first <= last else {
                losses.append(Loss(id: document.id, code: "no-token", message: "no token lies in the span", span: span))
                continue
            }
            guard !isFlat || first >= end else {
                losses.append(
                    Loss(id: document.id, code: "overlap", message: "the span shares a token with an earlier one", span: span))
                continue
            }
            if self.tokens[first].lowerBound != span.start || self.tokens[last].upperBound != span.end {
                losses.append(
                    Loss(
                        id: document.id, code: "widened", message: "the span starts or ends inside a token and was widened",
                        span: span))
            }
            spans.append(TokenRange(first: first, end: last + 1, label: span.label))
            end = last + 1
        }
        guard !isFlat else { return }
        // Widening may have made two spans one.
        var seen: Set<TokenRange> = []
        spans = spans.filter { seen.insert($0).inserted }
    }

    mutating func note(_ loss: Loss) { losses.append(loss) }
}

/// The line of `PART.tokens.jsonl` that says where a document's tokens stand, for formats that keep no offsets.
enum TokenLine {
    static func bytes(of document: LabeledDocument, tokens: [Range<ScalarOffset>], scheme: TagScheme?) -> [UInt8] {
        var members: [String: JSONOutput] = [
            "id": .string(document.id), "text": .string(document.text.string), "tokens": .ranges(tokens),
        ]
        members["scheme"] = scheme.map { .string($0.rawValue) }
        members["sentences"] = document.sentences.map { .ranges($0) }
        return JSONOutput.object(members).bytes + [0x0A]
    }
}

extension JSONOutput {
    static func ranges(_ ranges: [Range<ScalarOffset>]) -> JSONOutput {
        .array(ranges.map { [.int($0.lowerBound.rawValue), .int($0.upperBound.rawValue)] })
    }
}
