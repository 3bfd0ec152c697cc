import FoundationEssentials
import SystemPackage

/// A temporary file without a name: whatever ends this process, nothing is left of it.
final class UnnamedFile: Sendable {
    let descriptor: FileDescriptor

    /// - Throws: ``TemporaryFolderError`` when the folder takes no file.
    init() throws(TemporaryFolderError) {
        let folder = FilePath(ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp")
        let path = folder.appending("prelabel-\(UUID().uuidString)")
        do {
            descriptor = try FileDescriptor.open(
                path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
            try FileManager.default.removeItem(atPath: path.string)
        } catch {
            throw TemporaryFolderError(
                message: "no temporary file can be made in \(folder) (TMPDIR names another folder): \(error)")
        }
    }

    deinit { try? descriptor.close() }

    /// Under which other processes of this user can open the file as long as it lives.
    var path: FilePath { FilePath("/proc/\(ProcessInfo.processInfo.processIdentifier)/fd/\(descriptor.rawValue)") }
}

/// The folder for temporary files cannot be used.
package struct TemporaryFolderError: Error, Hashable, Sendable, CustomStringConvertible {
    let message: String
    package var description: String { message }
}
