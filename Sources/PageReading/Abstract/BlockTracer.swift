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
                distance > Limit.paragraph * pitch || Double(above.right) < Double(extent.right) - 2.5 * unit
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

    private func change(
        from rows: [[LayoutLine]], extent: PixelBox, to next: [LayoutLine], unit: Double, isNewParagraph: Bool
    ) -> BlockEnding? {
        let below = Self.bounds(next)
        // A single row measures badly when it has few letters or many capitals; three rows do not.
        var coming = [next]
        while coming.count < 3, let last = coming.last, let row = row(below: Self.bounds(last), within: extent, unit: unit) {
            coming.append(row)
        }
        let xHeight = Self.median(coming.flatMap { $0 }.map(\.xHeight))
        let usual = Self.median(rows.flatMap { $0 }.map(\.xHeight))
        if isNewParagraph, coming.count == 3, max(xHeight / usual, usual / xHeight) > Limit.typeRatio, abs(xHeight - usual) >= 2 {
            return .otherType
        }
        if next.count >= 2, Double(extent.width) > 30 * unit,
            next.allSatisfy({ Double($0.box.width) < 0.62 * Double(extent.width) }),
            isNewParagraph
        {
            return .columnsBegin
        }
        let isWider =
            Double(below.left) < Double(extent.left) - Limit.leftEdge * unit
            || Double(below.right) > Double(extent.right) + Limit.rightEdge * unit
        return isWider && rows.count >= 2 ? .otherWidth : nil
    }

    private func follower(at row: [LayoutLine]) throws(PageReadingError) -> String? {
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

    static func bounds(_ row: [LayoutLine]) -> PixelBox {
        row.dropFirst().reduce(row[0].box) { $0.union($1.box) }
    }

    /// The middle of a row stands for its baseline: ascenders and descenders even out.
    private static func baseline(_ row: [LayoutLine]) -> Double { row.map(\.box.middleY).reduce(0, +) / Double(row.count) }

    static func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }

    /// The part of a line that is read to recognise a heading.
    static func start(of line: LayoutLine) -> PixelBox {
        var box = line.box
        let limit = line.box.left + Int(16 * line.xHeight)
        // Cut between words.
        if let cut = line.words.last(where: { $0.right <= limit }) { box.right = cut.right }
        return box
    }

    static func words(of text: String) -> [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }
}
