import Testing

@testable import PageReading

@Suite
struct ReadingOrderTests {
    private func line(_ left: Int, _ right: Int, top: Int) -> LayoutLine {
        let box = PixelBox(left: left, top: top, right: right, bottom: top + 20)
        return LayoutLine(box: box, words: [box], xHeight: 10, density: 0.4)
    }

    @Test
    func readsOneColumnAfterTheOther() {
        let title = line(200, 1000, top: 100)
        let left = (0..<5).map { line(100, 600, top: 200 + 25 * $0) }
        let right = (0..<5).map { line(650, 1150, top: 200 + 25 * $0) }
        let footer = line(300, 900, top: 600)
        let rows = [title] + zip(left, right).flatMap { [$0, $1] } + [footer]
        #expect(ReadingOrder.sorted(rows) == [title] + left + right + [footer])
    }

    @Test
    func readsWhatStandsOverTheGutterBeforeAHeadingUnderIt() {
        // The second name has no column in common with the heading, but with the text under it.
        let names = [line(300, 560, top: 100), line(580, 800, top: 100)]
        let heading = line(320, 420, top: 160)
        let text = (0..<3).map { line(100, 610, top: 185 + 25 * $0) }
        #expect(ReadingOrder.sorted(names + [heading] + text) == names + [heading] + text)
    }
}
