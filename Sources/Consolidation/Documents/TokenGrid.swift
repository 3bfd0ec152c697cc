import Annotations

/// The cells of a document: its tokens, cut further wherever a worker put an edge inside one, so that no span has to be moved.
///
/// White space at a span's edges belongs to no cell: spans that differ by it are the same. A span that touches no token at all gets a
/// cell of its own.
struct TokenGrid<Position: TextPosition>: Sendable {
    /// Ascending and apart.
    let cells: [Range<Position>]
    /// For each cell the token it lies in; -1 for a cell between tokens.
    let tokenOfCell: [Int32]

    /// - Complexity: O(t + s log s) for t tokens and s spans.
    init(tokens: [Range<Position>], answers: [WorkerSpans<Position>]) {
        var edges: [Int] = []
        for answer in answers {
            for span in answer.spans {
                edges.append(span.start.rawValue)
                edges.append(span.end.rawValue)
            }
        }
        edges.sort()
        guard !tokens.isEmpty else {
            self.init(betweenEdges: edges)
            return
        }
        var cells: [Range<Position>] = []
        var owners: [Int32] = []
        cells.reserveCapacity(tokens.count)
        owners.reserveCapacity(tokens.count)
        var next = 0
        for (index, token) in tokens.enumerated() {
            var start = token.lowerBound.rawValue
            while next < edges.count, edges[next] <= start { next += 1 }
            while next < edges.count, edges[next] < token.upperBound.rawValue {
                if edges[next] > start {
                    cells.append(Position(start)..<Position(edges[next]))
                    owners.append(Int32(index))
                    start = edges[next]
                }
                next += 1
            }
            cells.append(Position(start)..<token.upperBound)
            owners.append(Int32(index))
        }
        self.init(cells: cells, tokenOfCell: owners)
        let lost = answers.flatMap(\.spans).filter { self.cells(of: $0).isEmpty }
        if !lost.isEmpty { self = adding(lost) }
    }

    private init(cells: [Range<Position>], tokenOfCell: [Int32]) { (self.cells, self.tokenOfCell) = (cells, tokenOfCell) }

    private init(betweenEdges edges: [Int]) {
        var cells: [Range<Position>] = []
        for (start, end) in zip(edges, edges.dropFirst()) where start < end { cells.append(Position(start)..<Position(end)) }
        self.init(cells: cells, tokenOfCell: [Int32](repeating: -1, count: cells.count))
    }

    /// The grid with the stretches between tokens that some spans consist of.
    private func adding(_ spans: [LabeledSpan<Position>]) -> Self {
        let between = Self(betweenEdges: spans.flatMap { [$0.start.rawValue, $0.end.rawValue] }.sorted()).cells.filter { stretch in
            spans.contains { $0.start <= stretch.lowerBound && stretch.upperBound <= $0.end }
        }
        var merged = zip(cells, tokenOfCell).map { (cell: $0, token: $1) } + between.map { (cell: $0, token: Int32(-1)) }
        merged.sort { $0.cell.lowerBound < $1.cell.lowerBound }
        return Self(cells: merged.map(\.cell), tokenOfCell: merged.map(\.token))
    }

    /// The cells that a span touches.
    ///
    /// - Complexity: O(log cells).
    func cells(of span: LabeledSpan<Position>) -> Range<Int> {
        let first = firstCell { cells[$0].upperBound > span.start }
        let last = firstCell { cells[$0].lowerBound >= span.end }
        return first..<max(first, last)
    }

    /// The first index for which a condition holds that holds for all later ones; the count when it holds for none.
    private func firstCell(where holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = cells.count
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// - Precondition: `range` is not empty and lies in the grid.
    func span(_ range: Range<Int>, label: Label) -> LabeledSpan<Position> {
        let span = LabeledSpan(start: cells[range.lowerBound].lowerBound, end: cells[range.upperBound - 1].upperBound, label: label)
        guard let span else { preconditionFailure("cells \(range) are empty") }
        return span
    }
}
