import Annotations
import GroundTruth

/// Cuts a file into JSON records: its lines, or the elements of one array over any number of lines.
struct JSONRecordSplitter {
    struct Record {
        /// The line on which it starts, from 1.
        let line: Int
        let bytes: [UInt8]
        /// Cut off because it is over ``LineSplitter/maximumLineBytes``.
        let isTooLong: Bool
    }

    private enum State { case start, lines, array, ended }

    private var state = State.start
    private var lines = LineSplitter()
    private var pending: [UInt8] = []
    private var isTooLong = false
    private var line = 1
    private var startLine = 1
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    mutating func append(_ chunk: ArraySlice<UInt8>) -> [Record] {
        var rest = chunk
        if state == .start {
            while let byte = rest.first {
                if byte == 0x0A { line += 1 }
                guard byte > 0x20 && byte != 0xEF && byte != 0xBB && byte != 0xBF else {
                    rest.removeFirst()
                    continue
                }
                state = byte == UInt8(ascii: "[") ? .array : .lines
                break
            }
            if state == .array { rest.removeFirst() }
        }
        switch state {
        case .start, .ended: return []
        case .lines: return lines.append(rest).compactMap { Self.record($0, offset: line - 1) }
        case .array: return elements(rest)
        }
    }

    mutating func finish() -> [Record] {
        switch state {
        case .lines: return lines.finish().flatMap { Self.record($0, offset: line - 1) }.map { [$0] } ?? []
        // An array that is not closed: what there is of its last element will not parse.
        case .array where !pending.isEmpty: return [take()]
        default: return []
        }
    }

    private static func record(_ line: LineSplitter.Line, offset: Int) -> Record? {
        line.isBlank ? nil : Record(line: line.number + offset, bytes: line.bytes, isTooLong: line.isTooLong)
    }

    private mutating func elements(_ chunk: ArraySlice<UInt8>) -> [Record] {
        var records: [Record] = []
        for byte in chunk {
            if byte == 0x0A { line += 1 }
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "]") where depth == 0:
                    if !pending.isEmpty { records.append(take()) }
                    state = .ended
                    return records
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                case UInt8(ascii: ",") where depth == 0:
                    records.append(take())
                    continue
                case 0...0x20 where pending.isEmpty: continue
                default: break
                }
            }
            if pending.isEmpty { startLine = line }
            if pending.count < LineSplitter.maximumLineBytes { pending.append(byte) } else { isTooLong = true }
        }
        return records
    }

    private mutating func take() -> Record {
        defer {
            pending.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        return Record(line: startLine, bytes: pending, isTooLong: isTooLong)
    }
}

/// A format of one JSON value a document, in lines or in one array.
struct RecordImporter: Importer {
    /// What lies beside the records.
    struct Context {
        let file: FileName
        /// The classes' names, by number, in Hugging Face's dataset card.
        var classNames: [Int: String]?
        /// `PART.tokens.jsonl`.
        var tokenLines: (any NumberedLines)?
        /// The number of the record in the file, from 0.
        var index = 0
    }

    /// What a record says: documents, and why others in it are left out.
    struct Outcome {
        var documents: [ImportedDocument] = []
        var problems: [RecordError] = []
    }

    enum Companion { case none, card, tokens }

    let fileExtensions: Set<String>
    var companion = Companion.none
    let outcome: @Sendable (JSONValue, Context) throws(RecordError) -> Outcome

    func holdsData(_ name: String) -> Bool {
        let file = FileName(name)
        return fileExtensions.contains(file.fileExtension) && !file.isAccompanying
    }

    func read(_ name: String, from files: any ImportFiles, _ body: (ImportedItem) async throws -> Void) async throws {
        let file = FileName(name)
        var context = Context(file: file)
        switch companion {
        case .none: break
        case .card:
            let card = try await files.contents(of: file.beside(DatasetCard.fileName), atMost: 16 << 20)
            context.classNames = card.flatMap { DatasetCard.classNames(in: String(decoding: $0, as: UTF8.self)) }
        case .tokens: context.tokenLines = try await files.lines(of: file.beside("\(file.stem).tokens.jsonl"))
        }
        var splitter = JSONRecordSplitter()
        try await files.read(name) { piece in
            for record in splitter.append(piece) { try await hand(over: record, of: name, &context, to: body) }
        }
        for record in splitter.finish() { try await hand(over: record, of: name, &context, to: body) }
    }

    private func hand(
        over record: JSONRecordSplitter.Record, of name: String, _ context: inout Context,
        to body: (ImportedItem) async throws -> Void
    ) async throws {
        defer { context.index += 1 }
        let outcome: Outcome
        do throws(RecordError) {
            guard !record.isTooLong else {
                throw RecordError("record-too-long", "over \(LineSplitter.maximumLineBytes) bytes; the rest was not read")
            }
            let value: JSONValue
            do throws(JSONError) { value = try JSONScanner.parse(record.bytes) } catch {
                throw RecordError("not-json", "\(error)")
            }
            outcome = try self.outcome(value, context)
        } catch {
            return try await body(.problem(ImportProblem(error, file: name, line: record.line)))
        }
        for problem in outcome.problems { try await body(.problem(ImportProblem(problem, file: name, line: record.line))) }
        for document in outcome.documents { try await body(.document(document)) }
    }
}

extension JSONValue {
    /// The text of a record.
    func documentText(_ key: String) throws(RecordError) -> DocumentText {
        guard let text = self[key]?.string else { throw RecordError("bad-record", "expected a string `\(key)`") }
        return DocumentText(text)
    }

    /// An id: a string, or a number as spelled.
    var identifier: String? { string ?? int.map { "\($0)" } }

    /// A span of an object with these keys.
    func span(start: String, end: String, label: String) throws(RecordError) -> ReadSpan {
        guard let first = self[start]?.int, let last = self[end]?.int, let name = self[label]?.string else {
            throw RecordError(
                "bad-span", "\(excerpt) is no span: expected whole numbers `\(start)` and `\(end)`, and a string `\(label)`")
        }
        return ReadSpan(start: first, end: last, label: Label(name))
    }

    /// A span as `[start, end, label]`.
    func triple() throws(RecordError) -> ReadSpan {
        guard let parts = array, parts.count >= 3, let start = parts[0].int, let end = parts[1].int, let label = parts[2].string
        else { throw RecordError("bad-span", "\(excerpt) is no span: expected [start, end, label]") }
        return ReadSpan(start: start, end: end, label: Label(label))
    }

    func elements(_ key: String) throws(RecordError) -> [JSONValue] {
        guard let list = present(key) else { return [] }
        guard let elements = list.array else { throw RecordError("bad-record", "`\(key)` is \(list.kindName), expected an array") }
        return elements
    }
}

extension Array {
    /// `map` that keeps the type of what is thrown.
    func mapping<Result>(_ transform: (Element) throws(RecordError) -> Result) throws(RecordError) -> [Result] {
        var results: [Result] = []
        results.reserveCapacity(count)
        for element in self { results.append(try transform(element)) }
        return results
    }
}
