/// What the model of spans sees of the tokens of a document; the list with reasons stands in the article on suggestions.
struct SpanFeatures {
    /// Templates. Their numbers are part of the model file's version: a change of meaning needs another version.
    private enum Template: UInt64 {
        case bias = 101, word, stem, exact, shape, brief, prefix, suffix
        case wordBefore, wordAfter, wordTwoBefore, wordTwoAfter, pairBefore, pairAfter
        case shapeBefore, shapeAfter, suffixBefore, suffixAfter
        case phrase, phraseWord, inSpan, inSpanBefore, inSpanAfter, inSpanPair
        case shortForm, longHead, longHeadSuffix, longHeadInSpan, longPhrase, definition
    }

    private let document: SpanTokens
    /// For each token the phrase it lies in, as summary and place; 0 for none.
    private var phrases: [UInt64]
    /// For each token how often it lies in a span.
    private let inSpan: [UInt64]
    /// Of tokens that are a short form: the last token of the long form, and the summary of the whole of it.
    private var longForms: [Int: (head: Int, summary: UInt64)] = [:]
    private var definitions: Set<Int> = []

    init(_ document: SpanTokens, gazetteer: Gazetteer) {
        self.document = document
        inSpan = document.tokens.map { UInt64(gazetteer.words[$0.stem] ?? 0) }
        phrases = Array(repeating: 0, count: document.tokens.count)
        for sentence in document.sentences { markPhrases(in: sentence, gazetteer) }
        markShortForms(gazetteer)
    }

    /// The longest known phrase at each place, from left to right.
    private mutating func markPhrases(in sentence: Range<Int>, _ gazetteer: Gazetteer) {
        var index = sentence.lowerBound
        while index < sentence.upperBound {
            guard let match = gazetteer.longestPhrase(at: index, in: sentence, of: document) else {
                index += 1
                continue
            }
            for token in match.range {
                let place: UInt64 =
                    match.range.count == 1 ? 4 : token == index ? 1 : token == match.range.upperBound - 1 ? 3 : 2
                phrases[token] = UInt64(match.summary) * 8 + place
            }
            index = match.range.upperBound
        }
    }

    private mutating func markShortForms(_ gazetteer: Gazetteer) {
        let longForms = AbbreviationFinder.definitions(in: document)
        guard !longForms.isEmpty else { return }
        for (index, token) in document.tokens.enumerated() {
            guard let long = longForms[token.exact] else { continue }
            let key = document.tokens[long].reduce(0 as UInt64) { FeatureKey.join($0, $1.stem) }
            self.longForms[index] = (long.upperBound - 1, UInt64(gazetteer.phrases[key] ?? 0))
        }
        for long in longForms.values { definitions.formUnion(long) }
    }

    /// The features of a token; no key comes twice.
    func row(_ index: Int, in sentence: Range<Int>) -> [Feature] {
        var row = FeatureRow<Template>()
        addForm(of: index, to: &row)
        addNeighbours(of: index, in: sentence, to: &row)
        if phrases[index] > 0 {
            row.add(.phrase, phrases[index])
            row.add(.phraseWord, FeatureKey.join(phrases[index] % 8, document.tokens[index].stem))
        }
        if let long = longForms[index] {
            row.add(.shortForm, 1)
            row.add(.longHead, document.tokens[long.head].stem)
            row.add(.longHeadSuffix, FeatureKey.key(of: document.text.values[document.tokens[long.head].range].suffix(4)))
            row.add(.longHeadInSpan, inSpan[long.head])
            row.add(.longPhrase, long.summary)
        }
        if definitions.contains(index) { row.add(.definition, 1) }
        return row.features
    }

    private func addForm(of index: Int, to row: inout FeatureRow<Template>) {
        let token = document.tokens[index]
        let scalars = document.text.values[token.range]
        row.add(.bias, 0)
        row.add(.word, token.key)
        row.add(.stem, token.stem)
        row.add(.exact, token.exact)
        row.add(.shape, Self.shape(scalars, isBrief: false))
        row.add(.brief, Self.shape(scalars, isBrief: true))
        for length in 2...5 where scalars.count > length {
            row.add(.prefix, FeatureKey.join(UInt64(length), FeatureKey.key(of: scalars.prefix(length))))
            row.add(.suffix, FeatureKey.join(UInt64(length), FeatureKey.key(of: scalars.suffix(length))))
        }
    }

    private func addNeighbours(of index: Int, in sentence: Range<Int>, to row: inout FeatureRow<Template>) {
        func token(_ offset: Int) -> SpanTokens.Token? {
            sentence.contains(index + offset) ? document.tokens[index + offset] : nil
        }
        let (token0, before, after) = (document.tokens[index], token(-1), token(1))
        row.add(.wordBefore, before?.key ?? 0)
        row.add(.wordAfter, after?.key ?? 0)
        row.add(.wordTwoBefore, token(-2)?.key ?? 0)
        row.add(.wordTwoAfter, token(2)?.key ?? 0)
        row.add(.pairBefore, FeatureKey.join(before?.key ?? 0, token0.key))
        row.add(.pairAfter, FeatureKey.join(token0.key, after?.key ?? 0))
        if let before {
            row.add(.shapeBefore, Self.shape(document.text.values[before.range], isBrief: true))
            row.add(.suffixBefore, FeatureKey.key(of: document.text.values[before.range].suffix(4)))
        }
        if let after {
            row.add(.shapeAfter, Self.shape(document.text.values[after.range], isBrief: true))
            row.add(.suffixAfter, FeatureKey.key(of: document.text.values[after.range].suffix(4)))
        }
        let inSpanAfter = after == nil ? Self.outside : inSpan[index + 1]
        row.add(.inSpan, inSpan[index])
        row.add(.inSpanBefore, before == nil ? Self.outside : inSpan[index - 1])
        row.add(.inSpanAfter, inSpanAfter)
        row.add(.inSpanPair, inSpan[index] << 16 | inSpanAfter)
    }

    /// In the place of a summary beyond the sentence.
    private static let outside: UInt64 = 999

    /// Letters as `A` or `a`, digits as `0`, signs as they are; runs of one kind as one, when brief.
    private static func shape(_ scalars: ArraySlice<Unicode.Scalar>, isBrief: Bool) -> UInt64 {
        var kinds: [Unicode.Scalar] = []
        for scalar in scalars {
            let kind: Unicode.Scalar = scalar.isUppercase ? "A" : scalar.isLetter ? "a" : scalar.isDigit ? "0" : scalar
            if !isBrief || kinds.last != kind { kinds.append(kind) }
        }
        return FeatureKey.exactKey(of: kinds)
    }
}
