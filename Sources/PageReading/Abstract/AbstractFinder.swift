/// Finds the abstract among the lines of a first page.
///
/// Works on lines with boxes; what it cannot see from the layout it asks for by having a few words read.
/// The rules are told in <doc:FindingTheAbstract>.
struct AbstractFinder {
    private let layout: PageLayout
    private let tracer: BlockTracer
    private let read: BlockTracer.Reader

    /// - Parameters:
    ///   - layout: The lines of the page.
    ///   - read: Recognises the words in a box of the layout.
    init(layout: PageLayout, read: @escaping BlockTracer.Reader) {
        self.layout = layout
        self.read = read
        tracer = BlockTracer(layout: layout, read: read)
    }

    /// - Returns: `nil` when there is no abstract, or none that is sure enough.
    func find() throws(PageReadingError) -> AbstractFinding? {
        if let finding = try underHeading() { return finding }
        return try FormFinder(layout: layout, tracer: tracer, read: read).find()
    }

    // MARK: With a heading

    private enum Limit {
        /// Widths of a heading line in its x-heights: `Résumé` to `A B S T R A C T` and a little more.
        static let headingWidth = 4.5...24.0
        /// Least width of a line of text, in x-heights.
        static let textWidth = 14.0
        static let candidates = 24
        /// So many lines of text before a heading make it one of the text.
        static let textBefore = 10
        static let lowestHeading = 0.85
        /// A column ends below this share of the page's height.
        static let columnBottom = 0.75
    }

    private struct Candidate {
        var line: LayoutLine
        var isAlone: Bool
    }

    private func underHeading() throws(PageReadingError) -> AbstractFinding? {
        for candidate in candidates().prefix(Limit.candidates) {
            let words = BlockTracer.words(of: try read(BlockTracer.start(of: candidate.line)))
            guard HeadingWords.beginsAbstract(words) else { continue }
            if let finding = try finding(at: candidate, heading: words.joined(separator: " ")) { return finding }
        }
        return nil
    }

    private func candidates() -> [Candidate] {
        layout.lines.filter { Double($0.box.top) < Limit.lowestHeading * Double(layout.height) }.compactMap { line in
            let unit = line.xHeight
            if Limit.headingWidth.contains(Double(line.box.width) / unit), isFollowedByText(line) {
                return Candidate(line: line, isAlone: true)
            }
            if let first = line.words.first, Double(first.width) >= 4 * unit, Double(line.box.width) >= Limit.textWidth * unit,
                tracer.startsBlock(line)
            {
                return Candidate(line: line, isAlone: false)
            }
            return nil
        }
    }

    /// Two rows of text follow, or text stands beside the line.
    private func isFollowedByText(_ line: LayoutLine) -> Bool {
        let unit = line.xHeight
        guard let first = tracer.row(below: line.box, unit: unit) else { return false }
        let bounds = BlockTracer.bounds(first)
        guard Double(bounds.top - line.box.bottom) < 6 * unit, Double(bounds.width) >= Limit.textWidth * unit * 0.7,
            let second = tracer.row(below: bounds, unit: unit)
        else { return false }
        let next = BlockTracer.bounds(second)
        return Double(next.middleY - bounds.middleY) < 4 * unit && Double(next.width) >= Limit.textWidth * unit * 0.7
    }

    private func finding(at candidate: Candidate, heading: String) throws(PageReadingError) -> AbstractFinding? {
        let start: [LayoutLine]
        if candidate.isAlone, let below = tracer.row(below: candidate.line.box, unit: candidate.line.xHeight) {
            start = besides(candidate.line) ?? below
        } else {
            start = [candidate.line]
        }
        let block = try tracer.block(from: start, asksForFollowers: true)
        guard block.rows.count >= 2, HeadingWords.isUnmistakable(heading) || !follows(text: block, at: candidate.line) else {
            return nil
        }
        let rest = try continuation(of: block)
        let ending = rest?.ending ?? block.ending
        let word = String(heading.prefix(24))
        let isEnded = if case .follower = ending { true } else { false }
        let place = candidate.isAlone ? "over" : "at the start of"
        let lines = "\(block.rows.count) lines" + (rest.map { " and \($0.rows.count) in the next column" } ?? "")
        return AbstractFinding(
            parts: [block.lines] + (rest.map { [$0.lines] } ?? []), evidence: .heading(word), ending: ending,
            confidence: isEnded ? AbstractFinding.sureHeading : AbstractFinding.heading,
            reason: "the heading \"\(word)\" stands \(place) \(lines); they end \(ending)")
    }

    /// Whether much text like the block's stands above the heading or in a column before it: a section, such as a last one.
    private func follows(text block: BlockTracer.Block, at heading: LayoutLine) -> Bool {
        let bounds = BlockTracer.bounds(block.lines)
        let unit = BlockTracer.median(block.lines.map(\.xHeight))
        let before = layout.lines.count { line in
            let isAbove = line.box.commonWidth(bounds) > 0 && line.box.bottom <= heading.box.top
            return (isAbove || line.box.right <= bounds.left) && abs(line.xHeight - unit) <= max(1, 0.12 * unit)
                && 5 * line.box.width >= 4 * bounds.width && 5 * line.box.width <= 6 * bounds.width
        }
        return before >= Limit.textBefore
    }

    /// The part of an abstract that stands in the next column.
    ///
    /// Looked for only when the block ends low on the page, in the middle of a sentence; taken only when a follower ends it.
    private func continuation(of block: BlockTracer.Block) throws(PageReadingError) -> BlockTracer.Block? {
        if case .follower = block.ending { return nil }
        let bounds = BlockTracer.bounds(block.lines)
        guard let last = block.lines.last, Double(last.box.bottom) > Limit.columnBottom * Double(layout.height),
            Double(last.box.right) > Double(bounds.right) - 2 * last.xHeight, let lastWord = last.words.last
        else { return nil }
        let next = layout.lines.filter {
            $0.box.left > bounds.right && Double($0.box.middleY) > Double(bounds.top) - 8 * last.xHeight
                && Double($0.box.width) > Limit.textWidth * $0.xHeight
        }
        guard let top = next.min(by: { $0.box.top < $1.box.top }), abs(top.xHeight - last.xHeight) <= 2,
            try read(lastWord).last.map({ !".!?".contains($0) }) ?? false
        else { return nil }
        let rest = try tracer.block(from: [top], asksForFollowers: true)
        guard case .follower = rest.ending else { return nil }
        return rest
    }

    /// Text that begins on the heading's own row, a little to the right of it.
    private func besides(_ heading: LayoutLine) -> [LayoutLine]? {
        let unit = heading.xHeight
        let row = layout.lines.filter {
            $0.box.left > heading.box.right && Double($0.box.left - heading.box.right) < 5 * unit
                && $0.box.commonHeight(heading.box) * 2 > heading.box.height && Double($0.box.width) > Limit.textWidth * unit
        }
        return row.isEmpty ? nil : [heading] + row
    }
}
