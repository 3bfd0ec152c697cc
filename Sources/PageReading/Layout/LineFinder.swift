import CLeptonica

/// Groups the connected pieces of ink of an upright page into lines, columns respected.
struct LineFinder {
    /// In units of the typical height of a piece of ink, which is near the x-height.
    private enum Gap {
        /// Wider white between two pieces begins a new word.
        static let word = 0.38
        /// Wider white ends a line.
        static let line = 2.6
        /// Wider white ends a line where the white goes on for several lines above or below.
        static let column = 0.9
        /// Words of a title stand no farther apart than this, in heights of their line; gutters are wider.
        static let titleWord = 0.6
    }

    /// A line in the making.
    fileprivate struct Group {
        var pieces: [PixelBox]
        var box: PixelBox
        /// Rows of the last few pieces: lines of a page that is not flat wander.
        var top: Double
        var bottom: Double
    }

    private let typicalHeight: Double
    /// Letters and parts of words, from left to right.
    private let letters: [PixelBox]
    /// Dots, accents, commas, hyphens.
    private let marks: [PixelBox]
    private let rules: [PixelBox]
    private let columnGaps: ColumnGaps

    static func layout(of ink: borrowing PageImage) throws(PageReadingError) -> PageLayout {
        let finder = try LineFinder(ink)
        let lines = finder.mended(finder.groups()).compactMap { finder.line($0, ink: ink) }
        return PageLayout(
            width: ink.widthPixels, height: ink.heightPixels,
            lines: lines.sorted { ($0.box.middleY, $0.box.left) < ($1.box.middleY, $1.box.left) },
            rules: finder.rules.sorted { ($0.top, $0.left) < ($1.top, $1.left) })
    }

    private init(_ ink: borrowing PageImage) throws(PageReadingError) {
        let pieces = Self.connectedPieces(of: ink)
        let heights = pieces.map(\.height).filter { $0 >= 4 && $0 <= 60 }.sorted()
        let typical = heights.isEmpty ? 10 : Double(heights[heights.count / 2])
        typicalHeight = typical
        let isRule = { (box: PixelBox) in Double(box.width) >= 8 * typical && Double(box.height) <= max(4, 0.5 * typical) }
        rules = pieces.filter(isRule)
        let isUpright = { (box: PixelBox) in box.width <= 3 && Double(box.height) > 2 * typical }
        let text = pieces.filter {
            !isRule($0) && !isUpright($0) && Double($0.height) <= 6 * typical && Double($0.width) <= 40 * typical
        }
        letters = text.filter { Double($0.height) >= 0.55 * typical }.sorted { ($0.left, $0.top) < ($1.left, $1.top) }
        marks = text.filter { Double($0.height) < 0.55 * typical && max($0.width, $0.height) >= 2 }
        columnGaps = try ColumnGaps(in: ink, minimumWidth: Int(1.6 * typical), minimumHeight: Int(12 * typical))
    }

    private static func connectedPieces(of ink: borrowing PageImage) -> [PixelBox] {
        var boxes = pixConnCompBB(ink.raw, 8)
        defer { boxaDestroy(&boxes) }
        return (0..<boxaGetCount(boxes)).map { index in
            var (x, y, width, height): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
            boxaGetBoxGeometry(boxes, index, &x, &y, &width, &height)
            return PixelBox(left: Int(x), top: Int(y), right: Int(x + width), bottom: Int(y + height))
        }
    }

    // MARK: Grouping

    private func groups() -> [Group] {
        var groups: [Group] = []
        for letter in letters {
            if let index = bestGroup(for: letter, among: groups) {
                groups[index].add(letter)
            } else {
                groups.append(Group(pieces: [letter], box: letter, top: Double(letter.top), bottom: Double(letter.bottom)))
            }
        }
        for mark in marks {
            if let index = groups.firstIndex(where: { holds(mark, in: $0) }) {
                groups[index].pieces.append(mark)
                groups[index].box = groups[index].box.union(mark)
            }
        }
        return groups
    }

    /// The line a letter continues: the one with the nearest end among those at its height.
    private func bestGroup(for letter: PixelBox, among groups: [Group]) -> Int? {
        var best: (index: Int, gap: Int)?
        for (index, group) in groups.enumerated() {
            let gap = letter.left - group.box.right
            let common = min(Double(letter.bottom), group.bottom) - max(Double(letter.top), group.top)
            let smaller = min(Double(letter.height), group.bottom - group.top)
            let larger = max(Double(letter.height), group.bottom - group.top)
            guard common >= 0.5 * smaller, larger <= 3.2 * smaller else { continue }
            let unit = max(typicalHeight, min(1.5 * typicalHeight, 0.7 * (group.bottom - group.top)))
            guard Double(gap) <= Gap.line * unit, gap < best?.gap ?? .max else { continue }
            if Double(gap) > Gap.column * unit,
                columnGaps.separates(left: group.box.right, right: letter.left, y: (letter.top + letter.bottom) / 2)
            {
                continue
            }
            best = (index, gap)
        }
        return best?.index
    }

    /// Joins the parts of a line that was cut at a wide word space with white above it, where a line goes on below the gap,
    /// or before a comma, which shares no height with the letters, or in the large type of a title.
    private func mended(_ groups: [Group]) -> [Group] {
        var groups = groups.sorted { $0.box.left < $1.box.left }
        var index = 0
        while index < groups.count {
            let left = groups[index].box
            let next = groups.indices.first { other in
                let right = groups[other].box
                let gap = right.left - left.right
                guard gap > 0, 2 * left.commonHeight(right) > max(left.height, right.height) else { return false }
                let height = Double(max(left.height, right.height))
                return Double(gap) <= Gap.column * typicalHeight
                    || groups[index].medianHeight > 1.25 * typicalHeight && Double(gap) <= Gap.titleWord * height
                    || Double(gap) <= Gap.line * max(typicalHeight, Double(left.height))
                        && groups.contains { crosses($0.box, from: left, to: right) }
            }
            if let next {
                for piece in groups[next].pieces { groups[index].add(piece) }
                groups.remove(at: next)
            } else {
                index += 1
            }
        }
        return groups
    }

    /// Whether a line stands right under the gap between two parts of a row and reaches well over both.
    ///
    /// Under a heading it may stand lower, and begin where the heading's number does.
    private func crosses(_ below: PixelBox, from left: PixelBox, to right: PixelBox) -> Bool {
        let distance = below.middleY - (left.middleY + right.middleY) / 2
        let reach = Int(2 * typicalHeight)
        let isNumber = Double(left.width) < 3 * typicalHeight && abs(below.left - left.left) <= reach / 4
        return distance > typicalHeight && distance < (isNumber ? 6 : 3.4) * typicalHeight
            && (isNumber || below.left < left.right - reach) && below.right > right.left + reach
    }

    private func holds(_ mark: PixelBox, in group: Group) -> Bool {
        let near = group.box.expanded(x: Int(typicalHeight), y: Int(0.4 * typicalHeight))
        return mark.left >= near.left && mark.right <= near.right && mark.top >= near.top && mark.bottom <= near.bottom
    }

    // MARK: Measuring

    private func line(_ group: Group, ink: borrowing PageImage) -> LayoutLine? {
        let group = group.withoutOutliers()
        guard group.pieces.count >= 2 || Double(group.box.width) >= 2 * typicalHeight else { return nil }
        let rows = ink.inkByRow(in: group.box)
        guard let peak = rows.max(), peak > 0 else { return nil }
        // Between the first and the last row with much ink lie the letters without ascenders and descenders.
        let isDense = rows.map { Double($0) >= 0.45 * Double(peak) }
        let first = isDense.firstIndex(of: true) ?? 0
        let last = isDense.lastIndex(of: true) ?? rows.count - 1
        let bandInk = rows[first...last].reduce(0, +)
        let words = words(of: group)
        let inkWidth = words.reduce(0) { $0 + $1.width }
        return LayoutLine(
            box: group.box, words: words, xHeight: Double(last - first + 1),
            density: Double(bandInk) / Double(max(1, inkWidth * (last - first + 1))))
    }

    private func words(of group: Group) -> [PixelBox] {
        var words: [PixelBox] = []
        for piece in group.pieces.sorted(by: { ($0.left, $0.top) < ($1.left, $1.top) }) {
            if let last = words.last, Double(piece.left - last.right) <= Gap.word * typicalHeight {
                words[words.count - 1] = last.union(piece)
            } else {
                words.append(piece)
            }
        }
        return words
    }
}

extension LineFinder.Group {
    /// Without pieces much taller than the others, such as the edge of a frame; an initial at the start stays.
    fileprivate func withoutOutliers() -> Self {
        let heights = pieces.map(\.height).sorted()
        guard pieces.count >= 6, let first = pieces.first else { return self }
        let limit = 5 * heights[heights.count / 2] / 2
        var group = self
        group.pieces = pieces.filter { $0.height <= limit || $0 == first }
        group.box = group.pieces.dropFirst().reduce(first) { $0.union($1) }
        return group
    }

    fileprivate var medianHeight: Double { BlockTracer.median(pieces.map { Double($0.height) }) }

    fileprivate mutating func add(_ letter: PixelBox) {
        pieces.append(letter)
        box = box.union(letter)
        let recent = pieces.suffix(6)
        top = recent.reduce(0) { $0 + Double($1.top) } / Double(recent.count)
        bottom = recent.reduce(0) { $0 + Double($1.bottom) } / Double(recent.count)
    }
}

extension PageImage {
    /// The number of ink pixels in each row of a part of a 1-bit image.
    fileprivate func inkByRow(in box: PixelBox) -> [Int] {
        var clip = boxCreate(Int32(box.left), Int32(box.top), Int32(box.width), Int32(box.height))
        defer { boxDestroy(&clip) }
        var part = pixClipRectangle(raw, clip, nil)
        defer { pixDestroy(&part) }
        var counts = pixCountPixelsByRow(part, nil)
        defer { numaDestroy(&counts) }
        return (0..<numaGetCount(counts)).map { index in
            var value: Int32 = 0
            numaGetIValue(counts, index, &value)
            return Int(value)
        }
    }
}
