/// What holds for all of a template while it is parsed.
struct ParsingRules {
    let dialect: Dialect
    let limits: Limits
    var replacements: [TextReplacement] = []
    /// Gets errors after which parsing can go on, for a list of all of them; without one they are thrown.
    var collector: Collector?

    final class Collector {
        private(set) var errors: [LiquidError] = []
        /// Everything that is printed or assigned.
        private(set) var expressions: [FilteredExpression] = []

        func append(_ error: LiquidError) { errors.append(error) }
        func append(_ expression: FilteredExpression) { expressions.append(expression) }
    }

    func report(_ error: LiquidError) throws(LiquidError) {
        guard let collector else { throw error }
        collector.append(error)
    }
}

/// The name that is nearest, at most two steps away; the first of several. A step inserts, leaves out or changes a letter, or exchanges
/// two neighbours.
func closest(to name: String, among names: [String]) -> String? {
    let letters = Array(name.utf8.prefix(40))
    var best: (name: String, distance: Int)?
    for candidate in names {
        let distance = distance(from: letters, to: Array(candidate.utf8))
        if distance <= 2, distance < candidate.utf8.count, distance < best?.distance ?? 3 { best = (candidate, distance) }
    }
    return best?.name
}

/// Damerau's distance in the form where no letter is touched twice ("optimal string alignment").
private func distance(from word: [UInt8], to other: [UInt8]) -> Int {
    var rows = [Array(0...other.count)]
    for (index, letter) in word.enumerated() {
        var row = [index + 1]
        for (column, otherLetter) in other.enumerated() {
            var steps = min(rows[index][column] + (letter == otherLetter ? 0 : 1), rows[index][column + 1] + 1, row[column] + 1)
            if index > 0, column > 0, letter == other[column - 1], word[index - 1] == otherLetter {
                steps = min(steps, rows[index - 1][column - 1] + 1)
            }
            row.append(steps)
        }
        rows.append(row)
    }
    return rows[word.count][other.count]
}
