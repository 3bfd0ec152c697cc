import FoundationEssentials
import Storage
import SystemPackage

/// Lines that are finished in any order and wanted in another, kept in an unnamed file: 16 bytes of memory a line.
final class LineSpool {
    private let file: FileDescriptor
    private var places: [Int: (offset: Int64, count: Int)] = [:]
    private var end: Int64 = 0

    init() throws {
        let folder = FilePath(ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp")
        let path = folder.appending("prelabel-lines-\(UUID().uuidString)")
        file = try FileDescriptor.open(
            path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
        try FileManager.default.removeItem(atPath: path.string)
    }

    deinit { try? file.close() }

    func keep(_ line: [UInt8], at index: Int) throws {
        try file.writeAll(toAbsoluteOffset: end, line)
        places[index] = (end, line.count)
        end += Int64(line.count)
    }

    func line(at index: Int) throws -> [UInt8]? {
        guard let place = places[index] else { return nil }
        return try file.read(upTo: place.count, at: place.offset)
    }
}
