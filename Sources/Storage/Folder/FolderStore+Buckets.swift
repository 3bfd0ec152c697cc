package import FoundationEssentials
import SystemPackage

extension FolderStore {
    /// A bucket, and when something was last put into its folder or taken out: a folder does not tell when it was made.
    package struct Bucket: Sendable {
        package let name: String
        package let modified: Date
    }

    /// The buckets, by name.
    package func buckets() throws(StorageError) -> [Bucket] {
        guard let data else { return [] }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: data.string) } catch {
            throw StorageError(.inputOutput, "the data folder \(data) cannot be listed")
        }
        return names.filter { ObjectURI.isBucketName($0[...]) }.sorted().compactMap { name in
            // What is removed meanwhile is no bucket any more.
            guard let folder = try? data.appending(name).stat(), folder.type == .directory else { return nil }
            return Bucket(name: name, modified: ObjectVersion(folder).date)
        }
    }

    package func hasBucket(_ name: String) -> Bool {
        guard let data, ObjectURI.isBucketName(name[...]) else { return false }
        return isInside(data.appending(name)) && data.appending(name).isFolder
    }

    /// - Throws: ``StorageError`` `.badURI` for what is no bucket name, `.exists`.
    package func createBucket(_ name: String) throws(StorageError) {
        guard ObjectURI.isBucketName(name[...]) else { throw StorageError(.badURI, "`\(name)` is no bucket name") }
        guard let data else { throw Self.noStore("s3://\(name)") }
        let folder = data.appending(name)
        do {
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: false)
        } catch {
            // Asked afterwards, as others may make it at the same moment.
            if folder.exists { throw StorageError(.exists, "the bucket \(name) exists already") }
            throw StorageError(.inputOutput, "the bucket \(name) cannot be made")
        }
    }

    /// A stretch of a bucket's keys, in the order of their UTF-8 bytes. Names that begin with a dot are not shown.
    ///
    /// - Parameters:
    ///   - prefix: What the keys begin with; it need not end at a slash.
    ///   - last: Keys up to this one are left out.
    /// - Throws: ``StorageError`` `.notFound` for a bucket that is not there.
    package func keys(bucket: String, prefix: String, after last: String?, limit: Int) throws(StorageError) -> [String] {
        guard let data, hasBucket(bucket) else { throw StorageError(.notFound, "there is no bucket \(bucket)") }
        var walk = try KeyWalk(bucket: data.appending(bucket), prefix: Array(prefix.utf8), last: last.map { Array($0.utf8) })
        var keys: [String] = []
        while keys.count < limit, let key = try walk.next() { keys.append(key) }
        return keys
    }
}

/// Goes through a bucket's folder in the order of keys, without entering what lies before or beside the keys that are wanted.
private struct KeyWalk {
    private let bucket: FilePath
    private let prefix: [UInt8]
    private let last: [UInt8]?
    /// What is still to be visited, the next one at the end. Folders end in a slash, and so sort where their keys do.
    private var pending: [String] = []

    init(bucket: FilePath, prefix: [UInt8], last: [UInt8]?) throws(StorageError) {
        (self.bucket, self.prefix, self.last) = (bucket, prefix, last)
        try enter("")
    }

    mutating func next() throws(StorageError) -> String? {
        while let name = pending.popLast() {
            guard name.hasSuffix("/") else { return name }
            try enter(name)
        }
        return nil
    }

    /// - Parameter folder: Empty or with a slash at its end.
    private mutating func enter(_ folder: String) throws(StorageError) {
        let path = folder.isEmpty ? bucket : bucket.appending(String(folder.dropLast()))
        let entries: [String]
        do { entries = try FileManager.default.contentsOfDirectory(atPath: path.string) } catch {
            throw StorageError(.inputOutput, "the folder \(path) cannot be listed")
        }
        var names: [String] = []
        for entry in entries where !entry.utf8.starts(with: [UInt8(ascii: ".")]) {
            let entryPath = path.appending(entry)
            if !entryPath.isFolder {
                let name = folder + entry
                if isWanted(Array(name.utf8)) { names.append(name) }
            } else if !entryPath.isLink {
                let name = "\(folder)\(entry)/"
                if mayHoldWanted(Array(name.utf8)) { names.append(name) }
            }
        }
        pending += names.sorted { $1.utf8.lexicographicallyPrecedes($0.utf8) }
    }

    private func isWanted(_ key: [UInt8]) -> Bool {
        key.starts(with: prefix) && last.map { $0.lexicographicallyPrecedes(key) } ?? true
    }

    private func mayHoldWanted(_ folder: [UInt8]) -> Bool {
        guard folder.starts(with: prefix) || prefix.starts(with: folder) else { return false }
        return last.map { $0.lexicographicallyPrecedes(folder) || $0.starts(with: folder) } ?? true
    }
}
