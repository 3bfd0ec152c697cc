/// Text turned by a quarter in the margin: the stamp of a preprint server or a publisher.
///
/// Its letters stand one under another and look like very short lines.
enum TurnedText {
    private enum Limit {
        static let letters = 4
        /// A letter on its side is no longer than this times its height, and so is the white before it.
        static let ratio = 2.5
        /// Length of the stamp, and usual white between its letters, in units of their height. Numbers of lines stand farther
        /// apart.
        static let length = 4.0
        static let usualGap = 0.5
    }

    /// The lines of a page but for those that are letters of turned text.
    static func removed(from lines: [LayoutLine]) -> [LayoutLine] {
        let isLong = { (line: LayoutLine) in Double(line.box.width) > 14 * line.xHeight && line.words.count > 2 }
        let text = lines.filter(isLong).map(\.box)
        guard let left = text.map(\.left).min(), let right = text.map(\.right).max() else { return lines }
        let outside = lines.filter { $0.box.right <= left || $0.box.left >= right }
        let turned = Set(columns(of: outside).filter(isTurned).flatMap { $0 })
        return lines.filter { !turned.contains($0) }
    }

    /// Lines that stand one under another, close together.
    private static func columns(of lines: [LayoutLine]) -> [[LayoutLine]] {
        var columns: [[LayoutLine]] = []
        for line in lines.sorted(by: { $0.box.top < $1.box.top }) {
            let index = columns.firstIndex { column in
                let bounds = BlockTracer.bounds(column)
                return 2 * bounds.commonWidth(line.box) > min(bounds.width, line.box.width)
                    && Double(line.box.top - bounds.bottom) < Limit.ratio * Double(bounds.width)
            }
            if let index { columns[index].append(line) } else { columns.append([line]) }
        }
        return columns
    }

    private static func isTurned(_ column: [LayoutLine]) -> Bool {
        let bounds = BlockTracer.bounds(column)
        let letterHeight = BlockTracer.median(column.map { Double($0.box.width) })
        let gaps = zip(column, column.dropFirst()).map { Double(max(0, $1.box.top - $0.box.bottom)) }
        return column.count >= Limit.letters && Double(bounds.height) > Limit.length * Double(bounds.width)
            && BlockTracer.median(gaps) < Limit.usualGap * letterHeight
    }
}
