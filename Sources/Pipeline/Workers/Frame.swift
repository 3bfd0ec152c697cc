import Storage
import SystemPackage

/// Messages between a reader process and its owner: a length of four bytes, big-endian, then that many bytes.
enum Frame {
    /// A longer message is a broken peer.
    static let maximumBytes = 1 << 30

    static func header(of payload: [UInt8]) -> [UInt8] {
        precondition(payload.count <= maximumBytes, "a frame of \(payload.count) bytes")
        let length = UInt32(payload.count)
        return [
            UInt8(truncatingIfNeeded: length >> 24), UInt8(truncatingIfNeeded: length >> 16),
            UInt8(truncatingIfNeeded: length >> 8),
            UInt8(truncatingIfNeeded: length),
        ]
    }

    /// - Returns: `nil` for a length no peer of ours sends.
    static func length(_ header: some Collection<UInt8>) -> Int? {
        let length = header.reduce(0) { $0 << 8 | Int($1) }
        return length <= maximumBytes ? length : nil
    }
}

extension FileDescriptor {
    /// - Returns: `nil` at the end of input.
    func readFrame() throws -> [UInt8]? {
        guard let header = try readExactly(4), let length = Frame.length(header) else { return nil }
        return try readExactly(length)
    }

    func writeFrame(_ payload: [UInt8]) throws {
        try writeAll(Frame.header(of: payload))
        try writeAll(payload)
    }

    private func readExactly(_ count: Int) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let piece = try read(upTo: count - bytes.count)
            guard !piece.isEmpty else { return nil }
            bytes += piece
        }
        return bytes
    }
}
