/// Puts lines into the order in which they are read, columns one after another.
///
/// After T. Breuel, "High Performance Document Layout Analysis" (2003), section 4: a line comes before another when it stands
/// above it and shares columns with it, or when it stands to the left and no line between them reaches over both.
enum ReadingOrder {
    /// Blocks of lines that belong together, in reading order.
    ///
    /// - Complexity: O(lines^3) at worst; a page has about 100.
    static func blocks(of lines: [LayoutLine]) -> [[LayoutLine]] {
        var blocks: [[LayoutLine]] = []
        for line in sorted(lines) {
            if let above = blocks.last?.last, belongTogether(above, line) {
                blocks[blocks.count - 1].append(line)
            } else {
                blocks.append([line])
            }
        }
        return blocks
    }

    static func sorted(_ lines: [LayoutLine]) -> [LayoutLine] {
        let reaches = lines.map { reach(of: $0, among: lines) }
        var order: [LayoutLine] = []
        var isVisited = [Bool](repeating: false, count: lines.count)
        func visit(_ index: Int) {
            isVisited[index] = true
            for other in lines.indices where !isVisited[other] && comesBefore(reaches[other], reaches[index], lines) {
                visit(other)
            }
            order.append(lines[index])
        }
        for index in lines.indices where !isVisited[index] { visit(index) }
        return order
    }

    /// The line's box, as wide as the text right under it when it is a heading: it stands over that text, not beside others.
    private static func reach(of line: LayoutLine, among lines: [LayoutLine]) -> PixelBox {
        let below = lines.first { $0.box.middleY > Double(line.box.bottom) && $0.box.commonWidth(line.box) > 0 }
        guard let below, below.box.middleY - line.box.middleY < 5 * line.xHeight,
            Double(line.box.width) < 0.6 * Double(below.box.width)
        else { return line.box }
        var reach = line.box
        (reach.left, reach.right) = (min(reach.left, below.box.left), max(reach.right, below.box.right))
        return reach
    }

    private static func comesBefore(_ first: PixelBox, _ second: PixelBox, _ lines: [LayoutLine]) -> Bool {
        if first.commonWidth(second) > 0 { return first.middleY < second.middleY }
        guard first.right <= second.left else { return false }
        let (top, bottom) = (min(first.middleY, second.middleY), max(first.middleY, second.middleY))
        return !lines.contains {
            $0.box.middleY > top && $0.box.middleY < bottom && $0.box.commonWidth(first) > 0 && $0.box.commonWidth(second) > 0
        }
    }

    private static func belongTogether(_ above: LayoutLine, _ below: LayoutLine) -> Bool {
        let unit = max(above.xHeight, below.xHeight)
        let sharesColumns = above.box.commonWidth(below.box) * 2 > min(above.box.width, below.box.width)
        return sharesColumns && below.box.middleY > above.box.middleY && below.box.middleY - above.box.middleY < 3.4 * unit
            && above.xHeight < 1.3 * below.xHeight && below.xHeight < 1.3 * above.xHeight
    }
}
