/// Finds an abstract that has no heading: a block of prose under title and authors, set apart from the text that follows it.
struct FormFinder {
    let layout: PageLayout
    let tracer: BlockTracer
    let read: BlockTracer.Reader

    private enum Limit {
        static let rows = 4
        /// In x-heights.
        static let width = 24.0
        /// Letters of a title are this much larger than those of the abstract.
        static let titleRatio = 1.25
        /// An abstract begins in the upper part of the page and below its head, in shares of its height.
        static let top = 0.1...0.65
        /// Share of the rows but the last that reach the right edge.
        static let fullRows = 0.7
    }

    /// Beginnings of what else stands between authors and text.
    private static let boilerplate: Set<String> = [
        "copyright", "received", "accepted", "published", "correspondence", "corresponding", "editor", "editors", "academic",
        "edited", "reviewed",
        "citation", "cite", "department", "university", "institute", "school", "faculty", "keywords", "license", "doi", "available",
        "email",
        "open", "article", "contents", "dedicated", "presented",
    ]

    func find() throws(PageReadingError) -> AbstractFinding? {
        var lowest: [PixelBox] = []
        for line in layout.lines where Limit.top.contains(line.box.middleY / Double(layout.height)) {
            if lowest.contains(where: { $0.commonWidth(line.box) > 0 && $0.bottom > line.box.top }) { continue }
            guard Double(line.box.width) >= Limit.width * line.xHeight, tracer.startsBlock(line) else { continue }
            // The shape costs no reading.
            let outline = try tracer.block(from: [line], asksForFollowers: false)
            guard isProseShaped(outline), hasTitle(above: outline) else { continue }
            guard try readsAsProse(line) else { continue }
            let block = try tracer.block(from: [line], asksForFollowers: true)
            lowest.append(BlockTracer.bounds(block.lines))
            guard isProseShaped(block), try !isHeaded(block), let signs = try signs(of: block) else { continue }
            return AbstractFinding(
                parts: [block.lines], evidence: .form, ending: block.ending,
                confidence: min(0.85, 0.45 + 0.15 * Double(signs.count)),
                reason: "no heading; \(block.rows.count) lines under a title, " + signs.joined(separator: ", "))
        }
        return nil
    }

    // MARK: Shape

    private func isProseShaped(_ block: BlockTracer.Block) -> Bool {
        let bounds = BlockTracer.bounds(block.lines)
        guard block.rows.count >= Limit.rows else { return false }
        let unit = BlockTracer.median(block.lines.map(\.xHeight))
        let full = block.rows.dropLast().count { row in
            Double(BlockTracer.bounds(row).right) > Double(bounds.right) - 0.07 * Double(bounds.width)
        }
        return Double(bounds.width) >= Limit.width * unit && Double(full) >= Limit.fullRows * Double(block.rows.count - 1)
    }

    private func hasTitle(above block: BlockTracer.Block) -> Bool {
        let bounds = BlockTracer.bounds(block.lines)
        let unit = BlockTracer.median(block.lines.map(\.xHeight))
        return layout.lines.contains {
            $0.box.bottom <= bounds.top && $0.xHeight >= Limit.titleRatio * unit && Double($0.box.width) > 12 * $0.xHeight
                && $0.box.commonWidth(bounds) > $0.box.width / 2
        }
    }

    // MARK: Signs

    /// Whether a short line right over the block is the heading of another part of the paper.
    private func isHeaded(_ block: BlockTracer.Block) throws(PageReadingError) -> Bool {
        guard let first = block.lines.first, let above = tracer.nearestLine(above: first.box),
            Double(above.box.width) < Limit.width * above.xHeight,
            Double(first.box.top - above.box.bottom) < 6 * first.xHeight
        else { return false }
        let words = BlockTracer.words(of: try read(above.box))
        return HeadingWords.follower(at: words) != nil || HeadingWords.beginsText(words)
    }

    /// Whether the block is one of two columns: text of the same kind stands beside it.
    private func isColumn(_ bounds: PixelBox, unit: Double) -> Bool {
        layout.lines.count {
            $0.box.commonWidth(bounds) == 0 && $0.box.middleY > Double(bounds.top) && $0.box.middleY < Double(bounds.bottom)
                && Double($0.box.width) > Limit.width * unit
        } >= 3
    }

    /// What sets the block apart from what stands under it; `nil` when nothing does.
    private func signs(of block: BlockTracer.Block) throws(PageReadingError) -> [String]? {
        let bounds = BlockTracer.bounds(block.lines)
        let unit = BlockTracer.median(block.lines.map(\.xHeight))
        guard let next = tracer.row(below: bounds, unit: unit) else { return nil }
        var signs: [String] = []
        let follower = if case .follower(let word) = block.ending { word as String? } else { try tracer.follower(at: next) }
        if let follower { signs.append("\"\(follower)\" follows") }
        // In a column, the text of the paper looks the same: only what names the abstract's end counts.
        if isColumn(bounds, unit: unit) { return follower.map(HeadingWords.isPartOfFrontMatter) == true ? signs : nil }
        if tracer.beginsColumns(next, under: bounds, unit: unit) { signs.append("two columns follow") }
        let body = bodyLines(below: bounds)
        guard body.count >= 3 else { return signs.isEmpty ? nil : signs }
        let left = BlockTracer.median(body.map { Double($0.box.left) })
        if Double(bounds.left) - left > 1.5 * unit { signs.append("indented against the text") }
        let density = BlockTracer.median(block.lines.map(\.density)) / max(0.01, BlockTracer.median(body.map(\.density)))
        if density > 1.15 { signs.append("bolder than the text") }
        let size = unit / BlockTracer.median(body.map(\.xHeight))
        if size > 1.15 || size < 0.87 { signs.append("of another size than the text") }
        return signs.isEmpty ? nil : signs
    }

    /// The first lines of text under a block, those at its left edge when there are columns.
    private func bodyLines(below bounds: PixelBox) -> [LayoutLine] {
        let below = layout.lines.filter {
            $0.box.top > bounds.bottom && Double($0.box.width) > Limit.width * $0.xHeight
                && $0.box.commonWidth(bounds) > $0.box.width / 2
                && $0.box.left < (bounds.left + bounds.right) / 2
        }
        return Array(below.prefix(8))
    }

    private func readsAsProse(_ line: LayoutLine) throws(PageReadingError) -> Bool {
        let words = BlockTracer.words(of: try read(line.box))
        guard let first = words.first, words.count >= 4,
            first.first.map({ $0.isUppercase || "\"\u{201C}\u{2018}'(".contains($0) }) ?? false
        else {
            return false
        }
        guard !Self.boilerplate.contains(HeadingWords.folded(first)) else { return false }
        return Prose.isProse(words, minimumCount: 4)
    }
}
