import Foundation
import Storage
import SystemPackage

/// Standard output for data, standard error for people.
enum Terminal {
    static var isErrorATerminal: Bool { isatty(FileDescriptor.standardError.rawValue) == 1 }

    /// Writes data to standard output.
    ///
    /// - Throws: ``ClosedPipe`` when nobody reads any more.
    static func write(_ bytes: [UInt8]) throws {
        do {
            try FileDescriptor.standardOutput.writeAll(bytes)
        } catch Errno.brokenPipe {
            throw ClosedPipe()
        } catch {
            throw CommandFailure(status: .inputOutput, message: "standard output cannot be written: \(error)")
        }
    }

    static func write(line: String) throws { try write(Array((line + "\n").utf8)) }

    /// `1 line`, `2 lines`.
    static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// Tells people something.
    static func say(_ line: String) { log(Array((line + "\n").utf8)) }

    /// Writes to standard error; that nobody reads it is no error.
    static func log(_ bytes: [UInt8]) { _ = try? FileDescriptor.standardError.writeAll(bytes) }

    /// Reads all of standard input.
    static func readInput() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece = try FileDescriptor.standardInput.read(upTo: 1 << 16)
            guard !piece.isEmpty else { return bytes }
            bytes += piece
        }
    }
}

/// Standard output was closed by its reader: the program ends quietly.
struct ClosedPipe: Error {}
