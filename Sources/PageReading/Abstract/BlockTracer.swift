/// Follows a block of text down its column, line by line.
///
/// All distances are in units of the x-height of the block's first line; lines of text stand 2 to 3 of them apart.
struct BlockTracer {
    typealias Reader = (PixelBox) throws(PageReadingError) -> String

    let layout: PageLayout
    /// Reads a small piece of a line, to recognise a heading.
    let read: Reader

    struct Block {
        /// One row each; a row is more than one line where white inside the line was taken for a column gap.
        var rows: [[LayoutLine]]
        var ending: BlockEnding

        var lines: [LayoutLine] { rows.flatMap { $0 } }
    }

    private enum Limit {
        /// Baselines farther apart than this times the usual distance are worth a look.
        static let paragraph = 1.3
        /// Farther apart than this times the usual distance: another block.
        static let block = 2.3
        /// Distance of lines before two rows have told it, in x-heights.
        static let firstPitch = 3.3
        static let typeRatio = 1.22
        /// How far a line may reach over the block's edges, in x-heights; the right one may be ragged.
        static let leftEdge = 2.0
        static let rightEdge = 5.0
    }

    /// - Parameters:
    ///   - start: The first row.
    ///   - asksForFollowers: Whether starts of paragraphs are read to see whether the abstract has ended.
    /// - Returns: The start and all rows that belong to it.
    /// - Throws: What `read` throws.
    func block(from start: [LayoutLine], asksForFollowers: Bool) throws(PageReadingError) -> Block {
        var rows = [start]
        var extent = Self.bounds(start)
        let unit = start.map(\.xHeight).max() ?? 1
        if let second = row(below: extent, unit: unit), Self.bounds(second).width > extent.width / 2 {
            extent = extent.union(Self.bounds(second))
        }
        var pitches: [Double] = []
        while true {
            guard let last = rows.last, let next = row(below: Self.bounds(last), within: extent, unit: unit) else {
                return Block(rows: rows, ending: .columnEnds)
            }
            let (above, below) = (Self.bounds(last), Self.bounds(next))
            let distance = Self.baseline(next) - Self.baseline(last)
            let pitch = pitches.isEmpty ? min(distance, Limit.firstPitch * unit) : pitches.sorted()[pitches.count / 2]
            if hasRule(between: above, and: below) { return Block(rows: rows, ending: .rule) }
            if distance > Limit.block * pitch { return Block(rows: rows, ending: .whiteSpace) }
            let isNewParagraph =
                distance > Limit.paragraph * pitch || isShort(above, before: next, extent: extent, unit: unit)
                || below.left > extent.left + Int(0.8 * unit) || rows.count < 2
            if asksForFollowers, isNewParagraph, let follower = try follower(at: next) {
                return Block(rows: rows, ending: .follower(follower))
            }
            if let change = change(from: rows, extent: extent, to: next, unit: unit, isNewParagraph: isNewParagraph) {
                return Block(rows: rows, ending: change)
            }
            if distance <= Limit.paragraph * pitch { pitches.append(distance) }
            rows.append(next)
            extent = extent.union(below)
        }
    }

    /// Whether the first word of the next row would have fitted at a row's end: it did not have to break there.
    private func isShort(_ above: PixelBox, before next: [LayoutLine], extent: PixelBox, unit: Double) -> Bool {
        let word = next.first?.words.first?.width ?? 0
        return Double(above.right + word) + 1.5 * unit < Double(extent.right)
    }

    private func change(
        from rows: [[LayoutLine]], extent: PixelBox, to next: [LayoutLine], unit: Double, isNewParagraph: Bool
    ) -> BlockEnding? {
        let below = Self.bounds(next)
        let usual = Self.median(rows.flatMap { $0 }.map(\.xHeight))
        let coming = self.rows(from: next, count: 3, extent: extent, unit: unit).map { row in Self.median(row.map(\.xHeight)) }
        let isOther = { (size: Double) in max(size / usual, usual / size) > Limit.typeRatio && abs(size - usual) >= 2 }
        if isNewParagraph, !coming.isEmpty, coming.allSatisfy(isOther) { return .otherType }
        if isNewParagraph, beginsColumns(next, under: extent, unit: unit) { return .columnsBegin }
        let isWider =
            Double(below.left) < Double(extent.left) - Limit.leftEdge * unit
            || Double(below.right) > Double(extent.right) + Limit.rightEdge * unit
        return isWider && rows.count >= 2 ? .otherWidth : nil
    }

    /// A row and those under it, as long as they stand close; empty when there are fewer than `count`.
    ///
    /// A single row measures badly when it has few letters or many capitals.
    private func rows(from first: [LayoutLine], count: Int, extent: PixelBox, unit: Double) -> [[LayoutLine]] {
        var rows = [first]
        while rows.count < count {
            guard let last = rows.last, let next = row(below: Self.bounds(last), within: extent, unit: unit),
                Self.baseline(next) - Self.baseline(last) < Limit.block * 2.5 * unit
            else { return [] }
            rows.append(next)
        }
        return rows
    }

    /// Whether a row and the one under it are divided at the same place, into parts clearly narrower than the block.
    func beginsColumns(_ row: [LayoutLine], under block: PixelBox, unit: Double) -> Bool {
        guard row.count >= 2, Double(block.width) > 30 * unit,
            row.allSatisfy({ Double($0.box.width) < 0.62 * Double(block.width) }),
            let next = self.row(below: Self.bounds(row), within: block, unit: unit), next.count >= 2
        else { return false }
        return zip(row, row.dropFirst()).contains { left, right in
            zip(next, next.dropFirst()).contains { max(left.box.right, $0.box.right) < min(right.box.left, $1.box.left) }
        }
    }

    func follower(at row: [LayoutLine]) throws(PageReadingError) -> String? {
        guard let first = row.first else { return nil }
        return HeadingWords.follower(at: Self.words(of: try read(Self.start(of: first))))
    }

    private func hasRule(between above: PixelBox, and below: PixelBox) -> Bool {
        layout.rules.contains { rule in
            rule.top >= above.bottom - 2 && rule.bottom <= below.top + 2
                && rule.commonWidth(above.union(below)) > above.union(below).width / 3
        }
    }

    // MARK: Rows

    /// The nearest row under a box, within the columns of `extent`.
    func row(below box: PixelBox, within extent: PixelBox? = nil, unit: Double) -> [LayoutLine]? {
        let columns = extent ?? box
        let candidates = layout.lines.filter { line in
            line.box.middleY > Double(box.bottom) - 0.2 * unit && Double(line.box.height) > 0.8 * unit
                && line.box.commonWidth(columns) >= max(1, min(line.box.width, columns.width) / 2)
        }
        guard let nearest = candidates.min(by: { $0.box.middleY < $1.box.middleY }) else { return nil }
        return candidates.filter { $0.box.commonHeight(nearest.box) * 2 >= min($0.box.height, nearest.box.height) }
            .sorted { $0.box.left < $1.box.left }
    }

    /// The line is the first of a block: what stands above is far, shorter, or of another size.
    func startsBlock(_ line: LayoutLine) -> Bool {
        let unit = line.xHeight
        guard let below = row(below: line.box, unit: unit) else { return false }
        let next = Self.bounds(below)
        let pitch = next.middleY - line.box.middleY
        guard pitch < 4 * unit, Double(next.width) >= 0.6 * Double(line.box.width) else { return false }
        guard let above = nearestLine(above: line.box) else { return true }
        return line.box.middleY - above.box.middleY > 1.25 * pitch || above.box.right < line.box.right - Int(3 * unit)
            || above.box.left > line.box.left + Int(3 * unit) || abs(above.xHeight - unit) >= max(2, 0.2 * unit)
    }

    func nearestLine(above box: PixelBox) -> LayoutLine? {
        layout.lines.last { $0.box.middleY < Double(box.top) && $0.box.commonWidth(box) > min($0.box.width, box.width) / 2 }
    }

    static func bounds(_ row: [LayoutLine]) -> PixelBox {
        row.dropFirst().reduce(row[0].box) { $0.union($1.box) }
    }

    /// The middle of a row stands for its baseline: ascenders and descenders even out.
    private static func baseline(_ row: [LayoutLine]) -> Double { row.map(\.box.middleY).reduce(0, +) / Double(row.count) }

    static func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }

    /// The part of a line that is read to recognise a heading.
    static func start(of line: LayoutLine) -> PixelBox {
        var box = line.box
        let limit = line.box.left + Int(12 * line.xHeight)
        // Cut behind the word that reaches the limit, unless words ran together.
        if let last = line.words.first(where: { $0.right >= limit }) {
            box.right = min(last.right, line.box.left + Int(30 * line.xHeight))
        }
        return box
    }

    static func words(of text: String) -> [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }
}
