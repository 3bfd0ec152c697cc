/// Numbers and strings, little-endian, one after the other.
struct ModelWriter {
    var bytes: [UInt8] = []

    mutating func write(_ value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    /// - Precondition: At most 65,535 bytes.
    mutating func write(_ string: String) {
        write(UInt16(string.utf8.count))
        bytes += string.utf8
    }

    /// FNV-1a over words of eight bytes, the last one filled with zeros, and the length: it finds accidents, not forgeries.
    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(bytes.count)
        var position = bytes.startIndex
        while position < bytes.endIndex {
            var word: UInt64 = 0
            for offset in 0..<min(8, bytes.endIndex - position) { word |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
            hash = (hash ^ word) &* 0x0000_0100_0000_01B3
            hash ^= hash >> 29
            position += 8
        }
        return hash
    }
}

/// Reads what ``ModelWriter`` wrote, and trusts nothing.
struct ModelReader {
    private let bytes: [UInt8]
    private(set) var position: Int

    init(_ bytes: [UInt8], from position: Int) { (self.bytes, self.position) = (bytes, position) }

    static func damaged(_ reason: String) -> SuggestionError { SuggestionError(.damagedModel, "the model is damaged: \(reason)") }

    private mutating func take(_ count: Int) throws(SuggestionError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw Self.damaged("it ends after \(bytes.count) bytes") }
        defer { position += count }
        return bytes[position..<position + count]
    }

    private mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws(SuggestionError) -> Value {
        var value: Value = 0
        for (offset, byte) in try take(type.bitWidth / 8).enumerated() { value |= Value(truncatingIfNeeded: byte) << (8 * offset) }
        return value
    }

    mutating func uint8() throws(SuggestionError) -> UInt8 { try integer(UInt8.self) }
    mutating func uint16() throws(SuggestionError) -> UInt16 { try integer(UInt16.self) }
    mutating func uint32() throws(SuggestionError) -> UInt32 { try integer(UInt32.self) }
    mutating func uint64() throws(SuggestionError) -> UInt64 { try integer(UInt64.self) }

    mutating func float() throws(SuggestionError) -> Float {
        let value = Float(bitPattern: try uint32())
        guard value.isFinite else { throw Self.damaged("a number is not finite") }
        return value
    }

    mutating func double() throws(SuggestionError) -> Double { Double(bitPattern: try uint64()) }

    /// A count of elements that the rest of the file has room for.
    mutating func count<Value: FixedWidthInteger>(_ type: Value.Type, elementBytes: Int) throws(SuggestionError) -> Int {
        let count = Int(try integer(type))
        guard count <= (bytes.count - position) / elementBytes else { throw Self.damaged("it has no room for \(count) elements") }
        return count
    }

    mutating func string() throws(SuggestionError) -> String {
        let utf8 = try take(Int(try uint16()))
        guard let string = String(validating: utf8, as: UTF8.self) else { throw Self.damaged("a name is not UTF-8") }
        return string
    }

    mutating func integers<Value: FixedWidthInteger>(_ type: Value.Type, count: Int) throws(SuggestionError) -> [Value] {
        let width = type.bitWidth / 8
        let raw = try take(width * count)
        var values: [Value] = []
        values.reserveCapacity(count)
        for start in stride(from: raw.startIndex, to: raw.endIndex, by: width) {
            var value: Value = 0
            for offset in 0..<width { value |= Value(truncatingIfNeeded: raw[start + offset]) << (8 * offset) }
            values.append(value)
        }
        return values
    }

    /// Keys of which each is greater than the one before.
    mutating func ascending<Value: FixedWidthInteger>(_ type: Value.Type, count: Int) throws(SuggestionError) -> [Value] {
        let keys = try integers(type, count: count)
        guard zip(keys, keys.dropFirst()).allSatisfy({ $0 < $1 }) else { throw Self.damaged("its keys are not in order") }
        return keys
    }
}
