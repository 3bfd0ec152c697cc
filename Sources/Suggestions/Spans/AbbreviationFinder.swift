/// Short forms that a text defines: `breast cancer (BC)` (Schwartz and Hearst 2003, A simple algorithm for identifying abbreviation
/// definitions in biomedical text).
enum AbbreviationFinder {
    /// - Returns: For each short form, by its exact key, the tokens of its long form; the first definition counts.
    static func definitions(in document: SpanTokens) -> [UInt64: Range<Int>] {
        var definitions: [UInt64: Range<Int>] = [:]
        for sentence in document.sentences {
            for index in sentence.dropFirst() where document.text[document.tokens[index].range.lowerBound] == "(" {
                guard
                    let close = (index + 1..<min(index + 6, sentence.upperBound)).first(where: {
                        document.text[document.tokens[$0].range.lowerBound] == ")"
                    }), close > index + 1
                else { continue }
                let range = document.tokens[index + 1].range.lowerBound..<document.tokens[close - 1].range.upperBound
                let short = Array(document.text.values[range])
                guard isShortForm(short), let start = longFormStart(short, before: index, in: sentence, of: document) else {
                    continue
                }
                let key = FeatureKey.exactKey(of: short)
                if definitions[key] == nil { definitions[key] = start..<index }
            }
        }
        return definitions
    }

    private static func isShortForm(_ scalars: [Unicode.Scalar]) -> Bool {
        (2...10).contains(scalars.count) && (scalars[0].isLetter || scalars[0].isDigit) && scalars.contains(where: \.isUppercase)
            && !scalars.contains(where: \.isSpace)
    }

    /// Finds the letters of the short form from right to left; its first one begins a word.
    private static func longFormStart(_ short: [Unicode.Scalar], before end: Int, in sentence: Range<Int>, of document: SpanTokens)
        -> Int?
    {
        let wordLimit = min(short.count + 5, short.count * 2)
        let first = max(sentence.lowerBound, end - 2 * wordLimit)
        let text = document.text
        var token = end - 1
        guard token >= first else { return nil }
        var place = document.tokens[token].range.upperBound - 1
        for (index, scalar) in short.enumerated().reversed() {
            let wanted = scalar.lowercased
            guard wanted.isLetter || wanted.isDigit else { continue }
            while true {
                let range = document.tokens[token].range
                if place < range.lowerBound {
                    token -= 1
                    guard token >= first else { return nil }
                    place = document.tokens[token].range.upperBound - 1
                    continue
                }
                if text[place].lowercased == wanted, index > 0 || place == range.lowerBound { break }
                place -= 1
            }
            place -= 1
        }
        return token
    }
}
