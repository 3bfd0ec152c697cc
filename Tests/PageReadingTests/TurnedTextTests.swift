import Testing

@testable import PageReading

@Suite
struct TurnedTextTests {
    private func line(left: Int, top: Int, width: Int, height: Int, words: Int = 1) -> LayoutLine {
        let wordWidth = width / words
        let boxes = (0..<words).map { index in
            let start = left + index * wordWidth
            return PixelBox(left: start, top: top, right: start + wordWidth, bottom: top + height)
        }
        return LayoutLine(
            box: PixelBox(left: left, top: top, right: left + width, bottom: top + height), words: boxes, xHeight: 10, density: 0.4)
    }

    private var text: [LayoutLine] {
        (0..<10).map { line(left: 150, top: 300 + 25 * $0, width: 900, height: 20, words: 9) }
    }

    @Test(arguments: [30, 1100])
    func dropsAStampInTheMargin(left: Int) {
        let stamp = (0..<8).map { line(left: left, top: 300 + 24 * $0, width: 31, height: 20) }
        #expect(TurnedText.removed(from: text + stamp) == text)
    }

    @Test
    func keepsNumbersOfLines() {
        let numbers = (0..<10).map { line(left: 80, top: 302 + 25 * $0, width: 24, height: 12) }
        #expect(TurnedText.removed(from: text + numbers) == text + numbers)
    }

    @Test
    func keepsAColumnOfATable() {
        let cells = (0..<10).map { line(left: 400, top: 600 + 22 * $0, width: 30, height: 20) }
        #expect(TurnedText.removed(from: text + cells) == text + cells)
    }

    @Test
    func keepsAPageOfShortLines() {
        let lines = (0..<10).map { line(left: 100, top: 300 + 24 * $0, width: 31, height: 20) }
        #expect(TurnedText.removed(from: lines) == lines)
    }
}
