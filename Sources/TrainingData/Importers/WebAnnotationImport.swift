import Annotations
import GroundTruth

/// W3C annotation pages, or single annotations, whose targets are texts beside the file.
///
/// The position says where a span stands, the quote what stands there. Selectors of other kinds are refused.
struct WebAnnotationImport {
    let unit: OffsetUnit?

    @Sendable func documents(_ bytes: [UInt8], _ file: FileName, _ files: any ImportFiles) async throws -> [ImportedDocument] {
        let page: JSONValue
        do throws(JSONError) { page = try JSONScanner.parse(bytes) } catch { throw RecordError("not-json", "\(error)") }
        let items = page["items"]?.array ?? (page["type"]?.string == "Annotation" ? [page] : [])
        let source = "\(file.stem).txt"
        guard let contents = try await files.contents(of: file.beside(source), atMost: FileImporter.maximumBytes) else {
            throw RecordError("no-text", "no \(source) beside it")
        }
        let text = try DocumentText(file: contents)
        let spans = try items.mapping { item throws(RecordError) in try Self.span(item) }
        let resolved = try OffsetResolver(text, documented: .codePoints, forced: unit).resolve([spans])
        var document = ImportedDocument(id: DocumentFileName.decode(file.stem), text: text, entities: resolved.spans[0])
        document.unexpectedUnit = resolved.unexpectedUnit(documented: .codePoints)
        return [document]
    }

    private static func span(_ annotation: JSONValue) throws(RecordError) -> ReadSpan {
        let bodies = annotation["body"].map { $0.array ?? [$0] } ?? []
        guard let label = bodies.lazy.compactMap({ $0["value"]?.string ?? $0.string }).first else {
            throw RecordError("bad-annotation", "\(annotation.excerpt) has no body with a `value`")
        }
        let target = annotation["target"].flatMap { $0.array?.first ?? $0 }
        let selectors = target?["selector"].map { $0.array ?? [$0] } ?? []
        guard let position = selectors.first(where: { $0["type"]?.string == "TextPositionSelector" }),
            let start = position["start"]?.int, let end = position["end"]?.int
        else { throw RecordError("bad-annotation", "\(annotation.excerpt) has no TextPositionSelector") }
        let quote = selectors.first { $0["type"]?.string == "TextQuoteSelector" }
        return ReadSpan(start: start, end: end, label: Label(label), surface: quote?["exact"]?.string)
    }
}
