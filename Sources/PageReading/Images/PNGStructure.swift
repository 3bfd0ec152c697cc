/// The chunks of a PNG file (ISO/IEC 15948 clause 5), walked without decoding.
enum PNGStructure {
    /// Width and height from the first chunk; `nil` when it is not a whole `IHDR`.
    static func size(of bytes: [UInt8]) -> (width: Int, height: Int)? {
        let reader = ByteReader(bytes: bytes[...])
        guard reader.hasBytes(Array("IHDR".utf8), at: 12), let width = reader.uint32(at: 16), let height = reader.uint32(at: 20)
        else {
            return nil
        }
        return (width, height)
    }

    /// Whether every chunk up to `IEND` is there and agrees with its checksum.
    ///
    /// The library would find that out, too, but tells it on stderr.
    /// - Complexity: O(bytes).
    static func isIntact(_ bytes: [UInt8]) -> Bool {
        let reader = ByteReader(bytes: bytes[...])
        var position = 8
        while let length = reader.uint32(at: position), let checksum = reader.uint32(at: position + 8 + length) {
            guard crc32(bytes[(position + 4)..<(position + 8 + length)]) == checksum else { return false }
            if reader.hasBytes(Array("IEND".utf8), at: position + 4) { return true }
            position += 12 + length
        }
        return false
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    private static func crc32(_ bytes: ArraySlice<UInt8>) -> Int {
        table.withUnsafeBufferPointer { table in
            bytes.withUnsafeBufferPointer { bytes in
                Int(~bytes.reduce(UInt32.max) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] })
            }
        }
    }
}
