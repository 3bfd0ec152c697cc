import Annotations
import GroundTruth

/// CoNLL-2003 columns (word, `-X-`, `_`, tag) with tags in BIO2; the document is one sentence.
///
/// The format keeps no offsets: a sidecar line per document has the tokens' scalar ranges and the text's SHA-256. A span that
/// starts or ends inside a token is widened to whole tokens, and reported.
package struct CoNLLExporter: Exporter {
    package let fileExtension = "conll"
    private let sha256: @Sendable ([UInt8]) -> String

    /// - Parameter sha256: Hexadecimal digest for the sidecar.
    package init(sha256: @escaping @Sendable ([UInt8]) -> String) { self.sha256 = sha256 }

    package func export(_ document: LabeledDocument) throws(RecordError) -> Exported {
        let tokens = Tokenizer.tokens(of: document.text)
        var (spans, losses) = FlatSpans.make(of: document)
        var tags = Array(repeating: "O", count: tokens.count)
        spans.sort()
        for span in spans {
            guard !span.label.name.contains(where: \.isWhitespace), !span.label.name.isEmpty else {
                losses.append(
                    Loss(
                        id: document.id, code: "unwritable-label", message: "a CoNLL tag cannot be empty or hold white space",
                        span: span)
                )
                continue
            }
            let first = tokens.partitioningIndex { $0.upperBound > span.start }
            let end = tokens.partitioningIndex { $0.lowerBound >= span.end }
            guard first < end else {
                losses.append(Loss(id: document.id, code: "no-token", message: "no token lies in the span", span: span))
                continue
            }
            guard tags[first..<end].allSatisfy({ $0 == "O" }) else {
                losses.append(
                    Loss(id: document.id, code: "overlap", message: "the span shares a token with an earlier one", span: span))
                continue
            }
            if tokens[first].lowerBound != span.start || tokens[end - 1].upperBound != span.end {
                losses.append(
                    Loss(
                        id: document.id, code: "widened", message: "the span starts or ends inside a token and was widened",
                        span: span))
            }
            tags[first] = "B-\(span.label)"
            for index in first + 1..<max(first + 1, end) { tags[index] = "I-\(span.label)" }
        }
        var text = "-DOCSTART- -X- O O\n\n"
        for (token, tag) in zip(tokens, tags) { text += "\(document.text.slice(token)) -X- _ \(tag)\n" }
        if !tokens.isEmpty { text += "\n" }
        let ranges: [JSONOutput] = tokens.map { [.int($0.lowerBound.rawValue), .int($0.upperBound.rawValue)] }
        let sidecar: JSONOutput = [
            "id": .string(document.id), "scheme": "BIO2", "text-sha256": .string(sha256(document.text.bytes)),
            "tokens": .array(ranges),
        ]
        return Exported(bytes: Array(text.utf8), sidecar: sidecar.bytes + [0x0A], losses: losses)
    }
}
