import FoundationEssentials
import SystemPackage

/// Writes a file that has no name until it is whole, then puts it in place: a process that is killed leaves nothing behind.
///
/// Where the file system has no unnamed files (NFS, for one), or `/proc` is missing, it is a hidden file that is renamed.
package final class FileWriter: ObjectWriter {
    private let path: FilePath
    private let temporaryPath: FilePath
    private let name: String
    private let onlyIfAbsent: Bool
    private let isUnnamed: Bool
    private var file: FileDescriptor?
    /// What stands beside the file, where something does.
    var companion: Companion?
    /// Tells this writing from every other of the same object, once it is committed; without quotes.
    package private(set) var eTag: String?

    /// What is kept beside a file. Writers of one folder take turns from `prepare` to `tidy`.
    struct Companion {
        /// A folder on the same machine that all writers of the file know.
        let turns: FilePath
        /// Called with what the file's version will be, once all is written and before it is there.
        let prepare: (ObjectVersion) throws(StorageError) -> Void
        /// Called once it is there.
        let tidy: (ObjectVersion) -> Void
    }

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

    package func append(_ bytes: some Collection<UInt8>) throws(StorageError) {
        guard let file else { preconditionFailure("\(name) is written after commit") }
        do {
            try file.writeAll(bytes)
        } catch {
            throw StorageError(.inputOutput, "\(name) cannot be written: \(error)")
        }
    }

    package func commit() async throws(StorageError) { try place() }

    /// Gives the file its name, as ``commit()`` does.
    func place() throws(StorageError) {
        guard let file else { preconditionFailure("\(name) is committed twice") }
        do {
            try file.synchronize()
            let version = ObjectVersion(try file.stat())
            let turn = companion?.turns.lockedForWriters()
            defer { try? turn?.close() }
            try companion?.prepare(version)
            if isUnnamed { try file.link(to: onlyIfAbsent ? path : temporaryPath) }
            try file.close()
            self.file = nil
            if !onlyIfAbsent {
                try temporaryPath.rename(to: path)
            } else if !isUnnamed {
                defer { removeTemporary() }
                try temporaryPath.link(to: path)
            }
            companion?.tidy(version)
            eTag = version.tag
        } catch Errno.fileExists {
            throw StorageError(.exists, "\(name) exists already")
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(.inputOutput, "\(name) cannot be written: \(error)")
        }
    }
}
