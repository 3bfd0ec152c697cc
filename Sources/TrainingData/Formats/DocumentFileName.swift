/// Names of files for documents, for formats of one file a document: the id, with what a file name cannot hold as `=XX`.
///
/// The way back gives the id again. An id of more than 200 bytes is cut, and its hash follows.
enum DocumentFileName {
    private static let maximumBytes = 200

    static func encode(_ id: String) -> String {
        if id.isEmpty { return "=" }
        var name: [UInt8] = []
        for (index, byte) in id.utf8.enumerated() {
            if isPlain(byte), index > 0 || byte != UInt8(ascii: ".") {
                name.append(byte)
            } else {
                name += [UInt8(ascii: "="), digit(byte >> 4), digit(byte & 0x0F)]
            }
        }
        guard name.count > maximumBytes else { return String(decoding: name, as: UTF8.self) }
        let cut = String(decoding: name[..<150], as: UTF8.self).prefix { $0 != "\u{FFFD}" }
        return "\(cut)~\(String(murmurHash64A(id.utf8, seed: 0), radix: 16))"
    }

    static func decode(_ name: String) -> String {
        if name == "=" { return "" }
        var bytes: [UInt8] = []
        var rest = name.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(decoding: Array(digits), as: UTF8.self), radix: 16) else {
                return name
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self) ?? name
    }

    /// Letters, digits, blanks and signs that every file system takes, and all beyond ASCII.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x80...: true
        case 0..<0x20, 0x7F: false
        default: !#"/\:*?"<>|%=#~"#.utf8.contains(byte)
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10 }
}
