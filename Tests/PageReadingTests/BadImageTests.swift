import Annotations
import CLeptonica
import Testing

@testable import PageReading

@Suite(.timeLimit(.minutes(1)))
struct BadImageTests {
    private func code(of bytes: [UInt8]) -> PageReadingError.Code? {
        do {
            _ = try PageImage(decoding: bytes)
            return nil
        } catch { return error.code }
    }

    /// A white page encoded by Leptonica.
    private func page(_ width: Int32, _ height: Int32, format: Int32) -> [UInt8] {
        var image = pixCreate(width, height, 8)
        defer { pixDestroy(&image) }
        pixSetAllArbitrary(image, 255)
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        pixWriteMem(&bytes, &count, image, format)
        defer { lept_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    private static let formats = [Int32(IFF_PNG), Int32(IFF_JFIF_JPEG), Int32(IFF_TIFF)]

    @Test
    func refusesAnEmptyFile() {
        #expect(code(of: []) == .emptyImage)
    }

    @Test(arguments: [Array("%PDF-1.7".utf8), [0], [UInt8](repeating: 7, count: 5000), Array("GIF89a".utf8)])
    func refusesOtherFormats(bytes: [UInt8]) {
        #expect(code(of: bytes) == .unsupportedFormat)
    }

    @Test(arguments: formats)
    func readsWhatLeptonicaWrites(format: Int32) throws {
        let image = try PageImage(decoding: page(300, 200, format: format))
        #expect(image.widthPixels == 300)
        #expect(image.heightPixels == 200)
    }

    @Test(arguments: formats, [0.1, 0.5, 0.9])
    func refusesFilesThatWereCutShort(format: Int32, share: Double) {
        let bytes = page(300, 200, format: format)
        #expect(code(of: Array(bytes.prefix(Int(share * Double(bytes.count))))) == .undecodableImage)
    }

    @Test(arguments: formats)
    func refusesAnImageTooSmallForText(format: Int32) {
        #expect(code(of: page(1, 1, format: format)) == .imageTooSmall)
        #expect(code(of: page(2000, 49, format: format)) == .imageTooSmall)
    }

    @Test
    func refusesAHugePNGByItsHeader() {
        // Signature and IHDR of 20000 x 20000 pixels, 8-bit grey, without any data.
        let header: [UInt8] = [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0x4E, 0x20, 0, 0, 0x4E, 0x20,
            8, 0, 0, 0, 0,
            0, 0, 0, 0,
        ]
        #expect(code(of: header + [UInt8](repeating: 0, count: 64)) == .imageTooLarge)
    }

    @Test
    func refusesAHugeJPEGByItsHeader() {
        var bytes = page(300, 200, format: Int32(IFF_JFIF_JPEG))
        // The frame header: FFC0, length, precision, height, width.
        guard let frame = bytes.indices.dropLast().first(where: { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 }) else {
            Issue.record("no frame header")
            return
        }
        bytes.replaceSubrange((frame + 5)..<(frame + 9), with: [0x4E, 0x20, 0x4E, 0x20])
        #expect(code(of: bytes) == .imageTooLarge)
    }

    @Test
    func refusesAHugeTIFFByItsHeader() {
        // Little endian, one directory: width, height, bits, compression, photometric, strip offset, rows, strip bytes.
        let entries: [(tag: UInt8, high: UInt8, value: UInt32)] = [
            (0x00, 1, 20000), (0x01, 1, 20000), (0x02, 1, 8), (0x03, 1, 1), (0x06, 1, 1), (0x11, 1, 8), (0x16, 1, 20000),
            (0x17, 1, 400_000_000),
        ]
        var bytes: [UInt8] = [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, UInt8(entries.count), 0]
        for entry in entries {
            bytes += [entry.tag, entry.high, 4, 0, 1, 0, 0, 0]
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: entry.value >> (8 * $0)) }
        }
        #expect(code(of: bytes + [0, 0, 0, 0]) == .imageTooLarge)
    }

    @Test
    func findsNothingOnABlankPage() throws {
        let reader = try PageReader(tessdata: nil, language: "eng")
        for region in [ReadingRegion.abstract, .page, .box(NormalizedBox(left: 0.1, top: 0.1, width: 0.5, height: 0.5))] {
            let content = try reader.read(page(1700, 2200, format: Int32(IFF_PNG)), region: region)
            #expect(content.status == .notFound)
            #expect(content.text.isEmpty)
            #expect(content.widthPixels == 1700)
        }
    }

    @Test
    func namesAMissingLanguage() {
        let error = #expect(throws: PageReadingError.self) { try PageReader(tessdata: nil, language: "xyz") }
        #expect(error?.code == .missingLanguage)
    }
}
