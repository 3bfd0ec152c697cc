import GroundTruth
import Storage
import TrainingData

/// The folder of an export: creates its files, and knows those of an earlier export that they replace.
final class ExportFolder {
    static let report = "export.json"
    /// A report with the names of a few files.
    private static let maximumReportBytes = 1 << 20

    private let store: any ObjectStore
    private let folder: ObjectURI
    private let format: String
    /// What lies in the folder, and of this the files that an earlier export of the same format wrote.
    private let present: Set<String>
    private let replaceable: Set<String>
    private var writers: [(name: String, writer: any ObjectWriter)] = []
    private var indexes: [String: Int] = [:]
    /// Whole files that are written already.
    private var whole: Set<String> = []
    private var isMarked = false

    /// - Throws: ``PlanError`` when the folder holds an export of another format.
    init(store: any ObjectStore, folder: ObjectURI, format: String) async throws {
        (self.store, self.folder, self.format) = (store, folder, format)
        guard case .folder(_, let names) = try await store.listing(of: folder) else {
            (present, replaceable) = ([], [])
            return
        }
        present = Set(names)
        guard present.contains(Self.report) else {
            replaceable = []
            return
        }
        let bytes = try await store.get(folder.appending(Self.report), atMost: Self.maximumReportBytes)
        let report = try? JSONScanner.parse(bytes)
        guard let earlier = report?["format"]?.string, let files = report?["files"]?.array?.compactMap(\.string) else {
            throw PlanError(message: "\(folder)/\(Self.report) is of no export; choose another folder")
        }
        guard earlier == format else {
            throw PlanError(message: "\(folder) holds an export in the format \(earlier); choose another folder for \(format)")
        }
        let folders = files.filter { $0.hasSuffix("/") }
        replaceable = present.filter { name in
            name == Self.report || files.contains(name) || folders.contains { name.hasPrefix($0) }
        }
    }

    /// - Throws: ``PlanError`` when there is a file that no earlier export wrote.
    func create(_ name: String) throws {
        guard indexes[name] == nil else { return }
        try checkOrigin(name)
        indexes[name] = writers.count
        writers.append((name, try store.writer(to: folder.appending(name))))
    }

    private func checkOrigin(_ name: String) throws {
        guard !present.contains(name) || replaceable.contains(name) else {
            throw PlanError(message: "\(folder) has a \(name) that is of no earlier export; choose another folder")
        }
    }

    /// - Throws: ``RecordError`` `duplicate-id` for a document whose file is there already.
    func check(_ pieces: [FilePiece]) throws(RecordError) {
        for piece in pieces where piece.isWhole && whole.contains(piece.name) {
            throw RecordError("duplicate-id", "\(piece.name) is another document's file already")
        }
    }

    func append(_ piece: FilePiece) async throws {
        guard piece.isWhole else {
            try create(piece.name)
            if let index = indexes[piece.name] { try writers[index].writer.append(piece.bytes) }
            return
        }
        try checkOrigin(piece.name)
        whole.insert(piece.name)
        // Files that appear before the end must be known as an export's if the end never comes.
        if !isMarked, piece.name.contains("/") {
            isMarked = true
            try await write([:])
        }
        try await store.put(piece.bytes, to: folder.appending(piece.name))
    }

    /// Makes all files appear, takes away what the earlier export had more, and writes the report.
    func commit(_ report: [String: JSONOutput]) async throws {
        for (_, writer) in writers { try await writer.commit() }
        let written = whole.union(indexes.keys)
        for name in replaceable.subtracting(written).subtracting([Self.report]).sorted() {
            try await store.delete(folder.appending(name))
        }
        try await write(report)
    }

    private func write(_ report: [String: JSONOutput]) async throws {
        var report = report
        let folders = Set(whole.compactMap { name in name.firstIndex(of: "/").map { String(name[...$0]) } })
        let files = Set(indexes.keys).union(whole.filter { !$0.contains("/") }).union(folders)
        report["files"] = .array(files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { .string($0) })
        report["format"] = .string(format)
        try await store.put(JSONOutput.object(report).bytes + [0x0A], to: folder.appending(Self.report))
    }
}
