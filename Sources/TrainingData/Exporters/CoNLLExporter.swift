import Algorithms
import Annotations
import GroundTruth

/// CoNLL-2003 columns (word, `-X-`, `_`, tag), a blank line after each sentence; without `sentences` the document is one.
///
/// The format keeps neither offsets nor texts: `PART.tokens.jsonl` has them, a line a document.
struct CoNLLExporter: Exporter {
    let scheme: TagScheme

    /// The line that parts documents, as `spacy convert` knows it.
    static let documentStart = "-DOCSTART- -X- O O"

    mutating func begin(part: String) -> [FilePiece] { [FilePiece("\(part).conll", "")] }

    mutating func export(_ document: LabeledDocument, part: String) throws(RecordError) -> Exported {
        var spans = TokenRanges(document) { !$0.name.isEmpty && !$0.name.unicodeScalars.contains(where: \.isColumnBreak) }
        let tags = scheme.tags(for: spans.spans, count: spans.tokens.count)
        let sentences = document.sentences ?? []
        var ends = sentences.map { sentence in spans.tokens.partitioningIndex { $0.lowerBound >= sentence.upperBound } }
        // A blank line inside a span would cut it in two.
        let cut = spans.spans.filter { span in ends.contains { $0 > span.first && $0 < span.end } }
        ends.removeAll { end in cut.contains { end > $0.first && end < $0.end } }
        for span in cut {
            spans.note(
                Loss(
                    id: document.id, code: "sentences-joined", message: "the span runs over the end of a sentence",
                    span: ScalarSpan(
                        start: spans.tokens[span.first].lowerBound, end: spans.tokens[span.end - 1].upperBound, label: span.label)))
        }
        var text = "\(Self.documentStart)\n\n"
        for (index, token) in spans.tokens.enumerated() {
            text += "\(column(document.text.slice(token))) -X- _ \(tags[index])\n"
            if index + 1 == spans.tokens.count || ends.contains(index + 1) { text += "\n" }
        }
        return Exported(
            [
                FilePiece("\(part).conll", text),
                FilePiece("\(part).tokens.jsonl", TokenLine.bytes(of: document, tokens: spans.tokens, scheme: scheme)),
            ], losses: spans.losses)
    }

    /// Readers split columns at any white space, so that inside a token it becomes `_`; the tokens' line has the text as it is.
    private func column(_ token: String) -> String {
        guard token.unicodeScalars.contains(where: \.isColumnBreak) else { return token }
        return String(String.UnicodeScalarView(token.unicodeScalars.map { $0.isColumnBreak ? "_" : $0 }))
    }

    mutating func finish() -> Exported { Exported() }
}
