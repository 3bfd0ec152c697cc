import CZlib

/// Streams of zlib (RFC 1950); the pointers stay in this file.
enum Zlib {
    /// - Parameter level: 1 (fast) to 9 (small).
    static func compress(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Int(compressBound(UInt(bytes.count)))) { buffer, count in
            var written = UInt(buffer.count)
            let status = unsafe bytes.withUnsafeBufferPointer { source in
                unsafe compress2(buffer.baseAddress, &written, source.baseAddress, UInt(source.count), level)
            }
            precondition(status == Z_OK, "a buffer of compressBound() bytes is always enough, zlib says \(status)")
            count = Int(written)
        }
    }

    /// - Parameter maximumBytes: More than these are refused: a small file can hold very many zeros.
    /// - Throws: ``RecordError`` `bad-zlib`, `too-large`.
    static func decompress(_ bytes: [UInt8], atMost maximumBytes: Int) throws(RecordError) -> [UInt8] {
        var stream = unsafe z_stream()
        guard unsafe inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw RecordError("bad-zlib", "zlib cannot start")
        }
        defer { unsafe inflateEnd(&stream) }
        var result: [UInt8] = []
        var consumed = 0
        while true {
            var status = Z_OK
            let input = Array(bytes[consumed..<min(bytes.count, consumed + 1 << 18)])
            let (piece, used) = unsafe inflate(input, &stream, &status)
            result += piece
            consumed += used
            guard result.count <= maximumBytes else {
                throw RecordError("too-large", "more than \(maximumBytes) bytes when unpacked")
            }
            if status == Z_STREAM_END { return result }
            guard status == Z_OK, used > 0 || !piece.isEmpty else {
                throw RecordError("bad-zlib", "not a zlib stream, or cut off, after \(consumed) bytes")
            }
        }
    }

    /// - Returns: Up to 256 KiB of output, and how many bytes of the input were used.
    private static func inflate(_ input: [UInt8], _ stream: inout z_stream, _ status: inout Int32) -> (output: [UInt8], used: Int) {
        var input = input
        var used = 0
        let capacity = 1 << 18
        let output = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            status = unsafe input.withUnsafeMutableBufferPointer { source in
                unsafe stream.next_in = source.baseAddress
                unsafe stream.avail_in = UInt32(source.count)
                unsafe stream.next_out = buffer.baseAddress
                unsafe stream.avail_out = UInt32(capacity)
                let status = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
                used = unsafe source.count - Int(stream.avail_in)
                unsafe stream.next_in = nil
                return status
            }
            count = unsafe capacity - Int(stream.avail_out)
            unsafe stream.next_out = nil
        }
        return (output, used)
    }
}
