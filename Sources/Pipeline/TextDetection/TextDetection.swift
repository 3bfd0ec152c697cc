package import GroundTruth
import PageReading
package import Storage

/// Text of documents in Textract's shapes: what `DetectDocumentText` and its asynchronous sisters answer.
package struct TextDetection: Sendable {
    /// What Textract takes in one synchronous call.
    package static let maximumSynchronousBytes = 10 << 20
    /// What Textract takes of a PDF or TIFF file in an asynchronous call.
    package static let maximumDocumentBytes = 500 << 20

    /// A document as blocks.
    package struct Result: Sendable {
        package let pages: Int
        /// PAGE, LINE and WORD blocks, page after page.
        package let blocks: [JSONOutput]
        /// Pages that could not be read, from 1; the others were.
        package let failedPages: [Int]
    }

    /// Why a document has no text, by the name that Textract gives it.
    package struct Failure: Error, Hashable, Sendable {
        package enum Code: String, Sendable {
            case badDocument = "BadDocumentException"
            case unsupportedDocument = "UnsupportedDocumentException"
            case documentTooLarge = "DocumentTooLargeException"
            case invalidS3Object = "InvalidS3ObjectException"
            /// The service is stopping.
            case stopped = "InternalServerError"
        }
        package let code: Code
        package let message: String
    }

    private let store: any ObjectStore
    private let pool: ReaderPool

    package init(store: any ObjectStore, pool: ReaderPool) { (self.store, self.pool) = (store, pool) }

    /// - Parameter uri: As received from a caller.
    package func object(_ uri: String, atMost maximumBytes: Int) async throws(Failure) -> [UInt8] {
        do {
            return try await store.get(ObjectURI(received: uri), atMost: maximumBytes)
        } catch {
            throw Failure(code: error.code == .tooLarge ? .documentTooLarge : .invalidS3Object, message: error.message)
        }
    }

    /// - Parameter maximumPages: More are refused; a synchronous call takes one.
    package func detect(_ bytes: [UInt8], maximumPages: Int) async throws(Failure) -> Result {
        let document: Document
        do {
            document = try await Document(bytes)
        } catch {
            throw Failure(code: .badDocument, message: "\(error)")
        }
        guard document.pageCount <= maximumPages else {
            throw Failure(
                code: .unsupportedDocument, message: "the document has \(document.pageCount) pages; this call takes \(maximumPages)"
            )
        }
        var blocks: [JSONOutput] = []
        var failed: [Int] = []
        for number in 1...document.pageCount {
            guard !Task.isCancelled else { throw Failure(code: .stopped, message: "the service is stopping") }
            do {
                let image = try await document.image(ofPage: number)
                let page = try await pool.read(image.bytes, page: image.page, region: .page, picture: .none)
                blocks += TextractBlocks(page.content, page: number).json
            } catch {
                guard document.pageCount > 1 else { throw Self.failure(of: error) }
                failed.append(number)
            }
        }
        return Result(pages: document.pageCount, blocks: blocks, failedPages: failed)
    }

    private static func failure(of error: any Error) -> Failure {
        let code = (error as? ReaderPool.Failure)?.code
        return Failure(
            code: code == "\(PageReadingError.Code.unsupportedFormat)" ? .unsupportedDocument : .badDocument, message: "\(error)")
    }
}
