/// What stands in a text for each byte that may not: up to six bytes for a byte, packed into an integer.
struct ByteReplacements: Sendable {
    private static var maximumCount: Int { 6 }
    /// Up to so many bytes a text is appended byte for byte, or whole.
    private static var shortCount: Int { 24 }
    /// Bytes of a longer text that are worked on at a time.
    private static var pieceCount: Int { 512 }
    private static let room = [UInt8](repeating: 0, count: pieceCount * maximumCount)

    /// For each byte the replacement, the first byte lowest, and its length in the highest byte; 0 where the byte stays.
    private let packed: [UInt64]

    /// - Parameter replacement: The replacement of a byte; `nil` where it stays.
    init(_ replacement: (UInt8) -> String?) {
        packed = (UInt8.min...UInt8.max).map { byte in
            guard let text = replacement(byte) else { return 0 }
            precondition(text.utf8.count <= Self.maximumCount, "a replacement has at most six bytes")
            return text.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) } | UInt64(text.utf8.count) << 56
        }
    }

    func contains(_ byte: UInt8) -> Bool { packed[Int(byte)] != 0 }

    /// Appends a text with its bytes replaced.
    func append(_ text: String, to bytes: inout [UInt8]) {
        if text.utf8.count > Self.shortCount { return appendLong(text, to: &bytes) }
        guard text.utf8.contains(where: { packed[Int($0)] != 0 }) else {
            bytes += text.utf8
            return
        }
        for byte in text.utf8 {
            var replacement = packed[Int(byte)] & 0xFFFF_FFFF_FFFF
            if replacement == 0 { bytes.append(byte) }
            while replacement > 0 {
                bytes.append(UInt8(truncatingIfNeeded: replacement))
                replacement >>= 8
            }
        }
    }

    /// Room for the worst case is made for a piece of the text at a time and filled by index, in one pass: in JSON inside an attribute
    /// every fourth byte is replaced, and appending each part by itself takes several times as long.
    private func appendLong(_ text: String, to bytes: inout [UInt8]) {
        let packed = packed.span
        let bytesOfText = Array(text.utf8)
        let source = bytesOfText.span
        var start = 0
        while start < source.count {
            let end = min(start + Self.pieceCount, source.count)
            var position = bytes.count
            bytes += Self.room[..<((end - start) * Self.maximumCount)]
            var target = bytes.mutableSpan
            for index in start..<end {
                let byte = source[index]
                let replacement = packed[Int(byte)]
                if replacement == 0 {
                    target[position] = byte
                    position += 1
                } else {
                    // All six are written, and what is too much is written over: a loop up to the length costs more.
                    for place in 0..<Self.maximumCount {
                        target[position + place] = UInt8(truncatingIfNeeded: replacement >> (8 * place))
                    }
                    position += Int(replacement >> 56)
                }
            }
            bytes.removeLast(bytes.count - position)
            start = end
        }
    }
}
