import Annotations

/// Reads the text of a Python `dict`, as the seed's manifest writer printed it, and rewrites it as strict JSON.
///
/// Only what JSON holds without loss is accepted: dicts with distinct string keys, lists, strings, `True`, `False`, `None` and
/// numbers whose spelling is JSON's. Tuples, sets, bytes, `nan`, unquoted words and the rest are refused by name (contracts section
/// 22, traps 1 and 2).
package struct PythonLiteral {
    private let bytes: [UInt8]
    private var position = 0

    /// - Parameter line: A Python dict, white space around it allowed.
    /// - Returns: The same value as JSON, key order and number spelling kept.
    /// - Throws: ``JSONError`` that names what JSON cannot hold.
    package static func json(from line: some Collection<UInt8>) throws(JSONError) -> [UInt8] {
        if let invalid = firstInvalidUTF8Byte(in: Array(line)) { throw JSONError(offset: invalid, message: "not UTF-8") }
        var reader = PythonLiteral(bytes: Array(line))
        reader.skipWhiteSpace()
        guard reader.current == UInt8(ascii: "{") else { throw reader.failure("a line must be a dict") }
        let output = try reader.value(depth: 0)
        reader.skipWhiteSpace()
        guard reader.current == nil else { throw reader.failure("text after the dict") }
        return output.bytes
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ message: String) -> JSONError { JSONError(offset: position, message: message) }

    private mutating func skipWhiteSpace() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0D { position += 1 }
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONOutput {
        guard depth <= JSONScanner.maximumDepth else { throw failure("nesting deeper than \(JSONScanner.maximumDepth)") }
        switch current {
        case UInt8(ascii: "{"): return try dict(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "("): throw failure("a tuple has no form in JSON")
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
        default: return try word()
        }
    }

    private mutating func dict(depth: Int) throws(JSONError) -> JSONOutput {
        var members: [UInt8] = [UInt8(ascii: "{")]
        var keys: Set<[UInt8]> = []
        try items(closing: UInt8(ascii: "}")) { reader throws(JSONError) in
            let start = reader.position
            if reader.current == UInt8(ascii: "u") { reader.position += 1 }
            guard reader.current == UInt8(ascii: "'") || reader.current == UInt8(ascii: "\"") else {
                reader.position = start
                throw reader.failure("a key must be a quoted string")
            }
            let key = try reader.string()
            guard keys.insert(Array(key.utf8)).inserted else { throw reader.failure("the key `\(key)` stands twice") }
            reader.skipWhiteSpace()
            guard reader.current == UInt8(ascii: ":") else { throw reader.failure("expected `:` (a set has no form in JSON)") }
            reader.position += 1
            reader.skipWhiteSpace()
            if keys.count > 1 { members.append(UInt8(ascii: ",")) }
            JSONOutput.writeMember(key: key, try reader.value(depth: depth + 1), to: &members)
        }
        members.append(UInt8(ascii: "}"))
        return .raw(members[...])
    }

    private mutating func list(depth: Int) throws(JSONError) -> JSONOutput {
        var elements: [JSONOutput] = []
        try items(closing: UInt8(ascii: "]")) { reader throws(JSONError) in
            elements.append(try reader.value(depth: depth + 1))
        }
        return .array(elements)
    }

    /// Reads items parted by commas up to the closing bracket; Python allows a comma after the last.
    private mutating func items(
        closing: UInt8, item: (inout PythonLiteral) throws(JSONError) -> Void
    ) throws(JSONError) {
        position += 1
        skipWhiteSpace()
        while current != closing {
            try item(&self)
            skipWhiteSpace()
            if current == UInt8(ascii: ",") {
                position += 1
                skipWhiteSpace()
            } else if current != closing {
                throw failure("expected `,` or `\(Character(Unicode.Scalar(closing)))`")
            }
        }
        position += 1
    }

    private mutating func number() throws(JSONError) -> JSONOutput {
        let start = position
        while let byte = current,
            Self.isWordByte(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
        {
            position += 1
        }
        let slice = bytes[start..<position]
        guard (try? JSONScanner.parse(slice)) != nil else {
            position = start
            throw failure("the number `\(String(decoding: slice.prefix(40), as: UTF8.self))` is not spelled as JSON spells numbers")
        }
        return .raw(slice)
    }

    private mutating func word() throws(JSONError) -> JSONOutput {
        let start = position
        while let byte = current, Self.isWordByte(byte) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        let isPrefix = current == UInt8(ascii: "'") || current == UInt8(ascii: "\"")
        switch word {
        case "True": return true
        case "False": return false
        case "None": return .null
        case "u" where isPrefix, "U" where isPrefix: return .string(try string())
        default: position = start
        }
        if isPrefix { throw failure("a `\(word)` string has no form in JSON") }
        throw failure(word.isEmpty ? "expected a value" : "the unquoted word `\(word.prefix(40))`")
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    // MARK: Strings

    private mutating func string() throws(JSONError) -> String {
        guard let quote = current else { throw failure("expected a string") }
        position += 1
        var units: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case quote:
                skipWhiteSpace()
                if current == UInt8(ascii: "'") || current == UInt8(ascii: "\"") { throw failure("strings side by side") }
                return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"): units += try escape()
            default: units.append(byte)
            }
        }
        throw failure("a string without its closing quote")
    }

    /// An escape sequence as UTF-8 (Python language reference, 2.4.1).
    private mutating func escape() throws(JSONError) -> [UInt8] {
        guard let byte = current else { throw failure("expected an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): return [byte]
        case UInt8(ascii: "a"): return [0x07]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "v"): return [0x0B]
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            position -= 1
            return try encoded(digits(radix: 8, most: 3))
        case UInt8(ascii: "x"): return try encoded(digits(radix: 16, most: 2, exactly: true))
        case UInt8(ascii: "u"): return try encoded(unicodeEscape())
        case UInt8(ascii: "U"): return try encoded(digits(radix: 16, most: 8, exactly: true))
        default:
            position -= 2
            throw failure("the escape `\\\(Character(Unicode.Scalar(byte)))`")
        }
    }

    /// `\uXXXX`, or two of them that form a surrogate pair (as Python 2 printed characters beyond U+FFFF).
    private mutating func unicodeEscape() throws(JSONError) -> UInt32 {
        let unit = try digits(radix: 16, most: 4, exactly: true)
        guard (0xD800..<0xDC00).contains(unit), current == UInt8(ascii: "\\"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "u")
        else { return unit }
        position += 2
        let trail = try digits(radix: 16, most: 4, exactly: true)
        guard (0xDC00..<0xE000).contains(trail) else { throw failure("a lone surrogate") }
        return 0x10000 + (unit - 0xD800) << 10 + (trail - 0xDC00)
    }

    private mutating func digits(radix: UInt32, most: Int, exactly: Bool = false) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        var count = 0
        while count < most, let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix {
            value = value * radix + UInt32(digit)
            position += 1
            count += 1
        }
        guard count > 0, !exactly || count == most else { throw failure("expected \(most) digits in an escape") }
        return value
    }

    private func encoded(_ value: UInt32) throws(JSONError) -> [UInt8] {
        guard let scalar = Unicode.Scalar(value) else { throw failure("a lone surrogate or a number past U+10FFFF in an escape") }
        return Array(String(Character(scalar)).utf8)
    }
}
