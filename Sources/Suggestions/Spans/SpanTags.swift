/// A span of tokens, with its label as a place in a list of labels.
struct TokenRange: Equatable {
    let range: Range<Int>
    let label: Int
}

/// Tags of tokens: outside, or the place in a span of a label (BILOU; Ratinov and Roth 2009).
struct SpanTags {
    let labelCount: Int

    static let outside = 0
    var count: Int { 1 + 4 * labelCount }

    func begin(_ label: Int) -> Int { 1 + 4 * label }
    func inside(_ label: Int) -> Int { 2 + 4 * label }
    func last(_ label: Int) -> Int { 3 + 4 * label }
    func single(_ label: Int) -> Int { 4 + 4 * label }

    /// - Parameter spans: Ranges of tokens with labels; they do not overlap.
    func tags(tokenCount: Int, spans: [TokenRange]) -> [Int] {
        var tags = Array(repeating: Self.outside, count: tokenCount)
        for span in spans {
            let (range, label) = (span.range, span.label)
            for index in range { tags[index] = inside(label) }
            tags[range.lowerBound] = begin(label)
            tags[range.upperBound - 1] = range.count == 1 ? single(label) : last(label)
        }
        return tags
    }

    /// The spans of tags that ``tags(tokenCount:spans:)`` made.
    func spans(of tags: [Int]) -> [TokenRange] {
        var spans: [TokenRange] = []
        var start = 0
        for (index, tag) in tags.enumerated() where tag != Self.outside {
            let label = (tag - 1) / 4
            if tag == begin(label) || tag == single(label) { start = index }
            if tag == last(label) || tag == single(label) { spans.append(TokenRange(range: start..<index + 1, label: label)) }
        }
        return spans
    }
}
