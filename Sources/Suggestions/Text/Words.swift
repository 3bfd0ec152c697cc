/// A word, a number or a sign of a text.
struct Word {
    let range: Range<Int>
    /// A hash of the lower-case form; all numbers have the same two, with and without a per cent sign.
    let key: UInt64
    let kind: Kind

    enum Kind { case word, number, sign }
}

/// Runs of letters (apostrophes inside them included), numbers with their separators, and every other visible scalar for itself.
enum Words {
    /// A longer run is divided, so that hostile texts make no words of a megabyte.
    static let maximumLength = 64

    static func words(of text: Scalars, in range: Range<Int>) -> [Word] {
        var words: [Word] = []
        var index = range.lowerBound
        while index < range.upperBound {
            let scalar = text[index]
            if scalar.isSpace {
                index += 1
                continue
            }
            let first = index
            index += 1
            let limit = min(range.upperBound, first + maximumLength)
            if scalar.isDigit {
                while index < limit, text[index].isDigit || isSeparator(text, at: index, before: limit) { index += 1 }
                if index < limit, text[index] == "%" { index += 1 }
                let key = text[index - 1] == "%" ? percentage : number
                words.append(Word(range: first..<index, key: key, kind: .number))
            } else if scalar.isLetter, !scalar.isIdeograph {
                while index < limit,
                    text[index].isLetter && !text[index].isIdeograph || isApostrophe(text, at: index, before: limit)
                {
                    index += 1
                }
                words.append(Word(range: first..<index, key: FeatureKey.key(of: text.values[first..<index]), kind: .word))
            } else {
                words.append(Word(range: first..<index, key: FeatureKey.key(of: text.values[first..<index]), kind: .sign))
            }
        }
        return words
    }

    private static let number = FeatureKey.key(of: ["0"])
    private static let percentage = FeatureKey.key(of: ["0", "%"])

    private static func isSeparator(_ text: Scalars, at index: Int, before limit: Int) -> Bool {
        (text[index] == "." || text[index] == ",") && index + 1 < limit && text[index + 1].isDigit
    }

    private static func isApostrophe(_ text: Scalars, at index: Int, before limit: Int) -> Bool {
        (text[index] == "'" || text[index] == "\u{2019}") && index + 1 < limit && text[index + 1].isLetter
    }
}
