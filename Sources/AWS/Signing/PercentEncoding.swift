/// Percent-encoding as AWS signs it: unreserved characters (RFC 3986, 2.3) stand for themselves, all other bytes become `%XX` in upper
/// case.
package enum PercentEncoding {
    /// - Parameter kept: Reserved bytes that stand for themselves too, such as the `/` of a path.
    package static func encode(_ text: some StringProtocol, keeping kept: Set<UInt8> = []) -> String {
        encode(text.utf8, keeping: kept)
    }

    private static func encode(_ bytes: some Sequence<UInt8>, keeping kept: Set<UInt8>) -> String {
        var encoded: [UInt8] = []
        for byte in bytes {
            if isUnreserved(byte) || kept.contains(byte) {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// The path of an object key: its slashes stay, two in a row and dot segments too.
    package static func path(_ key: some StringProtocol) -> String { encode(key, keeping: [UInt8(ascii: "/")]) }

    /// One spelling for what others may have encoded otherwise: each `%XX` is decoded and each byte encoded by the rule above.
    static func normalized(_ text: some StringProtocol, keeping kept: Set<UInt8> = []) -> String {
        encode(decoded(text.utf8), keeping: kept)
    }

    /// The text that was encoded as forms are, with `+` for a space; `nil` when it is not UTF-8.
    package static func formDecoded(_ text: String) -> String? {
        let spaced = text.utf8.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }
        return String(validating: decoded(spaced), as: UTF8.self)
    }

    /// The text that was percent-encoded; `nil` when it is not UTF-8.
    package static func decode(_ text: some StringProtocol) -> String? {
        String(validating: decoded(text.utf8), as: UTF8.self)
    }

    private static func decoded(_ encoded: some Collection<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(encoded)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
