import Annotations

/// How tags mark where a span begins and ends on tokens.
package enum TagScheme: String, CaseIterable, Sendable {
    /// `B-` begins every span, `I-` goes on (also called IOB2).
    case bio2 = "BIO2"
    /// `I-` everywhere, `B-` only where a span follows another of its label without a gap.
    case iob1 = "IOB1"
    /// `B-` `I-` `E-`, and `S-` for a span of one token.
    case bioes = "BIOES"
    /// `B-` `I-` `L-`, and `U-` for a span of one token.
    case bilou = "BILOU"

    /// - Parameter spans: In order and without overlaps.
    func tags(for spans: [TokenRange], count: Int) -> [String] {
        var tags = Array(repeating: "O", count: count)
        var previous: TokenRange?
        for span in spans {
            let follows = previous.map { $0.end == span.first && $0.label == span.label } ?? false
            for index in span.first..<span.end {
                tags[index] = "\(prefix(at: index, of: span, followsItsLabel: follows))-\(span.label)"
            }
            previous = span
        }
        return tags
    }

    private func prefix(at index: Int, of span: TokenRange, followsItsLabel: Bool) -> Character {
        let (isFirst, isLast) = (index == span.first, index == span.end - 1)
        switch self {
        case .bio2: return isFirst ? "B" : "I"
        case .iob1: return isFirst && followsItsLabel ? "B" : "I"
        case .bioes: return isFirst ? (isLast ? "S" : "B") : (isLast ? "E" : "I")
        case .bilou: return isFirst ? (isLast ? "U" : "B") : (isLast ? "L" : "I")
        }
    }

    /// Spans of tags in any of the schemes, IOE included: a tag that cannot go on begins anew, as conlleval reads it.
    ///
    /// - Throws: ``RecordError`` `bad-tag` for a tag of another form; `-` and `_` are outside like `O`.
    static func spans(of tags: [String]) throws(RecordError) -> [TokenRange] {
        var spans: [TokenRange] = []
        var open: (first: Int, label: String)?
        func close(at end: Int) {
            if let (first, label) = open { spans.append(TokenRange(first: first, end: end, label: Label(label))) }
            open = nil
        }
        for (index, tag) in tags.enumerated() {
            guard let (prefix, label) = try parts(of: tag) else {
                close(at: index)
                continue
            }
            let goesOn = open.map { $0.label.utf8.elementsEqual(label.utf8) } ?? false
            switch prefix {
            case "I", "E", "L": if !goesOn { close(at: index) }
            default: close(at: index)
            }
            if open == nil { open = (index, label) }
            if prefix != "B" && prefix != "I" { close(at: index + 1) }
        }
        close(at: tags.count)
        return spans
    }

    private static func parts(of tag: String) throws(RecordError) -> (prefix: Character, label: String)? {
        if ["O", "-", "_"].contains(tag) { return nil }
        guard let prefix = tag.first, "BIESLU".contains(prefix), tag.dropFirst().first == "-", tag.utf8.count > 2 else {
            throw RecordError("bad-tag", "`\(tag.prefix(60))` is no tag: expected O, or B-, I-, E-, S-, L- or U- and a label")
        }
        return (prefix, String(tag.dropFirst(2)))
    }
}
