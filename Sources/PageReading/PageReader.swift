package import Annotations
package enum ReadingRegion: Hashable, Sendable { case abstract, page, box(NormalizedBox) }
package final class PageReader {
    package init(tessdata: String?, language: String) throws(PageReadingError) {}
    package static var engineVersion: String { "tesseract 5.3.0" }
    package func read(_ bytes: [UInt8], region: ReadingRegion) throws(PageReadingError) -> PageContent { throw PageReadingError(.emptyImage, "stub") }
}
