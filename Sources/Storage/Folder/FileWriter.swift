import FoundationEssentials
import SystemPackage

/// Writes a file that has no name until it is whole, then puts it in place: a process that is killed leaves nothing behind.
///
/// Where the file system has no unnamed files (NFS, for one), or `/proc` is missing, it is a hidden file that is renamed.
final class FileWriter: ObjectWriter {
    private let path: FilePath
    private let temporaryPath: FilePath
    private let name: String
    private let onlyIfAbsent: Bool
    private let isUnnamed: Bool
    private var file: FileDescriptor?
    /// Called with what the object's version will be, once all is written and before it is there.
    var beforeCommit: (ObjectVersion) async throws(StorageError) -> Void = { _ throws(StorageError) in }
    var afterCommit: (ObjectVersion) -> Void = { _ in }

    /// - Parameters:
    ///   - temporaryFolder: On the same file system as `path`.
    ///   - name: What the object is called in errors.
    ///   - onlyIfAbsent: Do not replace a file.
    init(path: FilePath, temporaryFolder: FilePath, name: String, onlyIfAbsent: Bool) throws(StorageError) {
        // A number could be that of what a killed process left: in a container each has the same id.
        let temporaryPath = temporaryFolder.appending(".prelabel-\(UUID().uuidString)")
        if let unnamed = FileDescriptor.unnamed(in: temporaryFolder, permissions: Self.permissions) {
            (file, isUnnamed) = (unnamed, true)
        } else {
            do {
                file = try FileDescriptor.open(
                    temporaryPath, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: Self.permissions)
            } catch {
                throw StorageError(.inputOutput, "\(name) cannot be written: \(error)")
            }
            isUnnamed = false
        }
        (self.path, self.temporaryPath, self.name, self.onlyIfAbsent) = (path, temporaryPath, name, onlyIfAbsent)
    }

    private static let permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]

    deinit {
        guard let file else { return }
        try? file.close()
        if !isUnnamed { removeTemporary() }
    }

    private func removeTemporary() {
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
            let version = ObjectVersion(try file.stat())
            try await beforeCommit(version)
            if isUnnamed { try file.link(to: onlyIfAbsent ? path : temporaryPath) }
            try file.close()
            self.file = nil
            if !onlyIfAbsent {
                try temporaryPath.rename(to: path)
            } else if !isUnnamed {
                defer { removeTemporary() }
                try temporaryPath.link(to: path)
            }
            afterCommit(version)
        } catch Errno.fileExists {
            throw StorageError(.exists, "\(name) exists already")
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(.inputOutput, "\(name) cannot be written: \(error)")
        }
    }
}
