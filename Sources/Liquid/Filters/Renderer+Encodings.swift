extension Renderer {
    mutating func applyEncoding(_ filter: Filter, to value: LiquidValue) throws(LiquidError) -> LiquidValue {
        let bytes = Array(try text(value).utf8)
        switch filter {
        case .urlEncode: return value.isNull ? .null : try made(Self.urlEncoded(bytes))
        case .urlDecode: return value.isNull ? .null : try decoded(Self.urlDecoded(bytes), by: filter)
        case .base64Encode: return try made(Base64.encode(bytes, alphabet: .standard))
        case .base64URLSafeEncode: return try made(Base64.encode(bytes, alphabet: .urlSafe))
        default: return try decoded(Base64.decode(bytes, alphabet: filter == .base64Decode ? .standard : .urlSafe), by: filter)
        }
    }

    private mutating func decoded(_ bytes: [UInt8]?, by filter: Filter) throws(LiquidError) -> LiquidValue {
        guard let bytes else { throw LiquidError(.argument, "the text is not Base64; expected whole groups of four characters") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw LiquidError(.argument, "what `\(filter.rawValue)` decodes is not UTF-8")
        }
        return try made(text)
    }

    /// As HTML forms encode: a space is `+`, and everything but letters, digits and `-._~` is percent-encoded.
    private static func urlEncoded(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            if byte.isWordByte || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~") {
                result.append(byte)
            } else if byte == 0x20 {
                result.append(UInt8(ascii: "+"))
            } else {
                result += "%\(JSONText.hexadecimal(UInt32(byte), digits: 2).uppercased())".utf8
            }
        }
        return result
    }

    private static func urlDecoded(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index] == UInt8(ascii: "+") ? 0x20 : bytes[index])
                index += 1
            }
        }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

/// Base64 as RFC 4648 has it, read strictly: no line breaks, padding, no stray bits.
enum Base64 {
    enum Alphabet {
        /// Section 4.
        case standard
        /// Section 5; read without padding too, and with the standard alphabet's two characters, as Ruby does.
        case urlSafe
    }

    private static let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8], alphabet: Alphabet) -> [UInt8] {
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for position in 0..<4 {
                let character = characters[Int(bits >> (18 - 6 * UInt32(position)) & 0x3F)]
                result.append(position > group.count ? UInt8(ascii: "=") : alphabet == .urlSafe ? urlSafe(character) : character)
            }
        }
        return result
    }

    private static func urlSafe(_ character: UInt8) -> UInt8 {
        character == UInt8(ascii: "+") ? UInt8(ascii: "-") : character == UInt8(ascii: "/") ? UInt8(ascii: "_") : character
    }

    static func decode(_ text: [UInt8], alphabet: Alphabet) -> [UInt8]? {
        var text = text
        if alphabet == .urlSafe, text.last != UInt8(ascii: "=") {
            text += [UInt8](repeating: UInt8(ascii: "="), count: (4 - text.count % 4) % 4)
        }
        guard text.count % 4 == 0 else { return nil }
        var result: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: 4) {
            let group = text[start..<(start + 4)]
            let padding = start + 4 == text.count ? group.reversed().prefix { $0 == UInt8(ascii: "=") }.count : 0
            guard padding <= 2 else { return nil }
            var bits: UInt32 = 0
            for character in group.dropLast(padding) {
                guard let value = value(of: character, alphabet) else { return nil }
                bits = bits << 6 | value
            }
            let stray = bits & (padding == 2 ? 0xF : padding == 1 ? 0x3 : 0)
            guard stray == 0 else { return nil }
            bits <<= 6 * UInt32(padding)
            result += [UInt8(bits >> 16 & 0xFF), UInt8(bits >> 8 & 0xFF), UInt8(bits & 0xFF)].dropLast(padding)
        }
        return result
    }

    private static func value(of character: UInt8, _ alphabet: Alphabet) -> UInt32? {
        switch character {
        case 0x41...0x5A: UInt32(character - 0x41)
        case 0x61...0x7A: UInt32(character - 0x61 + 26)
        case 0x30...0x39: UInt32(character - 0x30 + 52)
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        case UInt8(ascii: "-") where alphabet == .urlSafe: 62
        case UInt8(ascii: "_") where alphabet == .urlSafe: 63
        default: nil
        }
    }
}
