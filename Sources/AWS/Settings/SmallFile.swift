import SystemPackage

/// Files of settings and tokens, which may be devices and pipes too.
enum SmallFile {
    /// - Returns: The file's text; `nil` when it cannot be read, is not UTF-8, or has more bytes than allowed.
    static func text(of path: String, atMost maximumBytes: Int) -> String? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else { return nil }
        defer { try? file.close() }
        var bytes: [UInt8] = []
        while bytes.count <= maximumBytes {
            guard let piece = try? piece(of: file) else { return nil }
            guard !piece.isEmpty else { return String(validating: bytes, as: UTF8.self) }
            bytes += piece
        }
        return nil
    }

    private static func piece(of file: FileDescriptor) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: 1 << 14) { buffer, count in
            count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
