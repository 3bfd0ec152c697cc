import Annotations
import GroundTruth

/// CoNLL columns: the word first, the tag last, a blank line after each sentence, in any of the tag schemes.
///
/// A line `-DOCSTART-` starts a document; in a file without one every sentence is a document. The texts are those of
/// `PART.tokens.jsonl`, else the tokens parted by blanks and the sentences by line ends.
struct CoNLLImporter: Importer {
    func holdsData(_ name: String) -> Bool {
        let file = FileName(name)
        return ["conll", "bio", "iob", "tsv", "txt"].contains(file.fileExtension) && !file.isAccompanying
    }

    func read(_ name: String, from files: any ImportFiles, _ body: (ImportedItem) async throws -> Void) async throws {
        let file = FileName(name)
        var reading = Reading(name: name, tokenLines: try await files.lines(of: file.beside("\(file.stem).tokens.jsonl")))
        var splitter = LineSplitter()
        try await files.read(name) { piece in
            for line in splitter.append(piece) {
                for item in reading.take(line) { try await body(item) }
            }
        }
        if let last = splitter.finish() { for item in reading.take(last) { try await body(item) } }
        for item in reading.finish() { try await body(item) }
    }

    /// What was read of the document that is not finished.
    private struct Reading {
        let name: String
        let tokenLines: (any NumberedLines)?
        private var sentences: [[String]] = []
        private var words: [String] = []
        private var tags: [String] = []
        private var hasStarts = false
        private var isBegun = false
        private var startLine = 1
        private var documents = 0

        init(name: String, tokenLines: (any NumberedLines)?) { (self.name, self.tokenLines) = (name, tokenLines) }

        mutating func take(_ line: LineSplitter.Line) -> [ImportedItem] {
            var text = Substring(decoding: line.bytes, as: UTF8.self).unicodeScalars
            if line.number == 1, text.first == "\u{FEFF}" { text.removeFirst() }
            let columns = text.split(whereSeparator: \.isColumnBreak).map { String(Substring($0)) }
            guard !columns.isEmpty else {
                endSentence()
                // Sentences are the documents of a file that starts none.
                return hasStarts ? [] : finish()
            }
            if columns[0] == "-DOCSTART-", columns.count < 3 || columns[2] != "_" {
                let items = finish()
                (hasStarts, isBegun, startLine) = (true, true, line.number)
                return items
            }
            if !isBegun { (isBegun, startLine) = (true, line.number) }
            words.append(columns[0])
            tags.append(columns.count > 1 ? columns[columns.count - 1] : "")
            return []
        }

        private mutating func endSentence() {
            if !words.isEmpty { sentences.append(words) }
            words = []
        }

        mutating func finish() -> [ImportedItem] {
            endSentence()
            guard isBegun else { return [] }
            defer {
                (sentences, tags, isBegun) = ([], [], false)
                documents += 1
            }
            do throws(RecordError) {
                return [.document(try document())]
            } catch {
                return [.problem(ImportProblem(error, file: name, line: startLine))]
            }
        }

        private func document() throws(RecordError) -> ImportedDocument {
            let spans = try TagScheme.spans(of: tags)
            guard let tokenLines else {
                return try TokenizedText(joining: sentences).document(
                    id: "\(FileName(name).stem)-\(documents + 1)", spans: spans)
            }
            guard let line = (try? tokenLines.line(documents)) ?? nil else {
                throw RecordError("no-tokens", "the tokens' file has no line \(documents + 1)")
            }
            let text = try TokenizedText(line: line, tokens: sentences.flatMap(\.self)) { token, column in
                token.unicodeScalars.elementsEqual(column.unicodeScalars) { $0 == $1 || $1 == "_" && $0.isColumnBreak }
            }
            return try text.document(id: SpanRecord(parsing: line, number: documents + 1).id, spans: spans)
        }
    }
}
