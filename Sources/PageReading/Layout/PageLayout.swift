/// A printed line found without reading it: what the finder's rules work on.
struct LayoutLine: Hashable, Sendable {
    var box: PixelBox
    /// Stretches of ink with white between them, from left to right. Letter-spaced words fall into letters.
    var words: [PixelBox]
    /// Height of the letters without ascenders and descenders; of the capitals in a line of capitals.
    var xHeight: Double
    /// The share of ink in the band of the x-height, 0...1: bold print has more.
    var density: Double
}

extension LayoutLine {
    /// The words whose middle lies in a box; `nil` when none does.
    func clipped(to area: PixelBox) -> LayoutLine? {
        guard box.middleY >= Double(area.top), box.middleY < Double(area.bottom) else { return nil }
        var line = self
        line.words = words.filter { $0.middleX >= Double(area.left) && $0.middleX < Double(area.right) }
        guard let first = line.words.first, let last = line.words.last else { return nil }
        (line.box.left, line.box.right) = (first.left, last.right)
        return line
    }
}

/// The lines and rules of a page that stands upright, in pixels of the layout image.
struct PageLayout: Hashable, Sendable {
    var width: Int
    var height: Int
    /// From top to bottom by their middle, then from left to right.
    var lines: [LayoutLine]
    /// Horizontal rules.
    var rules: [PixelBox]
}
