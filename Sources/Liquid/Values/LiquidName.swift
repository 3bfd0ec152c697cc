/// A name or key with a fingerprint, so that most comparisons end at one integer. Equal means same bytes; `String`'s `==` would be
/// canonical equivalence.
struct LiquidName: Hashable, Sendable {
    let text: String
    /// FNV-1a, 64 bits.
    let fingerprint: UInt64
    /// Among ASCII texts canonical equivalence is identity, and `==` is fast.
    private let isASCII: Bool
    /// Whether JSON writes it as it is.
    let isPlain: Bool

    init(_ text: String) {
        self.text = text
        var fingerprint: UInt64 = 0xCBF2_9CE4_8422_2325
        var bits: UInt8 = 0
        var isPlain = true
        for byte in text.utf8 {
            fingerprint = (fingerprint ^ UInt64(byte)) &* 0x100_0000_01B3
            bits |= byte
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { isPlain = false }
        }
        self.fingerprint = fingerprint
        isASCII = bits < 0x80
        self.isPlain = isPlain
    }

    @inline(__always)
    static func == (left: LiquidName, right: LiquidName) -> Bool {
        guard left.fingerprint == right.fingerprint else { return false }
        return left.isASCII && right.isASCII ? left.text == right.text : left.text.isIdentical(to: right.text)
    }

    /// By the text and the process's seed: keys come from data, and fingerprints that collide can be made.
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension String {
    /// Same bytes.
    func isIdentical(to other: String) -> Bool {
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }
}
