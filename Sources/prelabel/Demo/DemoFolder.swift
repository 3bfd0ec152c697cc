import Foundation
import Storage
import SystemPackage

/// Where the demo puts what it makes: a data folder with one bucket, training data and the report.
struct DemoFolder {
    static let bucket = "demo"

    let path: FilePath
    let store: FolderStore

    init(_ path: FilePath) throws {
        self.path = path
        let data = path.appending("data")
        do {
            try FileManager.default.createDirectory(atPath: data.appending(Self.bucket).string, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(
                status: .inputOutput, message: "the folder \(data) cannot be made; name another one with --output")
        }
        store = try FolderStore(data: data)
    }

    /// An object of the demo's bucket.
    func object(_ key: String) -> ObjectURI { .s3(bucket: Self.bucket, key: key) }

    func file(_ name: String) -> ObjectURI { .file(path.appending(name)) }

    /// Puts pages into the bucket, under `pages/`.
    ///
    /// - Returns: Their number. Links where the file system has them, so that a folder of large scans costs no space.
    func takePages(from folder: FilePath, names: [String]) throws -> Int {
        for name in names {
            let target = path.appending("data/\(Self.bucket)/pages/\(name)")
            try FileManager.default.createDirectory(
                atPath: target.removingLastComponent().string, withIntermediateDirectories: true)
            try? FileManager.default.removeItem(atPath: target.string)
            let source = folder.appending(name)
            do {
                try FileManager.default.linkItem(atPath: source.string, toPath: target.string)
            } catch {
                try FileManager.default.copyItem(atPath: source.string, toPath: target.string)
            }
        }
        return names.count
    }
}
