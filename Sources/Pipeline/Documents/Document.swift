import PageReading
import Storage
import SystemPackage

/// A file that was given: an image, or several pages of them.
final class Document: Sendable {
    private enum Content: Sendable {
        /// JPEG or PNG: what was given is the page's image.
        case image([UInt8])
        case tiff([UInt8])
        case pdf(PDFDocument)
    }

    let sha256: String
    let pageCount: Int
    private let content: Content

    /// - Throws: ``DocumentError`` when no page can be had of these bytes.
    init(_ bytes: [UInt8]) async throws {
        sha256 = sha256Hex(bytes)
        if bytes.starts(with: "%PDF-".utf8) {
            let pdf = try await PDFDocument(bytes)
            (content, pageCount) = (.pdf(pdf), pdf.pageCount)
        } else {
            let isTIFF = bytes.starts(with: [0x49, 0x49, 0x2A, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2A])
            content = isTIFF ? .tiff(bytes) : .image(bytes)
            do {
                pageCount = isTIFF ? try PageReader.pageCount(of: bytes) : 1
            } catch {
                throw DocumentError(message: error.message)
            }
        }
    }

    /// What kind of file this is where it is none that a browser shows.
    var kindNotShown: String? {
        switch content {
        case .image: nil
        case .tiff: "TIFF"
        case .pdf: "PDF"
        }
    }

    /// A page as a reader takes it: a JPEG, PNG or TIFF file, and which of its pages.
    struct Image {
        let bytes: [UInt8]
        /// From 0.
        let page: Int

        var isPNG: Bool { bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) }
    }

    /// - Parameter number: From 1.
    func image(ofPage number: Int) async throws -> Image {
        guard (1...pageCount).contains(number) else {
            throw DocumentError(message: "there is no page \(number); the document has \(pageCount)")
        }
        return switch content {
        case .image(let bytes): Image(bytes: bytes, page: 0)
        case .tiff(let bytes): Image(bytes: bytes, page: number - 1)
        case .pdf(let pdf): Image(bytes: try await pdf.image(ofPage: number), page: 0)
        }
    }
}
