import Annotations
import GroundTruth

/// WebAnno TSV 3: the span layers' first column with a feature called `value`, else the first column of the first span layer.
///
/// The text is put together of the sentences at the places that their first tokens name, with blanks between, or LF where one unit
/// is missing. Values that share a number `[n]` are one span.
struct WebAnnoImport {
    let unit: OffsetUnit?

    @Sendable func documents(_ bytes: [UInt8], _ file: FileName, _: any ImportFiles) throws -> [ImportedDocument] {
        let name = file.beside("\(file.stem).\(file.fileExtension)")
        let lines = try DocumentText(file: bytes).string.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in String(Substring(line.last == "\r" ? line.dropLast() : line)) }
        guard let version = lines.first, version.hasPrefix("#FORMAT=WebAnno TSV 3") else {
            throw ImportProblem(file: name, line: 1, code: "not-webanno", message: "expected #FORMAT=WebAnno TSV 3.x")
        }
        var document = Document(column: try Self.column(lines, name: name))
        for (index, line) in lines.enumerated().dropFirst() {
            do throws(RecordError) { try document.take(line) } catch {
                throw ImportProblem(error, file: name, line: index + 1)
            }
        }
        return [try document.imported(id: DocumentFileName.decode(file.stem), unit: unit)]
    }

    /// The number of the column with the labels, from 0, after those of number, offsets and text.
    private static func column(_ lines: [String], name: String) throws(ImportProblem) -> Int {
        var columns = 0
        var first: Int?
        for line in lines.dropFirst() {
            guard line.hasPrefix("#T_") else { break }
            let fields = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst()
            if line.hasPrefix("#T_SP=") {
                if let value = fields.firstIndex(of: "value") { return columns + value - fields.startIndex }
                first = first ?? columns
            }
            columns += max(1, fields.count)
        }
        guard let first else {
            throw ImportProblem(file: name, line: 2, code: "no-span-layer", message: "no #T_SP line names a layer of spans")
        }
        return first
    }

    /// What the lines of a file say.
    private struct Document {
        private struct Unit {
            let start: Int
            let end: Int
            let surface: String
            let isToken: Bool
        }

        private struct Sentence {
            var text: [String] = []
            var units: [Unit] = []
        }

        private let column: Int
        private var sentences: [Sentence] = []
        private var marks: [(label: String, start: Int, end: Int)] = []
        /// The mark of each number.
        private var numbered: [Int: Int] = [:]
        private var isInHead = true

        init(column: Int) { self.column = column }

        mutating func take(_ line: String) throws(RecordError) {
            if line.hasPrefix("#Text=") {
                // Lines of one sentence follow each other; the first after tokens or a blank line is another's.
                if isInHead || sentences.isEmpty || !(sentences.last?.units.isEmpty ?? true) { sentences.append(Sentence()) }
                isInHead = false
                sentences[sentences.count - 1].text.append(WebAnnoEscapes.unescaped(line.dropFirst("#Text=".count)))
            } else if line.hasPrefix("#") && (sentences.isEmpty || sentences.last?.units.isEmpty == true || !line.contains("\t")) {
                return
            } else if line.isEmpty {
                isInHead = true
            } else {
                try take(columns: line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init))
            }
        }

        private mutating func take(columns: [String]) throws(RecordError) {
            let edges = columns.count > 1 ? columns[1].split(separator: "-").map { Int($0) } : []
            guard columns.count > column + 3, edges.count == 2, let start = edges[0], let end = edges[1], !sentences.isEmpty else {
                throw RecordError("bad-line", "expected ID, START-END, the token and \(column + 1) more columns after a #Text line")
            }
            sentences[sentences.count - 1].units.append(
                Unit(start: start, end: end, surface: columns[2], isToken: !columns[0].contains(".")))
            for value in Self.values(columns[column + 3]) {
                if let number = value.number, let known = numbered[number] {
                    marks[known].end = max(marks[known].end, end)
                } else {
                    if let number = value.number { numbered[number] = marks.count }
                    marks.append((value.label, start, end))
                }
            }
        }

        /// The values of a cell: parted by `|`, each with its number in brackets; `_` is none, `*` one without a value.
        private static func values(_ cell: String) -> [(label: String, number: Int?)] {
            if cell == "_" || cell.isEmpty { return [] }
            var values: [(String, Int?)] = []
            var current = ""
            var isEscaped = false
            for scalar in cell.unicodeScalars {
                if scalar == "|", !isEscaped {
                    values.append(value(current))
                    current = ""
                    continue
                }
                isEscaped = scalar == "\\" && !isEscaped
                current.unicodeScalars.append(scalar)
            }
            values.append(value(current))
            return values
        }

        private static func value(_ text: String) -> (label: String, number: Int?) {
            var label = Substring(text)
            var number: Int?
            if text.hasSuffix("]"), !text.hasSuffix("\\]"), let bracket = text.lastIndex(of: "[") {
                number = Int(text[text.index(after: bracket)...].dropLast())
                label = text[..<bracket]
            }
            return (label == "*" ? "" : WebAnnoEscapes.unescaped(label), number)
        }

        /// - Throws: ``RecordError`` when tokens do not stand where they say.
        func imported(id: String, unit: OffsetUnit?) throws(RecordError) -> ImportedDocument {
            var tried: RecordError?
            for candidate in unit.map({ [$0] }) ?? [.utf16, .codePoints, .bytes] {
                do throws(RecordError) { return try imported(id: id, in: candidate) } catch { tried = tried ?? error }
            }
            throw tried ?? RecordError("offsets", "no unit fits")
        }

        private func imported(id: String, in unit: OffsetUnit) throws(RecordError) -> ImportedDocument {
            var bytes: [UInt8] = []
            var length = 0
            for sentence in sentences {
                let text = DocumentText(sentence.text.joined(separator: "\n"))
                guard let first = sentence.units.first, first.isToken, case let start = first.start, start >= length,
                    start - length < FileImporter.maximumBytes
                else {
                    throw RecordError("offsets", "a sentence that starts before the end of the one before, or with no token")
                }
                let gap = start - length
                bytes += gap == 1 && length > 0 ? [0x0A] : Array(repeating: 0x20, count: gap)
                bytes += text.bytes
                length = start + (unit == .utf16 ? text.utf16Count : unit == .bytes ? text.bytes.count : text.scalarCount)
            }
            let text = DocumentText(valid: bytes)
            let units = sentences.flatMap(\.units)
            let tokens = units.filter(\.isToken)
            let resolved = try OffsetResolver(text, documented: unit, forced: unit).resolve([
                marks.map { ReadSpan(start: $0.start, end: $0.end, label: Label($0.label)) },
                tokens.map { ReadSpan(start: $0.start, end: $0.end, label: "token", surface: $0.surface) },
                units.filter { !$0.isToken }.map { ReadSpan(start: $0.start, end: $0.end, label: "part", surface: $0.surface) },
            ])
            var document = ImportedDocument(id: id, text: text, entities: resolved.spans[0])
            document.unexpectedUnit = resolved.unexpectedUnit(documented: .utf16)
            let ranges = try resolved.spans[1].map { $0.span.start..<$0.span.end }.checkedTokens()
            document.tokens = ranges
            if sentences.count > 1 {
                var first = 0
                document.sentences = sentences.map { sentence in
                    let end = first + sentence.units.count(where: \.isToken)
                    defer { first = end }
                    return ranges[first].lowerBound..<ranges[end - 1].upperBound
                }
            }
            return document
        }
    }
}
