import FoundationEssentials
import Storage
import SystemPackage
import Testing

/// A folder that is there as long as a test runs, with a bucket `papers` in its data folder.
final class TestFolder: Sendable {
    let root: FilePath
    var data: FilePath { root.appending("data") }

    init() throws {
        root = FilePath(FileManager.default.temporaryDirectory.path).appending("prelabel-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: data.appending("papers").string, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root.string) }

    func store() throws -> FolderStore { try FolderStore(data: data) }

    /// Writes a file below the root, with the folders it needs.
    func write(_ text: String, to path: String) throws {
        let file = root.appending(path)
        try FileManager.default.createDirectory(atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file.string))
    }

    func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: root.appending(path).string, withDestinationPath: root.appending(target).string)
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.appending(path).string) }

    /// Names of everything below a folder, sorted.
    func names(below path: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root.appending(path).string).sorted()
    }
}

extension ObjectStore {
    func text(_ uri: ObjectURI) async throws -> String { String(decoding: try await get(uri, atMost: 1 << 20), as: UTF8.self) }
}

/// The error of an operation that must fail.
func storageError(_ body: () async throws -> Void) async -> StorageError? {
    await #expect(throws: StorageError.self) { try await body() }
}
