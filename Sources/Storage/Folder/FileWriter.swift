import FoundationEssentials
import Synchronization
import SystemPackage

/// Writes a file under a temporary name and renames it into place.
final class FileWriter: ObjectWriter {
    private static let counter = Atomic<Int>(0)

    private let path: FilePath
    private let temporaryPath: FilePath
    private let name: String
    private let onlyIfAbsent: Bool
    private var file: FileDescriptor?

    /// - Parameters:
    ///   - temporaryFolder: On the same file system as `path`.
    ///   - name: What the object is called in errors.
    ///   - onlyIfAbsent: Do not replace a file.
    init(path: FilePath, temporaryFolder: FilePath, name: String, onlyIfAbsent: Bool) throws(StorageError) {
        let number = Self.counter.add(1, ordering: .relaxed).newValue
        let temporaryPath = temporaryFolder.appending(".prelabel-\(ProcessInfo.processInfo.processIdentifier)-\(number)")
        do {
            file = try FileDescriptor.open(
                temporaryPath, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw StorageError(.inputOutput, "\(name) cannot be written: \(error)")
        }
        (self.path, self.temporaryPath, self.name, self.onlyIfAbsent) = (path, temporaryPath, name, onlyIfAbsent)
    }

    deinit {
        guard let file else { return }
        try? file.close()
        try? FileManager.default.removeItem(atPath: temporaryPath.string)
    }

    func append(_ bytes: some Collection<UInt8>) throws(StorageError) {
        guard let file else { preconditionFailure("\(name) is written after commit") }
        do {
            try file.writeAll(bytes)
        } catch {
            throw StorageError(.inputOutput, "\(name) cannot be written: \(error)")
        }
    }

    func commit() async throws(StorageError) {
        guard let file else { preconditionFailure("\(name) is committed twice") }
        do {
            try file.synchronize()
            try file.close()
            self.file = nil
            if onlyIfAbsent {
                defer { try? FileManager.default.removeItem(atPath: temporaryPath.string) }
                try temporaryPath.link(to: path)
            } else {
                try temporaryPath.rename(to: path)
            }
        } catch Errno.fileExists {
            throw StorageError(.exists, "\(name) exists already")
        } catch {
            throw StorageError(.inputOutput, "\(name) cannot be written: \(error)")
        }
    }
}
