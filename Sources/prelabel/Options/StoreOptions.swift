import ArgumentParser
import Storage
import SystemPackage

/// Where objects live.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The data folder: s3://BUCKET/KEY is DIR/BUCKET/KEY. Also PRELABEL_DATA. Without it only files can be named.",
            valueName: "dir"))
    var data: String?

    func store() throws -> FolderStore { try Self.store(data: data) }

    /// - Parameter data: The folder as typed; without it PRELABEL_DATA counts.
    static func store(data: String?) throws -> FolderStore {
        let folder = data ?? Settings.string("DATA")
        do {
            return try FolderStore(data: folder.map { Settings.currentFolder.pushing(FilePath($0)) })
        } catch {
            throw CommandFailure(status: .configuration, message: error.message)
        }
    }
}

extension ObjectURI {
    /// The name as a person types it: a path is not percent-encoded.
    var typed: String {
        switch self {
        case .file(let path): path.string
        case .s3: "\(self)"
        }
    }

    /// A URI or path as typed.
    init(typed text: String) throws(StorageError) { try self.init(typed: text, currentFolder: Settings.currentFolder) }
}
