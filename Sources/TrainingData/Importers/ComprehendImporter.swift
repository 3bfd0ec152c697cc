import Annotations
import GroundTruth

/// Amazon Comprehend's annotations: a CSV file beside the documents it names, a document a line, or a document a file where the
/// column `Line` is missing.
///
/// The annotations of a file are kept in memory: Comprehend takes 200 MB of documents at most.
struct ComprehendImporter: Importer {
    let unit: OffsetUnit?

    func holdsData(_ name: String) -> Bool {
        let file = FileName(name)
        return file.fileExtension == "csv" && !file.isAccompanying
    }

    func read(_ name: String, from files: any ImportFiles, _ body: (ImportedItem) async throws -> Void) async throws {
        guard let bytes = try await files.contents(of: name, atMost: FileImporter.maximumBytes) else {
            return try await body(.problem(ImportProblem(file: name, line: nil, code: "no-file", message: "there is no such file")))
        }
        let table: Table
        do throws(ImportProblem) { table = try Table(parsing: bytes, name: name) } catch { return try await body(.problem(error)) }
        let folder = FileName(name)
        // A file of annotations without rows still has its documents beside it.
        let documents = table.files.isEmpty ? ["\(folder.stem).txt"] : table.files
        for document in documents {
            if table.isByLine {
                try await readLines(of: folder.beside(document), table.spans[document] ?? [:], from: files, body)
            } else {
                try await readFile(folder.beside(document), table.spans[document]?[0] ?? [], from: files, body)
            }
        }
    }

    private func readLines(
        of name: String, _ spans: [Int: [ReadSpan]], from files: any ImportFiles, _ body: (ImportedItem) async throws -> Void
    ) async throws {
        guard try await files.hasFile(name) else {
            return try await body(.problem(ImportProblem(file: name, line: nil, code: "no-text", message: "there is no such file")))
        }
        let stem = FileName(name).stem
        func item(_ line: LineSplitter.Line) -> ImportedItem {
            do throws(RecordError) {
                let text = try DocumentText(file: line.bytes)
                return .document(try document(text, spans[line.number - 1] ?? [], id: "\(stem)-\(line.number)"))
            } catch {
                return .problem(ImportProblem(error, file: name, line: line.number))
            }
        }
        var splitter = LineSplitter()
        var count = 0
        try await files.read(name) { piece in
            for line in splitter.append(piece) {
                count = line.number
                try await body(item(line))
            }
        }
        if let last = splitter.finish() {
            count = last.number
            try await body(item(last))
        }
        for line in spans.keys.sorted() where line >= count {
            try await body(
                .problem(
                    ImportProblem(
                        file: name, line: nil, code: "no-document", message: "annotations of line \(line), but there are \(count)"))
            )
        }
    }

    private func readFile(
        _ name: String, _ spans: [ReadSpan], from files: any ImportFiles, _ body: (ImportedItem) async throws -> Void
    ) async throws {
        do {
            guard let bytes = try await files.contents(of: name, atMost: FileImporter.maximumBytes) else {
                throw RecordError("no-text", "there is no such file")
            }
            try await body(.document(try document(DocumentText(file: bytes), spans, id: FileName(name).stem)))
        } catch let error as RecordError {
            try await body(.problem(ImportProblem(error, file: name, line: nil)))
        }
    }

    private func document(_ text: DocumentText, _ spans: [ReadSpan], id: String) throws(RecordError) -> ImportedDocument {
        let resolved = try OffsetResolver(text, documented: .codePoints, forced: unit).resolve([spans])
        return ImportedDocument(id: id, text: text, entities: resolved.spans[0])
    }

    /// The rows of the annotations, by file and line.
    private struct Table {
        let isByLine: Bool
        /// In the order in which they come up.
        private(set) var files: [String] = []
        private(set) var spans: [String: [Int: [ReadSpan]]] = [:]

        init(parsing bytes: [UInt8], name: String) throws(ImportProblem) {
            let records: [CSVRecord]
            do throws(CSVRecord.ParseError) { records = try CSVRecord.list(parsing: bytes) } catch {
                throw ImportProblem(file: name, line: error.line, code: "not-csv", message: error.message)
            }
            let header = records.first?.fields ?? []
            guard ["File", "Begin Offset", "End Offset", "Type"].allSatisfy(header.contains) else {
                throw ImportProblem(
                    file: name, line: 1, code: "bad-header",
                    message: "expected the columns File, Line, Begin Offset, End Offset, Type")
            }
            isByLine = header.contains("Line")
            for record in records.dropFirst() {
                let row = Dictionary(zip(header, record.fields), uniquingKeysWith: { first, _ in first })
                guard let file = row["File"], let start = row["Begin Offset"].flatMap({ Int($0) }),
                    let end = row["End Offset"].flatMap({ Int($0) }), let type = row["Type"],
                    let line = isByLine ? row["Line"].flatMap({ Int($0) }) : 0, line >= 0, !file.contains("/")
                else {
                    throw ImportProblem(
                        file: name, line: record.line, code: "bad-row",
                        message: "expected a file beside this one, whole numbers for line and offsets, and a type")
                }
                if spans[file] == nil { files.append(file) }
                spans[file, default: [:]][line, default: []].append(ReadSpan(start: start, end: end, label: Label(type)))
            }
        }
    }
}
