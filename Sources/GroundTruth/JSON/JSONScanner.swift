import Annotations

/// A strict JSON parser (RFC 8259) over bytes that keeps the slice each value was written with.
///
/// Nesting is bounded, so that hostile input cannot exhaust the stack; duplicate keys are kept.
package struct JSONScanner {
    /// Deeper nesting is refused.
    package static let maximumDepth = 200

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    /// - Parameter bytes: One JSON document, white space around it allowed; a byte order mark before it is passed over (section
    ///   8.1).
    /// - Throws: ``JSONError`` at the first byte that does not fit.
    package static func parse(_ bytes: some Collection<UInt8>) throws(JSONError) -> JSONValue {
        let bytes = ArraySlice(bytes)
        if let invalid = firstInvalidUTF8Byte(in: bytes) { throw JSONError(offset: invalid, message: "not UTF-8") }
        var scanner = JSONScanner(bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { scanner.position += 3 }
        scanner.skipWhiteSpace()
        let value = try scanner.value(depth: 0)
        scanner.skipWhiteSpace()
        guard scanner.position == bytes.endIndex else { throw scanner.failure("expected the end") }
        return value
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    private var current: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private func failure(_ expectation: String) -> JSONError {
        let found = current.map { byte in
            (0x21...0x7E).contains(byte) ? "`\(Character(Unicode.Scalar(byte)))`" : "byte 0x\(String(byte, radix: 16))"
        }
        return JSONError(offset: position - bytes.startIndex, message: "\(expectation), found \(found ?? "the end")")
    }

    private mutating func skipWhiteSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw failure("nesting deeper than \(Self.maximumDepth)") }
        let start = position
        let kind: JSONValue.Kind
        switch current {
        case UInt8(ascii: "{"): kind = try object(depth: depth)
        case UInt8(ascii: "["): kind = try array(depth: depth)
        case UInt8(ascii: "\""):
            kind = try string().map { .string($0) } ?? .brokenString
        case UInt8(ascii: "t"): kind = try literal("true", .bool(true))
        case UInt8(ascii: "f"): kind = try literal("false", .bool(false))
        case UInt8(ascii: "n"): kind = try literal("null", .null)
        case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): kind = try number()
        default: throw failure("expected a value")
        }
        return JSONValue(kind: kind, raw: bytes[start..<position])
    }

    private mutating func literal(_ word: StaticString, _ kind: JSONValue.Kind) throws(JSONError) -> JSONValue.Kind {
        for expected in "\(word)".utf8 {
            guard current == expected else { throw failure("expected `\(word)`") }
            position += 1
        }
        return kind
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue.Kind {
        var members: [JSONValue.Member] = []
        position += 1
        skipWhiteSpace()
        if current == UInt8(ascii: "}") {
            position += 1
            return .object(members)
        }
        while true {
            let start = position
            guard current == UInt8(ascii: "\"") else { throw failure("expected a key in double quotes") }
            guard let key = try string() else { throw failure("a key with a lone surrogate") }
            skipWhiteSpace()
            guard current == UInt8(ascii: ":") else { throw failure("expected `:`") }
            position += 1
            skipWhiteSpace()
            let value = try value(depth: depth + 1)
            members.append(JSONValue.Member(key: key, value: value, raw: bytes[start..<position]))
            guard try another(closing: UInt8(ascii: "}")) else { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue.Kind {
        var elements: [JSONValue] = []
        position += 1
        skipWhiteSpace()
        if current == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            guard try another(closing: UInt8(ascii: "]")) else { return .array(elements) }
        }
    }

    /// Reads a comma (true) or the closing bracket (false).
    private mutating func another(closing: UInt8) throws(JSONError) -> Bool {
        skipWhiteSpace()
        switch current {
        case closing:
            position += 1
            return false
        case UInt8(ascii: ","):
            position += 1
            skipWhiteSpace()
            return true
        default: throw failure("expected `,` or `\(Character(Unicode.Scalar(closing)))`")
        }
    }

    private mutating func number() throws(JSONError) -> JSONValue.Kind {
        if current == UInt8(ascii: "-") { position += 1 }
        if current == UInt8(ascii: "0") { position += 1 } else { try digits() }
        if current == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return .number
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw failure("expected a digit") }
    }

    // MARK: Strings

    /// - Returns: `nil` for a string with a lone surrogate.
    private mutating func string() throws(JSONError) -> String? {
        position += 1
        let start = position
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        if current == UInt8(ascii: "\"") {
            defer { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        return try escapedString(from: start)
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String? {
        var decoded = Array(bytes[start..<position])
        var isBroken = false
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return isBroken ? nil : String(decoding: decoded, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                if let scalar = try escape() {
                    decoded.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
                } else {
                    isBroken = true
                }
            case 0..<0x20: throw failure("a control character must be escaped")
            default:
                decoded.append(byte)
                position += 1
            }
        }
        throw failure("expected `\"`")
    }

    /// - Returns: `nil` for a lone surrogate.
    private mutating func escape() throws(JSONError) -> Unicode.Scalar? {
        guard let byte = current else { throw failure("expected an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexadecimalUnit()
            guard UTF16.isLeadSurrogate(unit) else { return Unicode.Scalar(unit) }
            let mark = position
            guard current == UInt8(ascii: "\\"), position + 1 < bytes.endIndex, bytes[position + 1] == UInt8(ascii: "u") else {
                return nil
            }
            position += 2
            let trail = try hexadecimalUnit()
            guard UTF16.isTrailSurrogate(trail) else {
                position = mark
                return nil
            }
            return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
        default:
            position -= 1
            throw failure("expected an escape")
        }
    }

    private mutating func hexadecimalUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("expected four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
