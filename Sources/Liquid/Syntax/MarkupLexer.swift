/// Splits what stands inside `{{ }}` or a tag into tokens, one at a time, so that a lenient tag can stop before what it ignores.
struct MarkupLexer {
    enum Kind: Equatable {
        case identifier, string, number, comparison, dots, end
        case symbol(UInt8)
    }

    struct Token {
        let kind: Kind
        /// In the template's bytes, quotes included.
        let range: Range<Int>
    }

    let bytes: [UInt8]
    let end: Int
    private var position: Int
    private var lookahead: [Token] = []

    init(_ bytes: [UInt8], in range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    func text(of token: Token) -> String { String(decoding: bytes[token.range], as: UTF8.self) }

    /// The token `distance` ahead without taking it.
    mutating func peek(_ distance: Int = 0) throws(Unexpected) -> Token {
        while lookahead.count <= distance { lookahead.append(try scan()) }
        return lookahead[distance]
    }

    mutating func next() throws(Unexpected) -> Token {
        lookahead.isEmpty ? try scan() : lookahead.removeFirst()
    }

    /// A byte that begins no token.
    struct Unexpected: Error { let offset: Int }

    private static let symbols = Set("|.:,[]()?-".utf8)

    private mutating func scan() throws(Unexpected) -> Token {
        while position < end, bytes[position].isWhiteSpace { position += 1 }
        guard position < end else { return Token(kind: .end, range: end..<end) }
        let start = position
        let byte = bytes[start]
        let kind: Kind
        if let length = comparisonLength() {
            position += length
            kind = .comparison
        } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
            guard let close = bytes[(start + 1)..<end].firstIndex(of: byte) else { throw Unexpected(offset: start) }
            position = close + 1
            kind = .string
        } else if byte.isDigit || (byte == UInt8(ascii: "-") && start + 1 < end && bytes[start + 1].isDigit) {
            scanNumber()
            kind = .number
        } else if byte.isLetter || byte == UInt8(ascii: "_") {
            while position < end, bytes[position].isWordByte || bytes[position] == UInt8(ascii: "-") { position += 1 }
            if position < end, bytes[position] == UInt8(ascii: "?") { position += 1 }
            kind = .identifier
        } else if byte == UInt8(ascii: "."), start + 1 < end, bytes[start + 1] == byte {
            position += 2
            kind = .dots
        } else {
            guard Self.symbols.contains(byte) else { throw Unexpected(offset: start) }
            position += 1
            kind = .symbol(byte)
        }
        return Token(kind: kind, range: start..<position)
    }

    private mutating func scanNumber() {
        position += 1
        while position < end, bytes[position].isDigit { position += 1 }
        if position + 1 < end, bytes[position] == UInt8(ascii: "."), bytes[position + 1].isDigit {
            position += 1
            while position < end, bytes[position].isDigit { position += 1 }
        }
    }

    private func comparisonLength() -> Int? {
        let next = position + 1 < end ? bytes[position + 1] : 0
        switch bytes[position] {
        case UInt8(ascii: "="), UInt8(ascii: "!"): return next == UInt8(ascii: "=") ? 2 : nil
        case UInt8(ascii: "<"): return next == UInt8(ascii: "=") || next == UInt8(ascii: ">") ? 2 : 1
        case UInt8(ascii: ">"): return next == UInt8(ascii: "=") ? 2 : 1
        case UInt8(ascii: "c"):
            // `contains` is an operator only with white space behind it.
            let word = "contains".utf8
            let wordEnd = position + word.count
            return wordEnd < end && bytes[wordEnd].isWhiteSpace && bytes[position..<wordEnd].elementsEqual(word) ? word.count : nil
        default: return nil
        }
    }
}
