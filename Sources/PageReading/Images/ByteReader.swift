/// Bounds-checked reading of integers from bytes; every read outside gives `nil`.
struct ByteReader {
    enum Order { case bigEndian, littleEndian }

    let bytes: ArraySlice<UInt8>
    var order = Order.bigEndian

    /// The byte at an offset from the start of `bytes`.
    func byte(at offset: Int) -> UInt8? {
        guard offset >= 0, offset < bytes.count else { return nil }
        return bytes[bytes.startIndex + offset]
    }

    func uint16(at offset: Int) -> Int? { integer(at: offset, byteCount: 2) }
    func uint32(at offset: Int) -> Int? { integer(at: offset, byteCount: 4) }

    func hasBytes(_ expected: [UInt8], at offset: Int) -> Bool {
        guard offset >= 0, offset <= bytes.count - expected.count else { return false }
        return bytes[(bytes.startIndex + offset)...].starts(with: expected)
    }

    private func integer(at offset: Int, byteCount: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - byteCount else { return nil }
        let start = bytes.startIndex + offset
        let parts = bytes[start..<(start + byteCount)]
        return switch order {
        case .bigEndian: parts.reduce(0) { $0 << 8 | Int($1) }
        case .littleEndian: parts.reversed().reduce(0) { $0 << 8 | Int($1) }
        }
    }
}
