import ArgumentParser
import Storage
import SystemPackage

/// Where objects live.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The data folder: s3://BUCKET/KEY is DIR/BUCKET/KEY. Also PRELABEL_DATA. Without it s3:// is Amazon S3.",
            valueName: "dir"))
    var data: String?

    /// Whether objects live in a folder and not in S3.
    var isFolder: Bool { folder != nil }

    /// The data folder; `nil` where objects live in S3.
    var folder: FilePath? { Self.folder(data).map { Settings.currentFolder.pushing(FilePath($0)) } }

    /// - Throws: ``CommandFailure`` with 78.
    func store(keyHandling: FolderStore.KeyHandling = .refused) throws -> any ObjectStore {
        try Self.store(data: data, keyHandling: keyHandling)
    }

    private static func folder(_ data: String?) -> String? { data ?? Settings.string("DATA") }

    /// - Parameter data: The folder as typed; without it PRELABEL_DATA counts.
    static func store(data: String?, keyHandling: FolderStore.KeyHandling = .refused) throws -> any ObjectStore {
        do {
            return try objectStore(
                data: folder(data).map { Settings.currentFolder.pushing(FilePath($0)) }, environment: Settings.environment,
                keyHandling: keyHandling)
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
