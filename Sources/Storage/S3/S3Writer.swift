import AWS
import Crypto
import FoundationEssentials
import SystemPackage

/// Collects an object's bytes, in memory while they are few and in a temporary file beyond that, and sends them in one piece.
final class S3Writer: ObjectWriter {
    /// What is kept in memory.
    private static let maximumBytesInMemory = 8 << 20

    private let name: String
    private let send: (S3Body) async throws(StorageError) -> Void
    private var buffer: [UInt8] = []
    private var hash = SHA256()
    private var spool: SpoolFile?
    private var spooledBytes = 0
    private var isCommitted = false

    /// - Parameter name: What the object is called in errors.
    init(name: String, send: @escaping (S3Body) async throws(StorageError) -> Void) { (self.name, self.send) = (name, send) }

    func append(_ bytes: some Collection<UInt8>) throws(StorageError) {
        precondition(!isCommitted, "\(name) is written after commit")
        buffer += bytes
        if buffer.count > Self.maximumBytesInMemory { try spoolBuffer() }
    }

    func commit() async throws(StorageError) {
        precondition(!isCommitted, "\(name) is committed twice")
        isCommitted = true
        guard spool != nil else { return try await send(.bytes(buffer)) }
        try spoolBuffer()
        guard let spool else { preconditionFailure("a spool goes away") }
        let sha256 = hexadecimal(hash.finalize())
        try await send(.source(length: spooledBytes, sha256: sha256) { offset, count in try spool.read(count, at: offset) })
    }

    private func spoolBuffer() throws(StorageError) {
        do {
            let file = try spool ?? SpoolFile()
            spool = file
            try file.append(buffer)
            hash.update(data: buffer)
            spooledBytes += buffer.count
            buffer.removeAll(keepingCapacity: true)
        } catch {
            throw StorageError(.inputOutput, "\(name): its bytes cannot be kept in \(SpoolFile.folder): \(error)")
        }
    }
}

/// A temporary file that has no name any longer, so that nothing is left of it however the process ends.
private final class SpoolFile: Sendable {
    private let file: FileDescriptor

    static var folder: FilePath { FilePath(FileManager.default.temporaryDirectory.path) }

    init() throws {
        let path = Self.folder.appending("prelabel-\(UUID().uuidString)")
        file = try FileDescriptor.open(
            path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
        try FileManager.default.removeItem(atPath: path.string)
    }

    deinit { try? file.close() }

    func append(_ bytes: [UInt8]) throws { try file.writeAll(bytes) }

    func read(_ count: Int, at offset: Int) throws -> [UInt8] { try file.read(upTo: count, at: Int64(offset)) }
}
