import PageReading
import Storage

/// A picture of how the abstract of a page was found.
package struct PageExplanation: Sendable {
    private let documents: OpenDocuments
    private let pool: ReaderPool

    package init(documents: OpenDocuments, pool: ReaderPool) { (self.documents, self.pool) = (documents, pool) }

    /// - Returns: A PNG with lines in reading order, what was read to decide, the chosen regions, reason and confidence.
    package func png(of source: PageSource) async throws -> [UInt8] {
        let image = try await documents.document(source.document).image(ofPage: source.page ?? 1)
        let page = try await pool.read(image.bytes, page: image.page, region: .abstract, picture: .explanation)
        guard let png = page.png else { throw ReaderPool.Failure(message: "the page reader drew no picture") }
        return png
    }
}
