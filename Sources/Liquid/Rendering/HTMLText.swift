enum HTMLText {
    /// Appends a text with `& < > " '` as character references.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        references.append(text, to: &bytes)
    }

    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: references.contains) else { return text }
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// As ``escaped(_:)``, but an `&` that begins `&name;` or `&#digits;` stays.
    static func escapedOnce(_ text: String) -> String {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        for (index, byte) in source.enumerated() {
            if references.contains(byte), byte != UInt8(ascii: "&") || !isReference(source[(index + 1)...]) {
                append(String(Unicode.Scalar(byte)), to: &bytes)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isReference(_ rest: ArraySlice<UInt8>) -> Bool {
        let isNumber = rest.first == UInt8(ascii: "#")
        // No name is longer than 31 letters; the bound keeps a row of `&` from being read again and again.
        let name = rest.dropFirst(isNumber ? 1 : 0).prefix(40)
        let end = name.firstIndex { isNumber ? !$0.isDigit : !$0.isLetter } ?? name.endIndex
        return end > name.startIndex && end < name.endIndex && name[end] == UInt8(ascii: ";")
    }

    private static let references = ByteReplacements { byte in
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        default: nil
        }
    }
}
