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
            let kind = kind(of: scalar, followsJoiner: followsJoiner)
            followsJoiner = scalar == "\u{200D}"
            switch kind {
            case .space: close(at: index)
            case .extending where start != nil: continue
            case .word:
                if !isWord { close(at: index) }
                if start == nil { start = index }
                isWord = true
            case .joined where start != nil && !isWord: continue
            case .extending, .joined, .sign:
                close(at: index)
                start = index
                isWord = false
            }
        }
        close(at: text.scalarCount)
        return tokens
    }

    private enum Kind {
        case space
        case word
        case sign
        /// Goes with whatever it follows.
        case extending
        /// Goes with the sign it follows.
        case joined
    }

    private static func kind(of scalar: Unicode.Scalar, followsJoiner: Bool) -> Kind {
        // Most scalars are ASCII, and properties are slow to ask for.
        if scalar.value < 0x80, !followsJoiner {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": return .word
            default: return scalar.isColumnBreak ? .space : .sign
            }
        }
        let properties = scalar.properties
        if scalar.isColumnBreak { return .space }
        if isExtension(properties.generalCategory) || properties.isJoinControl { return .extending }
        if scalar == "_" || isWordCategory(properties.generalCategory) { return .word }
        return followsJoiner && properties.isEmoji || properties.isEmojiModifier ? .joined : .sign
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
