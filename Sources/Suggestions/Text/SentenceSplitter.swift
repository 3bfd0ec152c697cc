package import Annotations

/// Divides a text into sentences.
///
/// A sentence ends at `.`, `!` or `?` before white space and the start of another one, at two line feeds, and at one line feed
/// after such a sign, a colon or a whole paragraph. Abbreviations, initials, numbers torn apart by a recogniser (`7. 8%`) and signs
/// inside words end nothing.
package enum SentenceSplitter {
    /// - Returns: Ranges without white space at their ends, ascending, that hold every visible scalar of the text's first 262,144.
    /// - Complexity: O(scalars).
    package static func sentences(of text: DocumentText) -> [Range<ScalarOffset>] {
        sentences(of: Scalars(text)).map { ScalarOffset($0.lowerBound)..<ScalarOffset($0.upperBound) }
    }

    static func sentences(of text: Scalars) -> [Range<Int>] {
        let endsAtLineFeed = hasParagraphs(text)
        var sentences: [Range<Int>] = []
        var start = 0
        func close(at end: Int) {
            var (first, last) = (start, end)
            while first < last, text[first].isSpace { first += 1 }
            while last > first, text[last - 1].isSpace { last -= 1 }
            if first < last { sentences.append(first..<last) }
            start = end
        }
        var index = 0
        while index < text.count {
            let scalar = text[index]
            index += 1
            if scalar == "\n" || scalar == "\u{2029}" {
                let isParagraph = endsAtLineFeed || scalar == "\u{2029}" || isBlankLine(text, after: index)
                if isParagraph || isEnd(text, before: index - 1) { close(at: index) }
            } else if isFullStopWithoutSpace(scalar) {
                index = afterClosers(text, from: index)
                close(at: index)
            } else if isSign(scalar) {
                let next = afterClosers(text, from: index)
                let isEnd = endsSentence(text, sign: index - 1, next: next, start: start)
                index = next
                if isEnd { close(at: next) }
            }
        }
        close(at: text.count)
        return sentences
    }

    /// Whether line feeds stand between paragraphs: rarely, so that lines are longer than a page is wide.
    private static func hasParagraphs(_ text: Scalars) -> Bool {
        text.values.lazy.filter { $0 == "\n" }.count * 160 <= text.count
    }

    private static func isBlankLine(_ text: Scalars, after index: Int) -> Bool {
        text.at(index) == "\n" || text.at(index) == "\r" && text.at(index + 1) == "\n"
    }

    private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "." || scalar == "!" || scalar == "?" || scalar == "\u{2026}"
    }

    private static func isOpener(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "(", "[", "\"", "'", "\u{201C}", "\u{2018}", "\u{00AB}": true
        default: false
        }
    }

    private static func isCloser(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ")", "]", "\"", "'", "\u{201D}", "\u{2019}", "\u{00BB}", "\u{300D}": true
        default: false
        }
    }

    private static func isFullStopWithoutSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{3002}" || scalar == "\u{FF01}" || scalar == "\u{FF1F}" || scalar == "\u{0964}"
    }

    private static func afterClosers(_ text: Scalars, from index: Int) -> Int {
        var index = index
        while index < text.count, isCloser(text[index]) || isSign(text[index]) { index += 1 }
        return index
    }

    private static func isEnd(_ text: Scalars, before index: Int) -> Bool {
        let before = text.values[max(0, index - 64)..<index]
        guard let last = before.last(where: { !$0.isSpace && !isCloser($0) }) else { return false }
        return isSign(last) || last == ":" || last == ";"
    }

    /// - Parameters:
    ///   - sign: Where the sign stands.
    ///   - next: The first scalar after the sign and what closes with it.
    private static func endsSentence(_ text: Scalars, sign: Int, next: Int, start: Int) -> Bool {
        guard next < text.count else { return true }
        guard text[next].isSpace else { return isMissingSpace(text, sign: sign, next: next) }
        var first = next
        while first < text.count, text[first].isSpace { first += 1 }
        while first < text.count, isOpener(text[first]) { first += 1 }
        guard first < text.count else { return true }
        let opener = text[first]
        guard !opener.isLowercase, opener.isLetter || opener.isDigit || opener.value >= 0x80 else { return false }
        guard text[sign] == "." else { return true }
        if opener.isDigit, text.at(sign - 1).isDigit { return false }
        let word = word(of: text, endingAt: sign, notBefore: start)
        // After a closing bracket or a second full stop it is no abbreviation.
        guard !word.isEmpty else { return true }
        if Abbreviations.inside.contains(word) { return false }
        let standsAlone = text.at(sign - 2).isSpace || isOpener(text.at(sign - 2))
        let isInitial = word.count == 1 && standsAlone && text.at(sign - 1).isUppercase
        guard isInitial || Abbreviations.atTheEnd.contains(word) else { return true }
        return Abbreviations.openers.contains(self.word(of: text, startingAt: first))
    }

    /// A sentence whose space a recogniser lost: `networks.The`.
    private static func isMissingSpace(_ text: Scalars, sign: Int, next: Int) -> Bool {
        guard next == sign + 1, text[next].isUppercase, (1...3).allSatisfy({ text.at(sign - $0).isLowercase }) else { return false }
        return Abbreviations.openers.contains(word(of: text, startingAt: next))
    }

    /// The word with its inner full stops (`e.g`), in lower case; `-` when longer than any abbreviation.
    private static func word(of text: Scalars, endingAt end: Int, notBefore start: Int) -> String {
        var first = end
        while first > start, end - first <= 12, text[first - 1].isLetter || text[first - 1] == "." { first -= 1 }
        return end - first > 12 ? "-" : String(String.UnicodeScalarView(text.values[first..<end].map(\.lowercased)))
    }

    private static func word(of text: Scalars, startingAt start: Int) -> String {
        var end = start
        while end < text.count, end - start <= 12, text[end].isLetter { end += 1 }
        return String(String.UnicodeScalarView(text.values[start..<end].map(\.lowercased)))
    }
}
