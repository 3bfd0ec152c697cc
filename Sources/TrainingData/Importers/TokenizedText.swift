import Annotations
import GroundTruth

/// A text with where its tokens and sentences stand, for formats of tokens.
struct TokenizedText {
    let text: DocumentText
    let tokens: [Range<ScalarOffset>]
    let sentences: [Range<ScalarOffset>]?

    /// Tokens parted by a blank, sentences by LF, for files that say no more.
    ///
    /// - Parameter sentences: None of them empty; one alone is not noted as such.
    init(joining sentences: [[String]]) {
        var text = ""
        var tokens: [Range<ScalarOffset>] = []
        var ranges: [Range<ScalarOffset>] = []
        var position = 0
        for (number, sentence) in sentences.enumerated() {
            let start = number == 0 ? 0 : position + 1
            for (index, token) in sentence.enumerated() {
                if index > 0 || number > 0 {
                    text += index > 0 ? " " : "\n"
                    position += 1
                }
                let end = position + token.unicodeScalars.count
                tokens.append(ScalarOffset(position)..<ScalarOffset(end))
                text += token
                position = end
            }
            ranges.append(ScalarOffset(start)..<ScalarOffset(position))
        }
        (self.text, self.tokens, self.sentences) = (DocumentText(text), tokens, ranges.count > 1 ? ranges : nil)
    }

    /// The text and tokens of a line of `PART.tokens.jsonl`.
    ///
    /// - Throws: ``RecordError`` when these are not the tokens of the file.
    init(line: [UInt8], tokens expected: [String], isWritten: (_ token: String, _ column: String) -> Bool) throws(RecordError) {
        let record = try SpanRecord(parsing: line, number: 0)
        guard let tokens = record.tokens, tokens.count == expected.count else {
            throw RecordError(
                "tokens-differ", "\(expected.count) tokens, but \(record.tokens?.count ?? 0) in the line of the tokens' file")
        }
        for (range, column) in zip(tokens, expected) {
            let token = record.text.slice(range)
            guard isWritten(token, column) else {
                throw RecordError(
                    "tokens-differ", "token `\(column.prefix(60))` is `\(token.prefix(60))` in the line of the tokens' file")
            }
        }
        (text, self.tokens, sentences) = (record.text, tokens, record.sentences)
    }

    /// Tokens at given places of a text.
    ///
    /// - Throws: ``RecordError`` when other text stands there.
    init(_ text: DocumentText, tokens words: [String], starts: [Int], ends: [Int]) throws(RecordError) {
        guard starts.count == words.count, ends.count == words.count else {
            throw RecordError("tokens-differ", "\(words.count) tokens with \(starts.count) starts and \(ends.count) ends")
        }
        let spans = zip(words, zip(starts, ends)).map { word, place in
            ReadSpan(start: place.0, end: place.1, label: "token", surface: word)
        }
        let resolved = try OffsetResolver(text, documented: .codePoints).resolve([spans]).spans[0]
        (self.text, sentences) = (text, nil)
        tokens = try resolved.map { $0.span.start..<$0.span.end }.checkedTokens()
    }

    /// - Throws: ``RecordError`` for a span outside the tokens.
    func spans(_ ranges: [TokenRange]) throws(RecordError) -> [ScoredSpan] {
        try ranges.mapping { range throws(RecordError) in
            guard tokens.indices.contains(range.first), range.first < range.end, range.end <= tokens.count,
                let span = ScalarSpan(
                    start: tokens[range.first].lowerBound, end: tokens[range.end - 1].upperBound, label: range.label)
            else {
                throw RecordError(
                    "bad-span", "tokens \(range.first)..<\(range.end) (\(range.label)) are no span of \(tokens.count) tokens")
            }
            return ScoredSpan(span: span, confidence: nil)
        }
    }

    func document(id: String?, spans ranges: [TokenRange]) throws(RecordError) -> ImportedDocument {
        var document = ImportedDocument(id: id, text: text, entities: try spans(ranges))
        (document.tokens, document.sentences) = (tokens, sentences)
        return document
    }
}

extension [Range<ScalarOffset>] {
    /// - Throws: ``RecordError`` unless they ascend and lie apart.
    func checkedTokens() throws(RecordError) -> Self {
        for (left, right) in zip(self, dropFirst()) where left.upperBound > right.lowerBound {
            throw RecordError(
                "bad-tokens", "token \(right.lowerBound)..<\(right.upperBound) starts before the end of the one before")
        }
        return self
    }
}
