/// Words and signs: runs of letters, digits, marks and `_`, and every other visible scalar for itself (`\w+|[^\w\s]`).
///
/// Marks and joiners stay with what they follow, so that a decomposed accent or an emoji sequence is not torn apart. No token holds
/// white space.
package enum Tokenizer {
    /// - Returns: Scalar ranges, ascending.
    package static func tokens(of text: DocumentText) -> [Range<ScalarOffset>] {
        var tokens: [Range<ScalarOffset>] = []
        var start: Int?
        var isWord = false
        var followsJoiner = false
        func close(at end: Int) {
            if let first = start { tokens.append(ScalarOffset(first)..<ScalarOffset(end)) }
            start = nil
        }
        for (index, scalar) in text.string.unicodeScalars.enumerated() {
            let properties = scalar.properties
            let isJoined = followsJoiner && properties.isEmoji || properties.isEmojiModifier
            followsJoiner = scalar == "\u{200D}"
            if properties.isWhitespace || scalar.value == 0x1C || scalar.value == 0x1D || scalar.value == 0x1E
                || scalar.value == 0x1F
            {
                close(at: index)
            } else if start != nil, isExtension(properties.generalCategory) || properties.isJoinControl {
                continue
            } else if scalar == "_" || isWordCategory(properties.generalCategory) {
                if !isWord { close(at: index) }
                if start == nil { start = index }
                isWord = true
            } else if start != nil, !isWord, isJoined {
                continue
            } else {
                close(at: index)
                start = index
                isWord = false
            }
        }
        close(at: text.scalarCount)
        return tokens
    }

    private static func isExtension(_ category: Unicode.GeneralCategory) -> Bool {
        switch category {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// What Python's `\w` matches, letters and numbers of all kinds.
    private static func isWordCategory(_ category: Unicode.GeneralCategory) -> Bool {
        switch category {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber:
            true
        default: false
        }
    }
}
