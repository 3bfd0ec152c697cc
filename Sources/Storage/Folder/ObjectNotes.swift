import FoundationEssentials
import Glibc
import SystemPackage

/// What is known of an object beside its bytes and cannot be told from its name.
struct ObjectNote: Codable, Hashable {
    var contentType: String?
    /// The key that whoever wrote the object named; nothing was encrypted with it.
    var kmsKeyID: String?
    /// Whoever wrote the object asked for encryption with the store's own key; nothing was encrypted.
    var usesStoreKey: Bool?
    /// For people who look into the folder: files are called by a hash of it.
    let key: String

    var isEmpty: Bool { contentType == nil && kmsKeyID == nil && usesStoreKey == nil }

    enum CodingKeys: String, CodingKey {
        case contentType = "content-type", kmsKeyID = "kms-key-id", usesStoreKey = "store-key", key
    }
}

/// Notes on the objects of a data folder, in `.prelabel/objects/BUCKET/HH/HASH/VERSION.json`.
///
/// A note is of one version of its object and is written before that version is put in place: a reader, and a process that is killed,
/// find an object with its own note, never with another version's. Notes of older versions are removed afterwards.
struct ObjectNotes: Sendable {
    private static let maximumBytes = 1 << 16

    /// The folder `objects`.
    let folder: FilePath

    private func folder(bucket: String, key: String) -> FilePath {
        let hash = sha256Hex(Array(key.utf8))
        return folder.appending(bucket).appending(String(hash.prefix(2))).appending(hash)
    }

    private static func name(_ version: ObjectVersion) -> String { "\(version.note).json" }

    func note(on version: ObjectVersion, bucket: String, key: String) -> ObjectNote? {
        let path = folder(bucket: bucket, key: key).appending(Self.name(version))
        guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else { return nil }
        defer { try? file.close() }
        guard let bytes = try? file.read(upTo: Self.maximumBytes) else { return nil }
        return try? JSONDecoder().decode(ObjectNote.self, from: Data(bytes))
    }

    /// - Parameter temporaryFolder: On the same file system.
    func write(
        _ note: ObjectNote, on version: ObjectVersion, bucket: String, temporaryFolder: FilePath
    ) throws(StorageError) {
        let folder = folder(bucket: bucket, key: note.key)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let name = "the note on s3://\(bucket)/\(note.key)"
        do {
            let bytes = try encoder.encode(note)
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
            let writer = try FileWriter(
                path: folder.appending(Self.name(version)), temporaryFolder: temporaryFolder, name: name, onlyIfAbsent: false)
            try writer.append(bytes)
            try writer.place()
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(.inputOutput, "\(name) cannot be written: \(error)")
        }
    }

    /// Removes the notes on an object's other versions; what cannot be removed does no harm.
    ///
    /// - Parameter version: The one that stays; `nil` when the object is gone.
    func removeOthers(than version: ObjectVersion?, bucket: String, key: String) {
        let folder = folder(bucket: bucket, key: key)
        guard folder.exists else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
        for name in names where name != version.map(Self.name) {
            try? FileManager.default.removeItem(atPath: folder.appending(name).string)
        }
        if version == nil { try? FileManager.default.removeItem(atPath: folder.string) }
    }
}

/// Tells a file from what stood under its name before.
struct ObjectVersion: Hashable {
    private let modified: timespec
    private let size: Int64
    private let inode: UInt64

    init(_ stat: Stat) { (modified, size, inode) = (stat.st_mtim, stat.size, UInt64(stat.inode.rawValue)) }

    static func == (left: Self, right: Self) -> Bool { left.tag == right.tag }
    func hash(into hasher: inout Hasher) { hasher.combine(tag) }

    /// Names the version's note. Copying a data folder with its times keeps it.
    var note: String { "\(Self.hexadecimal(modified.tv_sec))-\(Self.hexadecimal(modified.tv_nsec))-\(Self.hexadecimal(size))" }

    /// An ETag without its quotes; the hyphens say that it is no MD5.
    var tag: String { "\(note)-\(Self.hexadecimal(inode))" }

    var date: Date { Date(timeIntervalSince1970: Double(modified.tv_sec) + Double(modified.tv_nsec) / 1e9) }

    private static func hexadecimal(_ number: some BinaryInteger) -> String { String(number, radix: 16) }
}
