import Annotations
import Foundation
import Testing

@testable import PageReading

@Suite(.timeLimit(.minutes(1)))
struct ExplanationTests {
    private func fixture(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/pages/typeset")
        return [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    @Test
    func drawsThePageAsAPNG() throws {
        let png = try PageReader(tessdata: nil, language: "eng").explain(fixture("spaced-0-008.png"))
        let size = try #require(PNGStructure.size(of: png))
        #expect(PNGStructure.isIntact(png))
        #expect(size.width == 1275)
        // The band with the reason stands over the page.
        #expect(size.height > 1650 && size.height < 1900)
        #expect(png.count < 150_000)
    }

    @Test
    func leavesTheDecisionAsItIs() throws {
        let reader = try PageReader(tessdata: nil, language: "eng")
        let page = try fixture("spaced-0-008.png")
        let before = try reader.read(page, region: .abstract)
        _ = try reader.explain(page)
        #expect(try reader.read(page, region: .abstract) == before)
        #expect(before.status == .found)
    }
}
