/// Rows of text, the first column to the left, the others to the right, two spaces between.
struct TextTable {
    private var rows: [[String]]

    init(header: [String]) { rows = [header] }

    mutating func append(_ row: [String]) { rows.append(row) }

    /// One line a row, each with its LF.
    var text: String {
        let widths = (rows.first ?? []).indices.map { column in rows.reduce(0) { max($0, $1[column].unicodeScalars.count) } }
        return rows.reduce(into: "") { text, row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.unicodeScalars.count)
                return column == 0 ? cell + padding : padding + cell
            }
            var line = cells.joined(separator: "  ")
            while line.utf8.last == UInt8(ascii: " ") { line.removeLast() }
            text += line + "\n"
        }
    }

    /// With two decimals; `-` for none.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "-" }
        let hundredths = Int((value * 100).rounded())
        let digits = hundredths.magnitude % 100
        return (hundredths < 0 ? "-" : "") + "\(hundredths.magnitude / 100).\(digits < 10 ? "0" : "")\(digits)"
    }
}
