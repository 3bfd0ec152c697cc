import Testing

@testable import PageReading

@Suite
struct EXIFOrientationTests {
    /// A JPEG's start with one EXIF segment that holds tag 0x0112.
    private func jpeg(orientation: UInt8, bigEndian: Bool) -> [UInt8] {
        let directory: [UInt8] =
            bigEndian
            ? [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
            : [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
        let content = Array("Exif\0\0".utf8) + directory
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, UInt8(content.count + 2)] + content + [0xFF, 0xDA]
    }

    @Test(arguments: 1...8, [true, false])
    func readsTheTagInBothByteOrders(value: Int, bigEndian: Bool) {
        #expect(EXIFOrientation(jpeg: jpeg(orientation: UInt8(value), bigEndian: bigEndian)).rawValue == value)
    }

    @Test(arguments: [0, 9, 255] as [UInt8])
    func takesAnUnknownValueForUpright(value: UInt8) {
        #expect(EXIFOrientation(jpeg: jpeg(orientation: value, bigEndian: true)) == .upright)
    }

    @Test
    func readsNothingOutsideTheSegment() {
        let whole = jpeg(orientation: 6, bigEndian: true)
        for length in 0..<(whole.count - 8) {
            #expect(EXIFOrientation(jpeg: Array(whole.prefix(length))) == .upright)
        }
    }

    @Test(arguments: [(6, 1), (3, 2), (8, 3), (1, 0)])
    func turnsClockwise(value: Int, quarterTurns: Int) throws {
        #expect(try #require(EXIFOrientation(rawValue: value)).quarterTurns == quarterTurns)
    }
}
