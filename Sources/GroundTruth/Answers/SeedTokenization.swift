package import Annotations

/// The tokens that the seed's worker page makes of a text, and where each stands in that text (contracts section 8).
///
/// The page reads the text after an HTML parser turned CR LF and CR into LF, trims it as JavaScript does and splits it at U+0020
/// only: line breaks stay inside tokens, and each extra space makes an empty token.
package struct SeedTokenization: Sendable {
    /// A scalar of the page's text, and the scalars of the stored text it stands for.
    private struct PageScalar {
        let scalar: Unicode.Scalar
        let range: Range<Int>
    }

    private let page: [PageScalar]
    /// Ranges of `page`.
    private let tokens: [Range<Int>]

    package init(_ text: DocumentText) {
        var page: [PageScalar] = []
        var followsCarriageReturn = false
        for (index, scalar) in text.string.unicodeScalars.enumerated() {
            if scalar == "\n", followsCarriageReturn, let carriageReturn = page.popLast() {
                page.append(PageScalar(scalar: "\n", range: carriageReturn.range.lowerBound..<index + 1))
            } else {
                page.append(PageScalar(scalar: scalar == "\r" ? "\n" : scalar, range: index..<index + 1))
            }
            followsCarriageReturn = scalar == "\r"
        }
        let first = page.firstIndex { !$0.scalar.isTrimmedByJavaScript } ?? page.count
        let end = page.lastIndex { !$0.scalar.isTrimmedByJavaScript }.map { $0 + 1 } ?? first
        var tokens: [Range<Int>] = []
        var start = first
        for index in first..<end where page[index].scalar == " " {
            tokens.append(start..<index)
            start = index + 1
        }
        tokens.append(start..<end)
        (self.page, self.tokens) = (page, tokens)
    }

    package var count: Int { tokens.count }

    /// Where a token span stands in the stored text.
    ///
    /// - Parameter surface: The tokens that came with the span; they must be the ones found here.
    /// - Throws: ``TextError`` `.outOfRange`, `.surfaceDiffers`, or `.emptySpan` for a span of empty tokens.
    package func scalar(_ span: TokenSpan, surface: [String]?) throws(TextError) -> ScalarSpan {
        guard span.end.rawValue <= tokens.count else {
            throw TextError(
                .outOfRange, "token span \(span.start)..<\(span.end) (\(span.label)) ends past the text's \(tokens.count) tokens")
        }
        let range = tokens[span.start.rawValue].lowerBound..<tokens[span.end.rawValue - 1].upperBound
        if let surface {
            let found = String(String.UnicodeScalarView(page[range].map(\.scalar)))
            let expected = surface.joined(separator: " ")
            guard found.utf8.elementsEqual(expected.utf8) else {
                throw TextError(
                    .surfaceDiffers,
                    "token span \(span.start)..<\(span.end) (\(span.label)) came with `\(expected.prefix(60))`, the text has `\(found.prefix(60))`"
                )
            }
        }
        guard let first = page[range].first, let last = page[range].last,
            let result = ScalarSpan(
                start: ScalarOffset(first.range.lowerBound), end: ScalarOffset(last.range.upperBound), label: span.label)
        else { throw TextError(.emptySpan, "token span \(span.start)..<\(span.end) (\(span.label)) holds empty tokens only") }
        return result
    }
}

extension Unicode.Scalar {
    /// White space and line ends of ECMAScript's `String.prototype.trim`.
    fileprivate var isTrimmedByJavaScript: Bool {
        switch value {
        case 0x09...0x0D, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF: true
        default: false
        }
    }
}
