import Storage
import SystemPackage

/// Lines that are finished in any order and wanted in another, kept in a file: in memory stands where each is, some 50 bytes.
final class LineSpool {
    private let file: UnnamedFile
    private var places: [Int: (offset: Int64, count: Int)] = [:]
    private var end: Int64 = 0

    init() throws(TemporaryFolderError) { file = try UnnamedFile() }

    func keep(_ line: [UInt8], at index: Int) throws {
        try file.descriptor.writeAll(toAbsoluteOffset: end, line)
        places[index] = (end, line.count)
        end += Int64(line.count)
    }

    func line(at index: Int) throws -> [UInt8]? {
        guard let place = places[index] else { return nil }
        return try file.descriptor.read(upTo: place.count, at: place.offset)
    }
}
