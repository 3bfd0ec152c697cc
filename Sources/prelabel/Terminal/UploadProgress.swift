import SystemPackage

/// A line on the terminal that shows how far the sending of a file is; nothing for small files, or where standard error is no terminal.
enum UploadProgress {
    private static let smallestShown = 16 << 20

    /// The bytes from `offset` up to `end` are being sent.
    static func show(_ file: FilePath, from offset: Int, to end: Int, of length: Int) {
        guard Terminal.isErrorATerminal, length >= smallestShown else { return }
        let percent = end * 100 / length
        guard percent > offset * 100 / length else { return }
        let line = end < length ? "sending \(file.lastComponent?.string ?? file.string): \(percent) %" : ""
        _ = try? FileDescriptor.standardError.writeAll("\r\u{1B}[K\(line)".utf8)
    }
}
