/// How a value turns into text.
enum TextStyle {
    /// As Ruby's Liquid prints: an object is `{"key"=>1}`.
    case ruby
    /// An object is compact JSON.
    case json
}

extension LiquidValue {
    /// The value inside a text: what filters for texts work on, and what output prints for everything but lists.
    func text(_ style: TextStyle) -> String {
        switch self {
        case .null: return ""
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return String(value)
        case .bigInteger(let value): return value.description
        case .decimal(let value): return value.rubyText
        case .string(let text), .escaped(let text), .trusted(let text): return text
        case .range(let lower, let upper): return "\(lower)..\(upper)"
        case .array, .object:
            var bytes: [UInt8] = []
            appendNotation(style, to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// About how many bytes ``text(_:)`` makes: for limits, before it is made. Exact for texts.
    var approximateTextBytes: Int {
        switch self {
        case .null: 0
        case .boolean, .integer, .decimal, .range: 8
        case .bigInteger(let value): value.digitCount
        case .string(let text), .escaped(let text), .trusted(let text): text.utf8.count
        case .array(let elements): elements.reduce(2) { $0 + $1.approximateTextBytes + 4 }
        case .object(let object):
            zip(object.names, object.values).reduce(2) { $0 + $1.0.text.utf8.count + $1.1.approximateTextBytes + 8 }
        }
    }

    private static func appendSeparator(_ style: TextStyle, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: ","))
        if style == .ruby { bytes.append(UInt8(ascii: " ")) }
    }

    /// The value inside a list or an object.
    func appendNotation(_ style: TextStyle, to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += (style == .ruby ? "nil" : "null").utf8
        case .string(let text), .escaped(let text), .trusted(let text):
            switch style {
            case .ruby: RubyText.appendInspected(text, to: &bytes)
            case .json: JSONText.appendQuoted(text, to: &bytes)
            }
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { Self.appendSeparator(style, to: &bytes) }
                element.appendNotation(style, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            for index in object.names.indices {
                if index > 0 { Self.appendSeparator(style, to: &bytes) }
                let name = object.names[index]
                if style == .json, name.isPlain {
                    bytes.append(UInt8(ascii: "\""))
                    bytes += name.text.utf8
                    bytes.append(UInt8(ascii: "\""))
                } else {
                    LiquidValue.string(name.text).appendNotation(style, to: &bytes)
                }
                if style == .json { bytes.append(UInt8(ascii: ":")) } else { bytes += "=>".utf8 }
                object.values[index].appendNotation(style, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .range(let lower, let upper) where style == .json:
            bytes += "\"\(lower)..\(upper)\"".utf8
        case .decimal(let value) where style == .json && !value.isFinite: bytes += "null".utf8
        default: bytes += text(style).utf8
        }
    }
}

enum JSONText {
    private static let escapes = ByteReplacements { byte in
        switch byte {
        case UInt8(ascii: "\""): "\\\""
        case UInt8(ascii: "\\"): "\\\\"
        case 0x0A: "\\n"
        case 0x0D: "\\r"
        case 0x09: "\\t"
        case ..<0x20: "\\u\(hexadecimal(UInt32(byte), digits: 4))"
        default: nil
        }
    }

    /// A JSON string: quotes, reverse solidus and control characters escaped, nothing else.
    static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        escapes.append(text, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}

enum RubyText {
    /// A text as Ruby's `inspect` shows it.
    static func appendInspected(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var scalars = text.unicodeScalars.makeIterator()
        var pending = scalars.next()
        while let scalar = pending {
            pending = scalars.next()
            switch scalar {
            case "\"": bytes += "\\\"".utf8
            case "\\": bytes += "\\\\".utf8
            case "#" where pending == "{" || pending == "$" || pending == "@": bytes += "\\#".utf8
            case "\n": bytes += "\\n".utf8
            case "\r": bytes += "\\r".utf8
            case "\t": bytes += "\\t".utf8
            case "\u{7}": bytes += "\\a".utf8
            case "\u{8}": bytes += "\\b".utf8
            case "\u{B}": bytes += "\\v".utf8
            case "\u{C}": bytes += "\\f".utf8
            case "\u{1B}": bytes += "\\e".utf8
            case _ where !isPrintable(scalar):
                let digits = JSONText.hexadecimal(scalar.value, digits: 4).uppercased()
                bytes += (scalar.value > 0xFFFF ? "\\u{\(digits)}" : "\\u\(digits)").utf8
            default: bytes += String(scalar).utf8
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20..<0x7F).contains(scalar.value) }
        return switch scalar.properties.generalCategory {
        case .control, .unassigned, .surrogate, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}

extension Double {
    /// The shortest digits that give this number again, in Ruby's form: `1.0`, `1.0e+16`, `1.0e-05`.
    var rubyText: String {
        guard isFinite else { return isNaN ? "NaN" : self < 0 ? "-Infinity" : "Infinity" }
        let parts = decimalParts
        let sign = parts.isNegative ? "-" : ""
        let point = parts.digits.count + parts.exponent
        let digits = String(decoding: parts.digits, as: UTF8.self)
        if self != 0, point <= -4 || point > 16 {
            let exponent = point - 1
            let fraction = parts.digits.count > 1 ? String(digits.dropFirst()) : "0"
            let magnitude = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
            return "\(sign)\(digits.prefix(1)).\(fraction)e\(exponent < 0 ? "-" : "+")\(magnitude)"
        }
        if point <= 0 { return "\(sign)0.\(String(repeating: "0", count: -point))\(digits)" }
        if point >= digits.utf8.count { return "\(sign)\(digits)\(String(repeating: "0", count: point - digits.utf8.count)).0" }
        return "\(sign)\(digits.prefix(point)).\(digits.dropFirst(point))"
    }

    /// The shortest decimal digits (ASCII, no zeros at either end but for zero itself) and the power of ten they are multiplied by.
    var decimalParts: (isNegative: Bool, digits: [UInt8], exponent: Int) {
        var digits: [UInt8] = []
        var exponent = 0
        var isAfterPoint = false
        let text = Array(magnitude.description.utf8)
        let mantissaEnd = text.firstIndex(of: UInt8(ascii: "e")) ?? text.endIndex
        for byte in text[..<mantissaEnd] {
            if byte == UInt8(ascii: ".") {
                isAfterPoint = true
            } else {
                digits.append(byte)
                if isAfterPoint { exponent -= 1 }
            }
        }
        if mantissaEnd < text.endIndex {
            exponent += Int(String(decoding: text[(mantissaEnd + 1)...], as: UTF8.self)) ?? 0
        }
        while digits.count > 1, digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        let zeros = digits.dropLast().prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(zeros)
        return (sign == .minus, digits, self == 0 ? 0 : exponent)
    }
}
