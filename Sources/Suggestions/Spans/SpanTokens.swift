import Algorithms

/// The tokens of a text for spans: runs of letters and digits, and every other visible scalar for itself; in sentences.
struct SpanTokens {
    /// A sentence of more tokens is divided: memory and time stay bounded.
    static let maximumSentence = 256

    struct Token {
        let range: Range<Int>
        /// Hash of the lower-case form.
        let key: UInt64
        /// Hash of the lower-case form without a plural's `s`, with every digit as `0`.
        let stem: UInt64
        /// Hash of the form as it stands.
        let exact: UInt64
    }

    let text: Scalars
    let tokens: [Token]
    /// Ranges of tokens, ascending; together they are all tokens.
    let sentences: [Range<Int>]

    init(_ text: Scalars) {
        self.text = text
        var tokens: [Token] = []
        var sentences: [Range<Int>] = []
        for sentence in SentenceSplitter.sentences(of: text) {
            var first = tokens.count
            var index = sentence.lowerBound
            while index < sentence.upperBound {
                let start = index
                index += 1
                guard !text[start].isSpace else { continue }
                if Self.isInWord(text[start]) {
                    let limit = min(sentence.upperBound, start + Words.maximumLength)
                    while index < limit, Self.isInWord(text[index]) { index += 1 }
                }
                tokens.append(Self.token(text, start..<index))
                if tokens.count - first == Self.maximumSentence {
                    sentences.append(first..<tokens.count)
                    first = tokens.count
                }
            }
            if first < tokens.count { sentences.append(first..<tokens.count) }
        }
        self.tokens = tokens
        self.sentences = sentences
    }

    /// The tokens that a range of scalars touches, when they lie in one sentence.
    func tokenRange(of range: Range<Int>) -> Range<Int>? {
        let first = tokens.partitioningIndex { $0.range.upperBound > range.lowerBound }
        let end = tokens.partitioningIndex { $0.range.lowerBound >= range.upperBound }
        let sentence = sentences.partitioningIndex { $0.upperBound > first }
        guard first < end, sentence < sentences.count, end <= sentences[sentence].upperBound else { return nil }
        return first..<end
    }

    private static func isInWord(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.isLetter || scalar.isDigit) && !scalar.isIdeograph
    }

    private static func token(_ text: Scalars, _ range: Range<Int>) -> Token {
        let scalars = text.values[range]
        let isPlural = scalars.count > 3 && scalars.last == "s" && scalars.dropLast().last != "s"
        let stem = (isPlural ? scalars.dropLast() : scalars).lazy.map { $0.isDigit ? "0" : $0 }
        return Token(
            range: range, key: FeatureKey.key(of: scalars), stem: FeatureKey.key(of: stem), exact: FeatureKey.exactKey(of: scalars))
    }
}
