/// What holds for all of a template while it is parsed.
struct ParsingRules {
    let dialect: Dialect
    let limits: Limits
    /// Gets errors after which parsing can go on, for a list of all of them; without one they are thrown.
    var collector: Collector?

    final class Collector {
        private(set) var errors: [LiquidError] = []
        func append(_ error: LiquidError) { errors.append(error) }
    }

    func report(_ error: LiquidError) throws(LiquidError) {
        guard let collector else { throw error }
        collector.append(error)
    }
}

/// The name that is at most two letters away: inserted, left out, changed.
func closest(to name: String, among names: [String]) -> String? {
    let letters = Array(name.utf8.prefix(40))
    var best: (name: String, distance: Int)?
    for candidate in names {
        let other = Array(candidate.utf8)
        var row = Array(0...other.count)
        for (index, letter) in letters.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let distance = min(diagonal + (letter == other[column] ? 0 : 1), row[column] + 1, row[column + 1] + 1)
                diagonal = row[column + 1]
                row[column + 1] = distance
            }
        }
        let distance = row[other.count]
        if distance <= 2, distance < candidate.utf8.count, distance < best?.distance ?? 3 { best = (candidate, distance) }
    }
    return best?.name
}
