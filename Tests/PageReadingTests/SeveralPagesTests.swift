import CLeptonica
import Testing

@testable import PageReading

@Suite
struct SeveralPagesTests {
    /// Pages of 200, 300, … pixels width in one TIFF file.
    private func file(pageCount: Int32) -> [UInt8] {
        var pages = pixaCreate(pageCount)
        defer { pixaDestroy(&pages) }
        for index in 0..<pageCount {
            let page = pixCreate(200 + 100 * index, 150, 1)
            pixaAddPix(pages, page, Int32(L_INSERT))
        }
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        pixaWriteMemMultipageTiff(&bytes, &count, pages)
        defer { lept_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// Empty directories at the given places, each naming the next one, the last one `last`.
    private func directories(at offsets: [UInt8], last: UInt8) -> [UInt8] {
        var bytes: [UInt8] = [0x49, 0x49, 0x2A, 0, offsets[0], 0, 0, 0] + [UInt8](repeating: 0, count: 100)
        for (offset, next) in zip(offsets, offsets.dropFirst() + [last]) { bytes[Int(offset) + 2] = next }
        return bytes
    }

    @Test(arguments: [1, 2, 5] as [Int32])
    func countsThePagesOfATIFF(count: Int32) throws {
        #expect(try PageReader.pageCount(of: file(pageCount: count)) == Int(count))
    }

    @Test
    func decodesThePageAskedFor() throws {
        let bytes = file(pageCount: 3)
        for page in 0..<3 {
            #expect(try PageImage(decoding: bytes, page: page).widthPixels == 200 + 100 * page)
            #expect(PNGStructure.size(of: try ShownImage.png(of: bytes, page: page))?.width == 200 + 100 * page)
        }
    }

    @Test(arguments: [-1, 3, Int.max - 1])
    func namesAPageThatIsNotThere(page: Int) {
        let error = #expect(throws: PageReadingError.self) { try ShownImage.png(of: file(pageCount: 3), page: page) }
        #expect(error?.code == .noSuchPage)
    }

    @Test(arguments: [([8], 8, 1), ([8, 20], 8, 2), ([8, 20, 40], 20, 3), ([8, 20], 200, 2)] as [([UInt8], UInt8, Int)])
    func doesNotFollowDirectoriesInCirclesOrOutOfTheFile(offsets: [UInt8], last: UInt8, count: Int) throws {
        #expect(try PageReader.pageCount(of: directories(at: offsets, last: last)) == count)
    }

    @Test
    func refusesAFileOfTooManyPages() {
        // Directories of no entries, six bytes each.
        var bytes: [UInt8] = [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0]
        for index in 1...(ImageHeader.maximumPages + 5) {
            let next = 8 + 6 * index
            bytes += [0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: next >> (8 * $0)) }
        }
        let error = #expect(throws: PageReadingError.self) { try PageReader.pageCount(of: bytes) }
        #expect(error?.code == .imageTooLarge)
    }
}
