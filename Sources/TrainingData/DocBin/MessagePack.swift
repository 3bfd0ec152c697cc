/// The part of MessagePack (specification of 2013, with `str` and `bin`) that a DocBin needs.
enum MessagePack: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    /// Only for numbers over `Int64.max`.
    case unsigned(UInt64)
    case float(Double)
    case string(String)
    case binary([UInt8])
    case array([MessagePack])
    /// Members in the order in which they were written.
    case map([(key: MessagePack, value: MessagePack)])

    subscript(key: String) -> MessagePack? {
        guard case .map(let members) = self else { return nil }
        return members.last { member in
            if case .string(let name) = member.key { name.utf8.elementsEqual(key.utf8) } else { false }
        }?.value
    }

    var array: [MessagePack]? { if case .array(let elements) = self { elements } else { nil } }
    var binary: [UInt8]? { if case .binary(let bytes) = self { bytes } else { nil } }
    var string: String? { if case .string(let string) = self { string } else { nil } }
    var int: Int? { if case .int(let value) = self { Int(exactly: value) } else { nil } }
}

// MARK: Writing

extension MessagePack {
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(0xC0)
        case .bool(let value): bytes.append(value ? 0xC3 : 0xC2)
        case .int(let value): Self.write(value, to: &bytes)
        case .unsigned(let value): Self.write(0xCF, value, to: &bytes)
        case .float(let value): Self.write(0xCB, value.bitPattern, to: &bytes)
        case .string(let string):
            Self.writeHead(of: string.utf8.count, short: (0xA0, 31), heads: (0xD9, 0xDA, 0xDB), to: &bytes)
            bytes += string.utf8
        case .binary(let content):
            Self.writeHead(of: content.count, short: nil, heads: (0xC4, 0xC5, 0xC6), to: &bytes)
            bytes += content
        case .array(let elements):
            Self.writeHead(of: elements.count, short: (0x90, 15), heads: (nil, 0xDC, 0xDD), to: &bytes)
            for element in elements { element.write(to: &bytes) }
        case .map(let members):
            Self.writeHead(of: members.count, short: (0x80, 15), heads: (nil, 0xDE, 0xDF), to: &bytes)
            for (key, value) in members {
                key.write(to: &bytes)
                value.write(to: &bytes)
            }
        }
    }

    private static func write(_ value: Int64, to bytes: inout [UInt8]) {
        switch value {
        case -32...127: bytes.append(UInt8(truncatingIfNeeded: value))
        case 128...0xFF: write(0xCC, UInt8(value), to: &bytes)
        case 0x100...0xFFFF: write(0xCD, UInt16(value), to: &bytes)
        case 0x1_0000...0xFFFF_FFFF: write(0xCE, UInt32(value), to: &bytes)
        default: write(0xD3, UInt64(bitPattern: value), to: &bytes)
        }
    }

    private static func write(_ head: UInt8, _ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        bytes.append(head)
        bytes.append(bigEndian: value)
    }

    /// - Parameters:
    ///   - short: The head that has the count in it, and the highest such count.
    ///   - heads: Those that a count of 8, 16 and 32 bits follows.
    private static func writeHead(
        of count: Int, short: (UInt8, Int)?, heads: (UInt8?, UInt8, UInt8), to bytes: inout [UInt8]
    ) {
        precondition(count <= UInt32.max, "MessagePack holds at most 2^32 - 1 elements or bytes, found \(count)")
        if let (head, highest) = short, count <= highest {
            bytes.append(head | UInt8(count))
        } else if let head = heads.0, count <= 0xFF {
            write(head, UInt8(count), to: &bytes)
        } else if count <= 0xFFFF {
            write(heads.1, UInt16(count), to: &bytes)
        } else {
            write(heads.2, UInt32(count), to: &bytes)
        }
    }
}

extension [UInt8] {
    mutating func append(bigEndian value: some FixedWidthInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func append(littleEndian value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

// MARK: Reading

extension MessagePack {
    /// - Throws: ``RecordError`` `bad-msgpack` with the byte at which reading stopped. Extension types are refused.
    init(parsing bytes: [UInt8]) throws(RecordError) {
        var reader = MessagePackReader(bytes: bytes)
        self = try reader.value(depth: 0)
        guard reader.position == bytes.count else { throw reader.failure("bytes after the end") }
    }
}

private struct MessagePackReader {
    /// Deeper nesting is refused.
    private static let maximumDepth = 64
    /// More values are refused: a few bytes can say very many.
    private static let maximumValues = 20_000_000

    let bytes: [UInt8]
    var position = 0
    private var values = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    func failure(_ message: String) -> RecordError { RecordError("bad-msgpack", "\(message) at byte \(position)") }

    mutating func value(depth: Int) throws(RecordError) -> MessagePack {
        guard depth <= Self.maximumDepth else { throw failure("nesting deeper than \(Self.maximumDepth)") }
        values += 1
        guard values <= Self.maximumValues else { throw failure("more than \(Self.maximumValues) values") }
        let head = try integer(UInt8.self)
        switch head {
        case 0x00...0x7F: return .int(Int64(head))
        case 0x80...0x8F: return try map(Int(head & 0x0F), depth: depth)
        case 0x90...0x9F: return try array(Int(head & 0x0F), depth: depth)
        case 0xA0...0xBF: return try string(Int(head & 0x1F))
        case 0xC0: return .null
        case 0xC2, 0xC3: return .bool(head == 0xC3)
        case 0xC4: return .binary(try take(Int(try integer(UInt8.self))))
        case 0xC5: return .binary(try take(Int(try integer(UInt16.self))))
        case 0xC6: return .binary(try take(Int(try integer(UInt32.self))))
        case 0xCA: return .float(Double(Float(bitPattern: try integer(UInt32.self))))
        case 0xCB: return .float(Double(bitPattern: try integer(UInt64.self)))
        case 0xCC: return .int(Int64(try integer(UInt8.self)))
        case 0xCD: return .int(Int64(try integer(UInt16.self)))
        case 0xCE: return .int(Int64(try integer(UInt32.self)))
        case 0xCF:
            let value = try integer(UInt64.self)
            return Int64(exactly: value).map { .int($0) } ?? .unsigned(value)
        case 0xD0: return .int(Int64(Int8(bitPattern: try integer(UInt8.self))))
        case 0xD1: return .int(Int64(Int16(bitPattern: try integer(UInt16.self))))
        case 0xD2: return .int(Int64(Int32(bitPattern: try integer(UInt32.self))))
        case 0xD3: return .int(Int64(bitPattern: try integer(UInt64.self)))
        case 0xD9: return try string(Int(try integer(UInt8.self)))
        case 0xDA: return try string(Int(try integer(UInt16.self)))
        case 0xDB: return try string(Int(try integer(UInt32.self)))
        case 0xDC: return try array(Int(try integer(UInt16.self)), depth: depth)
        case 0xDD: return try array(Int(try integer(UInt32.self)), depth: depth)
        case 0xDE: return try map(Int(try integer(UInt16.self)), depth: depth)
        case 0xDF: return try map(Int(try integer(UInt32.self)), depth: depth)
        case 0xE0...0xFF: return .int(Int64(Int8(bitPattern: head)))
        default: throw failure("type 0x\(String(head, radix: 16)) is not supported")
        }
    }

    private mutating func integer<Value: FixedWidthInteger>(_: Value.Type) throws(RecordError) -> Value {
        var value: Value = 0
        for byte in try take(Value.bitWidth / 8) { value = value << 8 | Value(truncatingIfNeeded: byte) }
        return value
    }

    private mutating func take(_ count: Int) throws(RecordError) -> [UInt8] {
        guard count <= bytes.count - position else { throw failure("expected \(count) bytes more") }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    private mutating func string(_ count: Int) throws(RecordError) -> MessagePack {
        guard let string = String(validating: try take(count), as: UTF8.self) else { throw failure("a string that is not UTF-8") }
        return .string(string)
    }

    private mutating func array(_ count: Int, depth: Int) throws(RecordError) -> MessagePack {
        // An element takes a byte at least.
        guard count <= min(bytes.count - position, Self.maximumValues) else {
            throw failure("an array of \(count) elements in fewer bytes")
        }
        var elements: [MessagePack] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try value(depth: depth + 1)) }
        return .array(elements)
    }

    private mutating func map(_ count: Int, depth: Int) throws(RecordError) -> MessagePack {
        guard count <= min(bytes.count - position, Self.maximumValues) / 2 else {
            throw failure("a map of \(count) members in fewer bytes")
        }
        var members: [(key: MessagePack, value: MessagePack)] = []
        members.reserveCapacity(count)
        for _ in 0..<count {
            let key = try value(depth: depth + 1)
            members.append((key, try value(depth: depth + 1)))
        }
        return .map(members)
    }
}
