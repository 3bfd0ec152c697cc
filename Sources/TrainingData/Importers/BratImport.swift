import Annotations
import GroundTruth

/// brat standoff: `ID.ann` beside `ID.txt`. Text-bound annotations are spans; relations, events, attributes and notes are left out.
///
/// Parts of a span that only line ends separate are one span, as brat cuts them; other parts cannot be one here and are refused.
struct BratImport {
    let unit: OffsetUnit?

    @Sendable func documents(
        _ annotations: [UInt8], _ file: FileName, _ files: any ImportFiles
    ) async throws -> [ImportedDocument] {
        guard let bytes = try await files.contents(of: file.beside("\(file.stem).txt"), atMost: FileImporter.maximumBytes) else {
            throw RecordError("no-text", "no \(file.stem).txt beside it")
        }
        let text = try DocumentText(file: bytes)
        var spans: [ReadSpan] = []
        for (index, line) in try DocumentText(file: annotations).string.unicodeScalars.split(
            separator: "\n", omittingEmptySubsequences: false
        ).enumerated() where line.first == "T" {
            do throws(RecordError) {
                spans.append(try Self.span(String(Substring(line))))
            } catch {
                throw ImportProblem(error, file: file.beside("\(file.stem).ann"), line: index + 1)
            }
        }
        let resolved = try OffsetResolver(text, documented: .codePoints, forced: unit, comparison: .blanksFolded).resolve([spans])
        var document = ImportedDocument(id: DocumentFileName.decode(file.stem), text: text, entities: resolved.spans[0])
        document.unexpectedUnit = resolved.unexpectedUnit(documented: .codePoints)
        return [document]
    }

    /// A line `ID TAB TYPE START END[;START END…] TAB TEXT`.
    private static func span(_ line: String) throws(RecordError) -> ReadSpan {
        let columns = line.unicodeScalars.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
        let parts = columns.count > 1 ? columns[1].split(separator: " ", maxSplits: 1).map { String(Substring($0)) } : []
        let ranges =
            parts.count == 2
            ? parts[1].split(separator: ";").map { $0.split(separator: " ").map { Int($0) } } : []
        var edges: [(start: Int, end: Int)] = []
        for range in ranges {
            guard range.count == 2, let start = range[0], let end = range[1] else { break }
            edges.append((start, end))
        }
        guard let first = edges.first, let last = edges.last, edges.count == ranges.count else {
            throw RecordError("bad-span", "`\(line.prefix(60))`: expected ID, TAB, TYPE START END, TAB and the text")
        }
        guard zip(edges, edges.dropFirst()).allSatisfy({ $1.start - $0.end == 1 }) else {
            throw RecordError("discontinuous", "`\(parts[1])` (\(parts[0])) is a span with gaps, which spans here cannot have")
        }
        // An empty text column is brat's to fill in.
        let surface = columns.count > 2 && !columns[2].isEmpty ? String(Substring(columns[2])) : nil
        return ReadSpan(start: first.start, end: last.end, label: Label(parts[0]), surface: surface)
    }
}
