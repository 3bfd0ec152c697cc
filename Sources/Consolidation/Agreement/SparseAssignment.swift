/// The assignment of rows to columns with the largest total gain; rows may stay without one.
///
/// Shortest augmenting paths with potentials (Kuhn 1955; Jonker and Volgenant 1987) over the given pairs only: where rows gain only from
/// columns close by, the search stays there, and the whole is nearly linear.
struct SparseAssignment {
    /// For each row its columns with a gain above 0.
    private let gains: [[(column: Int, gain: Double)]]
    private var rowOfColumn: [Int]
    private(set) var columnOfRow: [Int]
    private var rowPotential: [Double]
    private var columnPotential: [Double]

    /// - Returns: `columnOfRow` holds the column of each row, -1 for none.
    init(gains: [[(column: Int, gain: Double)]], columnCount: Int) {
        self.gains = gains
        // Each row has a column of its own, for staying without one.
        rowOfColumn = [Int](repeating: -1, count: columnCount + gains.count)
        columnOfRow = [Int](repeating: -1, count: gains.count)
        rowPotential = gains.map { -($0.map(\.gain).max() ?? 0) }
        columnPotential = [Double](repeating: 0, count: columnCount + gains.count)
        var search = Search(columnCount: columnCount + gains.count)
        for row in gains.indices { assign(row, columnCount: columnCount, &search) }
        for row in columnOfRow.indices where columnOfRow[row] >= columnCount { columnOfRow[row] = -1 }
    }

    private struct Search {
        var distance: [Double]
        var from: [Int]
        var isDone: [Bool]
        var touched: [Int] = []

        init(columnCount: Int) {
            distance = [Double](repeating: .infinity, count: columnCount)
            from = [Int](repeating: -1, count: columnCount)
            isDone = [Bool](repeating: false, count: columnCount)
        }

        mutating func clear() {
            for column in touched {
                distance[column] = .infinity
                isDone[column] = false
            }
            touched.removeAll(keepingCapacity: true)
        }

        mutating func reach(_ column: Int, _ value: Double, from row: Int) {
            guard value < distance[column] else { return }
            if distance[column] == .infinity { touched.append(column) }
            distance[column] = value
            from[column] = row
        }

        func nearest() -> Int? {
            var best: Int?
            for column in touched where !isDone[column] {
                guard let known = best else {
                    best = column
                    continue
                }
                if distance[column] < distance[known] || distance[column] == distance[known] && column < known { best = column }
            }
            return best
        }
    }

    private mutating func assign(_ start: Int, columnCount: Int, _ search: inout Search) {
        search.clear()
        var row = start
        var length = 0.0
        var free = -1
        while true {
            for (column, gain) in gains[row] where !search.isDone[column] {
                search.reach(column, length - gain - rowPotential[row] - columnPotential[column], from: row)
            }
            let own = columnCount + row
            if !search.isDone[own] { search.reach(own, length - rowPotential[row] - columnPotential[own], from: row) }
            guard let column = search.nearest() else { preconditionFailure("a row can always stay without a column") }
            length = search.distance[column]
            search.isDone[column] = true
            if rowOfColumn[column] < 0 {
                free = column
                break
            }
            row = rowOfColumn[column]
        }
        rowPotential[start] += length
        for column in search.touched where search.isDone[column] && column != free {
            columnPotential[column] += search.distance[column] - length
            rowPotential[rowOfColumn[column]] += length - search.distance[column]
        }
        while true {
            let row = search.from[free]
            rowOfColumn[free] = row
            (columnOfRow[row], free) = (free, columnOfRow[row])
            if row == start { break }
        }
    }
}
