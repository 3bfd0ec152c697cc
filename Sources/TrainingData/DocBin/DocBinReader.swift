import Annotations

/// Reads spaCy's DocBin: texts from words and spaces, entities from ENT_IOB and ENT_TYPE, and the span group `sc` where a document
/// has one.
struct DocBinReader {
    /// An unpacked bin of more bytes is refused.
    private static let maximumBytes = 1 << 30

    private let columns: Columns
    private let tokens: [UInt8]
    private let spaces: [UInt8]
    private let lengths: [Int]
    private let names: [UInt64: String]
    private let spanGroups: [MessagePack]
    private let userData: [MessagePack]

    /// Where the attributes stand in a row.
    private struct Columns {
        let count: Int
        let mark: Int?
        let type: Int?
        let sentenceStart: Int?
    }

    /// - Throws: ``RecordError`` when the file is no DocBin.
    init(_ file: [UInt8]) throws(RecordError) {
        let message = try MessagePack(parsing: try Zlib.decompress(file, atMost: Self.maximumBytes))
        func member<Value>(_ key: String, _ value: (MessagePack) -> Value?) throws(RecordError) -> Value {
            guard let found = message[key].flatMap(value) else {
                throw RecordError("bad-docbin", "no `\(key)`, or not of its type")
            }
            return found
        }
        let attributes = try member("attrs") { $0.array?.map(\.int) }
        guard attributes.first == 65 else { throw RecordError("bad-docbin", "the first attribute is not ORTH (65)") }
        columns = Columns(
            count: attributes.count, mark: attributes.firstIndex(of: 77), type: attributes.firstIndex(of: 78),
            sentenceStart: attributes.firstIndex(of: 80))
        tokens = try member("tokens", \.binary)
        spaces = try member("spaces", \.binary)
        let lengthBytes = try member("lengths", \.binary)
        lengths = stride(from: 0, to: lengthBytes.count - 3, by: 4).map { start in
            Int(Int32(truncatingIfNeeded: lengthBytes[start..<start + 4].reversed().reduce(0) { $0 << 8 | Int64($1) }))
        }
        let strings = try member("strings", \.array).compactMap(\.string)
        names = Dictionary(strings.map { (SpacyStrings.id(of: $0), $0) }, uniquingKeysWith: { first, _ in first })
        spanGroups = message["span_groups"]?.array ?? []
        userData = message["user_data"]?.array ?? []
        var total = 0
        for length in lengths {
            guard length >= 0, length <= spaces.count - total else {
                throw RecordError("bad-docbin", "`lengths` are of more tokens than the \(spaces.count) in `spaces`")
            }
            total += length
        }
        guard tokens.count == total * columns.count * 8, spaces.count == total else {
            throw RecordError(
                "bad-docbin", "\(total) tokens, but \(tokens.count) bytes of `tokens` and \(spaces.count) of `spaces`")
        }
    }

    /// - Throws: ``RecordError`` at the first document that cannot be read: nothing says which of its strings are right.
    func documents() throws(RecordError) -> [ImportedDocument] {
        var documents: [ImportedDocument] = []
        var first = 0
        for (index, length) in lengths.enumerated() {
            documents.append(try document(index, rows: first..<first + length))
            first += length
        }
        return documents
    }

    private func document(_ index: Int, rows: Range<Int>) throws(RecordError) -> ImportedDocument {
        var text = ""
        var words: [Range<ScalarOffset>] = []
        var position = 0
        for row in rows {
            let word = try name(value(row, 0), "word")
            let end = position + word.unicodeScalars.count
            words.append(ScalarOffset(position)..<ScalarOffset(end))
            text += word
            position = end
            if spaces[row] != 0 {
                text += " "
                position += 1
            }
        }
        var document = ImportedDocument(id: id(index), text: DocumentText(text))
        let group = try spanGroup(index)
        let spans = if let group { group } else { try entities(rows) }
        document.entities = try spans.mapping { range throws(RecordError) in
            guard words.indices.contains(range.first), range.end <= words.count,
                let span = ScalarSpan(
                    start: words[range.first].lowerBound, end: words[range.end - 1].upperBound, label: range.label)
            else { throw RecordError("bad-docbin", "a span of tokens \(range.first)..<\(range.end) of \(words.count)") }
            return ScoredSpan(span: span, confidence: nil)
        }
        document.sentences = sentences(rows, words)
        document.tokens = words.filter { !document.text.slice($0).unicodeScalars.allSatisfy(\.isColumnBreak) }
        return document
    }

    private func value(_ row: Int, _ column: Int) -> UInt64 {
        let start = (row * columns.count + column) * 8
        return tokens[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func name(_ id: UInt64, _ kind: String) throws(RecordError) -> String {
        guard let name = SpacyStrings.fixedName(id) ?? names[id] else {
            throw RecordError("bad-docbin", "\(kind) \(id) is not in `strings`")
        }
        return name
    }

    private func id(_ index: Int) -> String? {
        guard userData.indices.contains(index), let bytes = userData[index].binary else { return nil }
        return (try? MessagePack(parsing: bytes))?["id"]?.string
    }

    private func entities(_ rows: Range<Int>) throws(RecordError) -> [TokenRange] {
        guard let mark = columns.mark, let type = columns.type else { return [] }
        var spans: [TokenRange] = []
        var open: (first: Int, type: UInt64)?
        for (index, row) in rows.enumerated() {
            let goesOn = value(row, mark) == DocBin.EntityMark.inside && open?.type == value(row, type)
            if let (first, type) = open, !goesOn {
                spans.append(TokenRange(first: first, end: index, label: Label(try name(type, "label"))))
                open = nil
            }
            let isMarked = value(row, mark) == DocBin.EntityMark.begin || value(row, mark) == DocBin.EntityMark.inside
            if isMarked, open == nil { open = (index, value(row, type)) }
        }
        if let (first, type) = open {
            spans.append(TokenRange(first: first, end: rows.count, label: Label(try name(type, "label"))))
        }
        return spans
    }

    /// - Returns: `nil` when the document has no such group.
    private func spanGroup(_ index: Int) throws(RecordError) -> [TokenRange]? {
        guard spanGroups.indices.contains(index), let bytes = spanGroups[index].binary, !bytes.isEmpty,
            case .map(let groups) = try MessagePack(parsing: bytes)
        else { return nil }
        let group = groups.first { group in
            (group.value.array ?? []).contains { name in name.string.map { $0.utf8.elementsEqual(DocBin.spanGroup.utf8) } ?? false }
        }
        guard let content = group?.key.binary else { return nil }
        guard let records = try MessagePack(parsing: content)["spans"]?.array else {
            throw RecordError("bad-docbin", "a group of spans without `spans`")
        }
        return try records.mapping { record throws(RecordError) in
            guard let bytes = record.binary, bytes.count == 40 else {
                throw RecordError("bad-docbin", "a span of a group is not 40 bytes")
            }
            func integer(_ start: Int, _ count: Int) -> UInt64 { bytes[start..<start + count].reduce(0) { $0 << 8 | UInt64($1) } }
            let (first, end) = (Int(integer(24, 4)), Int(integer(28, 4)))
            guard first < end else { throw RecordError("bad-docbin", "a span of tokens \(first)..<\(end)") }
            return TokenRange(first: first, end: end, label: Label(try name(integer(16, 8), "label")))
        }
    }

    /// - Returns: `nil` unless some token says that it begins no sentence.
    private func sentences(_ rows: Range<Int>, _ words: [Range<ScalarOffset>]) -> [Range<ScalarOffset>]? {
        guard let column = columns.sentenceStart, let first = words.first, let last = words.last else { return nil }
        let starts = rows.map { Int64(bitPattern: value($0, column)) }
        guard starts.contains(-1) else { return nil }
        var sentences: [Range<ScalarOffset>] = []
        var start = first.lowerBound
        for (index, isStart) in starts.enumerated().dropFirst() where isStart == 1 {
            sentences.append(start..<words[index - 1].upperBound)
            start = words[index].lowerBound
        }
        sentences.append(start..<last.upperBound)
        return sentences
    }
}
