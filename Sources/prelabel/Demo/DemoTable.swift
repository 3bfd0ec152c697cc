import Foundation

/// What the demo made, and where.
struct DemoTable {
    struct Row {
        let what: String
        let count: String
        let place: String
        init(_ what: String, _ count: String, _ place: String) { (self.what, self.count, self.place) = (what, count, place) }
    }

    let rows: [Row]
    let folder: String

    var text: String {
        let first = rows.map(\.what.count).max() ?? 0
        let second = rows.map(\.count.count).max() ?? 0
        let lines = rows.map { row in
            row.what.padding(toLength: first, withPad: " ", startingAt: 0) + "  "
                + row.count.padding(toLength: second, withPad: " ", startingAt: 0) + "  \(folder)/\(row.place)"
        }
        return lines.joined(separator: "\n")
    }
}
