import FoundationEssentials
package import SystemPackage

/// Objects in a folder: `s3://BUCKET/KEY` is `DATA/BUCKET/KEY`, and files are themselves.
///
/// No name leads out of the folder: keys with dot segments are refused, and so is a link whose target lies outside.
package struct FolderStore: ObjectStore {
    /// Where buckets live; `nil` when only files are read and written.
    let data: FilePath?
    private let keyHandling: KeyHandling
    /// Where objects in the making wait; not a bucket, since bucket names start with a letter or digit.
    private static let privateFolder = ".prelabel"

    /// Where files wait for their names; its lock is that of all writers.
    private static func temporaryFolder(in data: FilePath) -> FilePath { data.appending(privateFolder).appending("writing") }

    /// - Parameters:
    ///   - data: An existing folder; its links are resolved once, here.
    ///   - keyHandling: What becomes of KMS keys that writers name.
    /// - Throws: ``StorageError`` `.notFound` when it is missing.
    package init(data: FilePath?, keyHandling: KeyHandling = .refused) throws(StorageError) {
        self.keyHandling = keyHandling
        guard let data else {
            self.data = nil
            return
        }
        guard let resolved = data.resolvingLinks() else {
            throw StorageError(.notFound, "the data folder \(data) does not exist; create it first")
        }
        guard resolved.isFolder else { throw StorageError(.notFound, "the data folder \(data) is a file; name a folder") }
        self.data = resolved
    }

    /// `nil` where there are files only.
    var notes: ObjectNotes? { data.map { ObjectNotes(folder: $0.appending(Self.privateFolder).appending("objects")) } }

    package func acting(as roleARN: String) -> any ObjectStore { self }

    /// Whether the data folder is still there.
    package var isReachable: Bool { data?.isFolder ?? true }

    // MARK: Reading

    package func read(
        _ uri: ObjectURI, range: Range<Int>?, piece: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        let path = try existingPath(of: uri)
        guard !path.isFolder else { throw StorageError(.notFound, "\(uri) is a folder") }
        let file = try naming(uri) { try FileDescriptor.open(path, .readOnly, options: .closeOnExec) }
        defer { try? file.close() }
        // Pipes can be read from their start only.
        if let start = range?.lowerBound, start > 0 { try naming(uri) { _ = try file.seek(offset: Int64(start), from: .start) } }
        var remaining = range?.count ?? .max
        while remaining > 0 {
            let bytes = try naming(uri) { try file.read(upTo: min(1 << 18, remaining)) }
            guard !bytes.isEmpty else { return }
            remaining -= bytes.count
            try await piece(bytes[...])
        }
    }

    /// The content type is what the writer said, else that of the name's ending.
    package func info(of uri: ObjectURI) async throws(StorageError) -> ObjectInfo {
        let details = try details(of: uri)
        return ObjectInfo(size: details.size, contentType: details.contentType)
    }

    func version(of uri: ObjectURI) throws(StorageError) -> (version: ObjectVersion, size: Int) {
        let path = try existingPath(of: uri)
        guard !path.isFolder else { throw StorageError(.notFound, "\(uri) is a folder") }
        let stat = try naming(uri) { try path.stat() }
        return (ObjectVersion(stat), Int(stat.size))
    }

    // MARK: Writing

    package func writer(to uri: ObjectURI, options: WriteOptions) throws(StorageError) -> any ObjectWriter {
        try fileWriter(to: uri, options: options)
    }

    /// As ``writer(to:options:)``; the writer knows the object's ETag once it is committed.
    package func fileWriter(to uri: ObjectURI, options: WriteOptions) throws(StorageError) -> FileWriter {
        let wish =
            options.kmsKeyID.map { _ in " with a KMS key" } ?? (options.usesStoreKey ? " with the store's own key (AES256)" : nil)
        if let wish, keyHandling == .refused || self.data == nil {
            throw StorageError(.unsupported, "\(uri) cannot be encrypted\(wish): it lies in a folder")
        }
        let path = try path(of: uri)
        let folder = path.removingLastComponent()
        guard case .s3 = uri, let data else {
            guard !path.isFolder else { throw StorageError(.inputOutput, "\(path) is a folder; name a file in it") }
            try createFolder(folder, for: uri)
            return try FileWriter(path: path, temporaryFolder: folder, name: "\(uri)", onlyIfAbsent: options.onlyIfAbsent)
        }
        guard !path.isFolder else {
            throw StorageError(.badURI, "\(uri) is the prefix of other keys, which a data folder cannot hold")
        }
        // Before a folder is made as well: it would be made where a link leads.
        var existing = folder
        while !existing.exists { existing.removeLastComponent() }
        guard isInside(existing) else { throw Self.leavesFolder(uri) }
        guard existing.isFolder else {
            throw StorageError(.blocked, "\(uri): a part of the key is an object, below which a data folder cannot hold others")
        }
        try createFolder(folder, for: uri)
        guard isInside(folder) else { throw Self.leavesFolder(uri) }
        let temporaryFolder = Self.temporaryFolder(in: data)
        try createFolder(temporaryFolder, for: uri)
        let writer = try FileWriter(
            path: path, temporaryFolder: temporaryFolder, name: "\(uri)", onlyIfAbsent: options.onlyIfAbsent)
        guard let notes, case .s3(let bucket, let key) = uri else { return writer }
        let note = note(uri, options).flatMap { $0.isEmpty ? nil : $0 }
        writer.companion = FileWriter.Companion(
            turns: temporaryFolder,
            prepare: { version throws(StorageError) in
                guard let note else { return }
                try notes.write(note, on: version, bucket: bucket, temporaryFolder: temporaryFolder)
            },
            tidy: { version in notes.removeOthers(than: note == nil ? nil : version, bucket: bucket, key: key) })
        return writer
    }

    package func delete(_ uri: ObjectURI) async throws(StorageError) -> Bool {
        let turn: FileDescriptor? = if case .s3 = uri, let data { Self.temporaryFolder(in: data).lockedForWriters() } else { nil }
        defer { try? turn?.close() }
        let path: FilePath
        do {
            path = try existingPath(of: uri)
        } catch {
            if error.code == .notFound { return false }
            throw error
        }
        guard !path.isFolder else { return false }
        return try naming(uri) {
            try FileManager.default.removeItem(atPath: path.string)
            if case .s3(let bucket, let key) = uri { notes?.removeOthers(than: nil, bucket: bucket, key: key) }
            return true
        }
    }

    private func createFolder(_ folder: FilePath, for uri: ObjectURI) throws(StorageError) {
        do {
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        } catch {
            throw StorageError(
                .inputOutput, "\(uri) cannot be written: the folder \(folder) cannot be made (a part of its name may be an object)")
        }
    }

    // MARK: Listing

    package func listing(of uri: ObjectURI) async throws(StorageError) -> ObjectListing {
        switch uri {
        case .file(let path):
            guard path.exists else { return .missing }
            guard path.isFolder else { return .object }
            return .folder(base: uri, names: try Self.names(below: path).sortedByBytes())
        case .s3(let bucket, let key):
            return try listing(bucket: bucket, key: key)
        }
    }

    private func listing(bucket: String, key: String) throws(StorageError) -> ObjectListing {
        guard let data else { throw Self.noStore("s3://\(bucket)/\(key)") }
        let bucketFolder = data.appending(bucket)
        let isFolderKey = key.isEmpty || key.hasSuffix("/")
        let trimmed = isFolderKey ? String(key.dropLast()) : key
        if !trimmed.isEmpty { try Self.checkKey(trimmed, of: bucket) }
        guard bucketFolder.isFolder else { return .missing }
        let path = trimmed.isEmpty ? bucketFolder : bucketFolder.appending(trimmed)
        if path.isFolder {
            guard isInside(path) else { throw Self.leavesFolder(.s3(bucket: bucket, key: key)) }
            let names = try Self.names(below: path).sortedByBytes()
            return names.isEmpty ? .missing : .folder(base: .s3(bucket: bucket, key: trimmed), names: names)
        }
        if !isFolderKey, path.exists { return .object }
        // A prefix need not end at a slash: `scans/2024-` stands for everything that begins so.
        let parent = String(trimmed[..<(trimmed.lastIndex(of: "/") ?? trimmed.startIndex)])
        let parentFolder = parent.isEmpty ? bucketFolder : bucketFolder.appending(parent)
        let start = parent.isEmpty ? trimmed : String(trimmed.dropFirst(parent.count + 1))
        guard !isFolderKey, parentFolder.isFolder else { return .missing }
        guard isInside(parentFolder) else { throw Self.leavesFolder(.s3(bucket: bucket, key: key)) }
        let names = try Self.names(below: parentFolder).filter { $0.hasPrefix(start) }.sortedByBytes()
        return names.isEmpty ? .missing : .folder(base: .s3(bucket: bucket, key: parent), names: names)
    }

    /// Relative names of the files below a folder, without entries that start with a dot. Links to folders are not followed.
    private static func names(below folder: FilePath) throws(StorageError) -> [String] {
        var names: [String] = []
        var pending = [""]
        while let relative = pending.popLast() {
            let path = relative.isEmpty ? folder : folder.appending(relative)
            let entries: [String]
            do {
                entries = try FileManager.default.contentsOfDirectory(atPath: path.string)
            } catch {
                throw StorageError(.inputOutput, "the folder \(path) cannot be listed")
            }
            for entry in entries where !entry.hasPrefix(".") {
                let name = relative.isEmpty ? entry : "\(relative)/\(entry)"
                let entryPath = path.appending(entry)
                if !entryPath.isFolder { names.append(name) } else if !entryPath.isLink { pending.append(name) }
            }
        }
        return names
    }

    // MARK: Paths

    /// The path of an object that is to be read, checked to lie inside the data folder after all links.
    private func existingPath(of uri: ObjectURI) throws(StorageError) -> FilePath {
        let path = try path(of: uri)
        guard let resolved = path.resolvingLinks() else { throw StorageError(.notFound, "\(uri) does not exist") }
        if case .s3 = uri, let data, !resolved.starts(with: data) { throw Self.leavesFolder(uri) }
        return resolved
    }

    /// Whether an existing path lies in the data folder after all links.
    func isInside(_ path: FilePath) -> Bool {
        guard let data, let resolved = path.resolvingLinks() else { return false }
        return resolved.starts(with: data)
    }

    private func path(of uri: ObjectURI) throws(StorageError) -> FilePath {
        switch uri {
        case .file(let path): return path
        case .s3(let bucket, let key):
            guard let data else { throw Self.noStore("\(uri)") }
            try Self.checkKey(key, of: bucket)
            return data.appending(bucket).appending(key)
        }
    }

    /// Refuses keys that a folder cannot hold as files.
    private static func checkKey(_ key: String, of bucket: String) throws(StorageError) {
        let uri = "s3://\(bucket)/\(key)"
        // By bytes: a slash with a combining mark after it is one `Character`, and no slash.
        for segment in key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map({ Substring($0) }) {
            let problem: String? =
                switch segment {
                case "": "an empty segment (no key, `//`, or a slash at the end)"
                case ".", "..": "the segment `\(segment)`"
                case _ where segment.utf8.count > 255: "a segment of \(segment.utf8.count) bytes (a folder takes 255)"
                case _ where segment.utf8.contains(0): "a zero byte"
                default: nil
                }
            if let problem { throw StorageError(.badURI, "\(uri): a data folder cannot hold a key with \(problem)") }
        }
    }

    private static func leavesFolder(_ uri: ObjectURI) -> StorageError {
        StorageError(.notAllowed, "\(uri) is a link out of the data folder")
    }

    static func noStore(_ uri: String) -> StorageError {
        StorageError(.noStore, "\(uri): say where s3:// objects live with --data DIR (or PRELABEL_DATA)")
    }

    private func naming<Result>(_ uri: ObjectURI, _ body: () throws -> Result) throws(StorageError) -> Result {
        do {
            return try body()
        } catch Errno.noSuchFileOrDirectory {
            throw StorageError(.notFound, "\(uri) does not exist")
        } catch {
            throw StorageError(.inputOutput, "\(uri): \(error)")
        }
    }
}

extension [String] {
    fileprivate func sortedByBytes() -> [String] { sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
}
