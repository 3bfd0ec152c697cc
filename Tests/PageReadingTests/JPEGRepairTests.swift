import Foundation
import Testing

@testable import PageReading

@Suite
struct JPEGRepairTests {
    private let page: [UInt8]

    init() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/pages/typeset")
        page = [UInt8](try Data(contentsOf: folder.appending(path: "lncs-1-016.jpg")))
    }

    private func offset(of marker: UInt8) throws -> Int {
        try #require(zip(page, page.dropFirst()).enumerated().first { $0.element == (0xFF, marker) }?.offset)
    }

    private func isReadable(_ bytes: [UInt8]) -> Bool {
        do {
            _ = try PageImage(decoding: bytes)
            return true
        } catch { return false }
    }

    @Test
    func leavesASoundFileAsItIs() {
        #expect(JPEGRepair.repaired(page) == page)
    }

    @Test(arguments: [0xDB, 0xC0, 0xC4, 0xDA] as [UInt8])
    func passesOverStrayBytesBeforeASegment(marker: UInt8) throws {
        var bytes = page
        bytes.insert(contentsOf: [0, 1, 2, 0xFF, 0, 0xFF], at: try offset(of: marker))
        #expect(JPEGRepair.repaired(bytes) == page)
        #expect(isReadable(bytes))
    }

    @Test
    func passesOverBytesBehindTheEnd() {
        #expect(isReadable(page + [1, 2, 3]))
    }

    @Test
    func passesOverZerosBehindTheImageData() {
        #expect(isReadable(page.dropLast(2) + [0, 0, 0, 0] + page.suffix(2)))
    }

    @Test
    func passesOverAnUnknownVersion() throws {
        var bytes = page
        bytes[try offset(of: 0xE0) + 9] = 7
        #expect(JPEGRepair.repaired(bytes) == page)
    }

    @Test
    func passesOverAWrongSpectrumOfASequentialScan() throws {
        var bytes = page
        let scan = try offset(of: 0xDA)
        let end = scan + 2 + Int(bytes[scan + 3])
        bytes.replaceSubrange((end - 3)..<end, with: [0, 0, 0])
        #expect(JPEGRepair.repaired(bytes) == page)
    }

    @Test(arguments: [0.3, 0.6, 0.9])
    func refusesDamagedImageData(share: Double) {
        var bytes = page
        let place = Int(share * Double(bytes.count))
        // The decoder stops at a marker and fills up the rest. (Wrong codes alone it decodes to a wrong picture, and says nothing.)
        bytes.replaceSubrange(place..<(place + 2), with: [0xFF, 0xD0])
        let isReadable = isReadable(bytes)
        #expect(!isReadable)
    }

    @Test(arguments: [0.3, 0.6, 0.99])
    func refusesImageDataThatEndEarly(share: Double) {
        let cut = Array(page.prefix(Int(share * Double(page.count))))
        let areReadable = [cut, cut + page.suffix(2), cut + [0, 0, 0, 0] + page.suffix(2)].map(isReadable)
        #expect(areReadable == [false, false, false])
    }
}
