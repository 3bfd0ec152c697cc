import Annotations
import GroundTruth

/// GLiNER's rows; the text is that of `PART.tokens.jsonl`, else the tokens parted by blanks.
enum GLiNERImport {
    static func outcome(_ row: JSONValue, _ context: RecordImporter.Context) throws(RecordError) -> RecordImporter.Outcome {
        let words = try row.words("tokenized_text")
        let ranges = try row.elements("ner").mapping { element throws(RecordError) in
            guard let parts = element.array, parts.count >= 3, let first = parts[0].int, let last = parts[1].int,
                let label = parts[2].string, last < Int.max
            else { throw RecordError("bad-span", "\(element.excerpt) is no span: expected [first, last, label]") }
            return TokenRange(first: first, end: last + 1, label: Label(label))
        }
        var id: String?
        var text = TokenizedText(joining: words.isEmpty ? [] : [words])
        if let line = try context.tokenLine() {
            text = try TokenizedText(line: line, tokens: words) { $0.utf8.elementsEqual($1.utf8) }
            id = try? SpanRecord(parsing: line, number: context.index + 1).id
        }
        return RecordImporter.Outcome(documents: [try text.document(id: id, spans: ranges)])
    }
}

/// Hugging Face rows of token classification, with tags as names or as numbers of the dataset card's classes.
enum HuggingFaceImport {
    static func outcome(_ row: JSONValue, _ context: RecordImporter.Context) throws(RecordError) -> RecordImporter.Outcome {
        let words = try row.words("tokens")
        let tags = try row.elements(row["ner_tags"] == nil ? "tags" : "ner_tags").mapping { tag throws(RecordError) in
            if let name = tag.string { return name }
            guard let names = context.classNames else {
                throw RecordError(
                    "no-class-names", "tags are numbers, and no \(DatasetCard.fileName) beside the file names their classes")
            }
            guard let number = tag.int, let name = names[number] else {
                throw RecordError("bad-tag", "\(tag.excerpt) is no class of the dataset card")
            }
            return name
        }
        guard tags.count == words.count else {
            throw RecordError("bad-record", "\(words.count) tokens with \(tags.count) tags")
        }
        var text = TokenizedText(joining: words.isEmpty ? [] : [words])
        if let stored = row["text"]?.string, let starts = row["start"]?.array, let ends = row["end"]?.array {
            text = try TokenizedText(
                DocumentText(stored), tokens: words, starts: starts.compactMap(\.int), ends: ends.compactMap(\.int))
        }
        return RecordImporter.Outcome(
            documents: [try text.document(id: row["id"]?.identifier, spans: try TagScheme.spans(of: tags))])
    }
}

extension JSONValue {
    fileprivate func words(_ key: String) throws(RecordError) -> [String] {
        guard let elements = self[key]?.array else { throw RecordError("bad-record", "expected an array `\(key)`") }
        return try elements.mapping { element throws(RecordError) in
            guard let word = element.string, !word.isEmpty else {
                throw RecordError("bad-record", "\(element.excerpt) in `\(key)` is no token")
            }
            return word
        }
    }
}

extension RecordImporter.Context {
    /// The record's line of `PART.tokens.jsonl`; `nil` without that file.
    fileprivate func tokenLine() throws(RecordError) -> [UInt8]? {
        guard let tokenLines else { return nil }
        guard let line = (try? tokenLines.line(index)) ?? nil else {
            throw RecordError("no-tokens", "the tokens' file has no line \(index + 1)")
        }
        return line
    }
}
