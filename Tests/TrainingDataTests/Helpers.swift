import Annotations
import GroundTruth
import Testing
import TrainingData

typealias Plain = (start: Int, end: Int, label: Label)

/// A document as it comes from span JSON Lines; `line` holds keys beside id and text.
func document(
    _ text: String, _ spans: Plain..., id: String = "p1", confidences: [Double?] = [], line: String? = nil
) throws -> LabeledDocument {
    var entities: [ScoredSpan] = []
    for (index, plain) in spans.enumerated() {
        let span = try #require(ScalarSpan(start: ScalarOffset(plain.start), end: ScalarOffset(plain.end), label: plain.label))
        entities.append(ScoredSpan(span: span, confidence: index < confidences.count ? confidences[index] : nil))
    }
    let written = line.map { Array($0.utf8) } ?? JSONOutput.object(["id": .string(id), "text": .string(text)]).bytes
    return LabeledDocument(id: id, text: DocumentText(text), entities: entities, line: try ManifestLine(parsing: written))
}

/// The running example of the formats' reference: `é` and `ø` are composed, the test tube lies outside the BMP.
func runningExample(line: String? = nil) throws -> LabeledDocument {
    try document(
        "Café Nørd 🧪 joined Lumen Labs in Oslo.", (0, 9, "ORG"), (19, 29, "ORG"), (33, 37, "GPE"), confidences: [0.9, 0.75, 1],
        line: line)
}

/// A format under test, one document at a time.
struct FormatTest {
    let format: DataFormat
    let options: ExportOptions

    init(_ name: String, _ options: ExportOptions = ExportOptions(attribute: "ner")) {
        guard let format = DataFormat(named: name) else { preconditionFailure("no format is called \(name)") }
        (self.format, self.options) = (format, options)
    }

    /// What one document becomes, without what the files start and end with.
    func export(_ document: LabeledDocument) throws(RecordError) -> Exported {
        var exporter = format.makeExporter(options)
        _ = exporter.begin(part: "all")
        return try exporter.export(document, part: "all")
    }

    /// The files of a data set, and what was lost.
    func files(of documents: [LabeledDocument]) throws -> (files: [String: [UInt8]], losses: [Loss]) {
        var exporter = format.makeExporter(options)
        var files: [String: [UInt8]] = [:]
        var losses: [Loss] = []
        func keep(_ pieces: [FilePiece]) {
            for piece in pieces { files[piece.name, default: []] += piece.bytes }
        }
        keep(exporter.begin(part: "all"))
        for document in documents {
            let exported = try exporter.export(document, part: "all")
            keep(exported.pieces)
            losses += exported.losses
        }
        let end = exporter.finish()
        keep(end.pieces)
        return (files, losses + end.losses)
    }
}

/// Files in memory.
struct MemoryFiles: ImportFiles {
    var files: [String: [UInt8]]

    init(_ files: [String: [UInt8]]) { self.files = files }
    init(_ files: [String: String]) { self.files = files.mapValues { Array($0.utf8) } }

    func contents(of name: String, atMost maximumBytes: Int) async throws -> [UInt8]? { files[name] }

    func hasFile(_ name: String) async throws -> Bool { files[name] != nil }

    func read(_ name: String, piece: (ArraySlice<UInt8>) async throws -> Void) async throws {
        // Small pieces, so that records lie across them.
        var rest = try #require(files[name], "no file \(name)")[...]
        while !rest.isEmpty {
            try await piece(rest.prefix(7))
            rest = rest.dropFirst(7)
        }
    }

    private struct Lines: NumberedLines {
        let lines: [[UInt8]]
        func line(_ index: Int) throws -> [UInt8]? { lines.indices.contains(index) ? lines[index] : nil }
    }

    func lines(of name: String) async throws -> (any NumberedLines)? {
        files[name].map { Lines(lines: $0.split(separator: 0x0A).map(Array.init)) }
    }

    func names(below folder: String) async throws -> [String] { files.keys.filter { $0.hasPrefix("\(folder)/") }.sorted() }

    func text(of line: ManifestLine) async throws(RecordError) -> DocumentText {
        guard let source = line["source"]?.string else { throw RecordError("no-text", "no `source`") }
        return DocumentText(source)
    }

    /// What a format reads of the files that hold its data.
    func imported(_ format: String, _ options: ImportOptions = ImportOptions()) async throws -> (
        documents: [ImportedDocument], problems: [ImportProblem]
    ) {
        let importer = try #require(DataFormat(named: format)).makeImporter(options)
        var documents: [ImportedDocument] = []
        var problems: [ImportProblem] = []
        for name in files.keys.sorted() where importer.holdsData(name) {
            try await importer.read(name, from: self) { item in
                switch item {
                case .document(let document): documents.append(document)
                case .problem(let problem): problems.append(problem)
                }
            }
        }
        return (documents, problems)
    }
}

extension ImportedDocument {
    /// The record as an export reads it.
    func labeled(number: Int = 1) throws -> LabeledDocument {
        let record = try SpanRecord(parsing: line, number: number)
        return LabeledDocument(
            id: record.id, text: record.text, entities: try #require(record.entities), line: record.line, tokens: record.tokens,
            sentences: record.sentences)
    }

    /// `label surface` of each span, as the text has it.
    var marks: [String] { (entities ?? []).map { "\($0.span.label) \(text.slice($0.span))" } }
    var lineText: String { String(decoding: line, as: UTF8.self) }
}

extension Exported {
    /// The data file's piece, then others.
    var bytes: [UInt8] { pieces[0].bytes }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var sidecarText: String? { pieces.count < 2 ? nil : String(decoding: pieces[1].bytes, as: UTF8.self) }
    /// `code start..<end label` of each loss.
    var lossSummaries: [String] { losses.map(\.summary) }
    /// The tags of a CoNLL document by token.
    var tags: [String] {
        text.split(separator: "\n").dropFirst().map { line in
            let columns = line.split(separator: " ")
            return "\(columns[0])/\(columns[columns.count - 1])"
        }
    }
}

extension Loss {
    var summary: String { "\(code) \(span.map { "\($0.start)..<\($0.end) \($0.label)" } ?? "-")" }
}

let conll = FormatTest("conll")
let spacyOffsets = FormatTest("spacy-jsonl")
