extension LiquidValue {
    /// A position, length or count: an integer, or a text that is one (`"2"`, `"0x10"`, `"1_000"`); what does not fit 64 bits is cut to
    /// them.
    func integerArgument(_ role: String) throws(LiquidError) -> Int {
        switch self {
        case .integer(let value): return value
        case .bigInteger(let value): return value.isNegative ? .min : .max
        default:
            if let value = string.flatMap({ Self.integer(spelled: $0) }) { return value }
            throw LiquidError(.argument, "\(role) must be an integer, found \(excerpt)")
        }
    }

    /// The value for a message: its kind, and how it prints where that is short.
    var excerpt: String {
        switch self {
        case .null: "nothing"
        case .array, .object: kindName
        default: "`\(String(text(.json).prefix(40)))`"
        }
    }

    /// An integer as Ruby's `Integer()` reads it.
    private static func integer(spelled text: String) -> Int? {
        var rest = Array(text.utf8)[...]
        rest = rest.drop { $0.isWhiteSpace }
        while rest.last?.isWhiteSpace == true { rest.removeLast() }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        var radix = 10
        if rest.count > 1, rest.first == UInt8(ascii: "0") {
            rest.removeFirst()
            switch rest.first.map({ $0 | 0x20 }) {
            case UInt8(ascii: "x"): radix = 16
            case UInt8(ascii: "b"): radix = 2
            case UInt8(ascii: "d"): radix = 10
            case UInt8(ascii: "o"): radix = 8
            default:
                radix = 8
                rest = [UInt8(ascii: "0")] + rest
            }
            rest.removeFirst()
        }
        guard let first = rest.first, first != UInt8(ascii: "_"), rest.last != UInt8(ascii: "_") else { return nil }
        var digits = ""
        var wasUnderscore = false
        for byte in rest {
            if byte == UInt8(ascii: "_") {
                guard !wasUnderscore else { return nil }
            } else {
                guard byte.isDigit || byte.isLetter else { return nil }
                digits.unicodeScalars.append(Unicode.Scalar(byte))
            }
            wasUnderscore = byte == UInt8(ascii: "_")
        }
        if let value = Int((isNegative ? "-" : "") + digits, radix: radix) { return value }
        return digits.utf8.allSatisfy(\.isDigit) && radix == 10 ? (isNegative ? .min : .max) : nil
    }
}
