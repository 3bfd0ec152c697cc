import Annotations
import Functions
import GroundTruth
import Storage
import TrainingData

/// The files of an import: what was typed, and what lies below or beside it.
struct StoreFiles: ImportFiles {
    private let store: any ObjectStore
    private let texts: ManifestTexts
    /// Names of inputs with what they stand for.
    private var inputs: [(name: String, uri: ObjectURI)] = []

    init(store: any ObjectStore) {
        self.store = store
        texts = ManifestTexts(store: store)
    }

    mutating func add(_ uri: ObjectURI, name: String) { inputs.append((name, uri)) }

    /// What a name stands for that lies below an input or a folder above it; a labeling job's answers lie three folders up from its
    /// output manifest.
    private func uri(of name: String) -> ObjectURI? {
        for input in inputs where name == input.name { return input.uri }
        for input in inputs {
            var (folder, uri) = (Substring(input.name), Optional(input.uri))
            for _ in 0...4 {
                guard let base = uri else { break }
                let prefix = folder.isEmpty ? "" : "\(folder)/"
                if name.hasPrefix(prefix), let relative = Self.relative(name.dropFirst(prefix.count)) {
                    return base.appending(relative)
                }
                guard !folder.isEmpty else { break }
                folder = folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)]
                uri = base.parent
            }
        }
        return nil
    }

    /// A name from a file must not lead out of its folder.
    private static func relative(_ name: Substring) -> String? {
        let segments = name.split(separator: "/", omittingEmptySubsequences: false)
        return segments.contains { ["", ".", ".."].contains($0) } ? nil : String(name)
    }

    func contents(of name: String, atMost maximumBytes: Int) async throws -> [UInt8]? {
        guard let uri = uri(of: name) else { return nil }
        do throws(StorageError) {
            return try await store.get(uri, atMost: maximumBytes)
        } catch {
            guard error.code == .notFound || error.code == .badURI else { throw error }
            return nil
        }
    }

    func hasFile(_ name: String) async throws -> Bool {
        guard let uri = uri(of: name) else { return false }
        return try await store.listing(of: uri) == .object
    }

    func read(_ name: String, piece: (ArraySlice<UInt8>) async throws -> Void) async throws {
        guard let uri = uri(of: name) else { throw StorageError(.notFound, "\(name): there is no such file") }
        try await store.read(uri, piece: piece)
    }

    private struct Lines: NumberedLines {
        let spool: LineSpool
        func line(_ index: Int) throws -> [UInt8]? { try spool.line(at: index) }
    }

    func lines(of name: String) async throws -> (any NumberedLines)? {
        guard try await hasFile(name), let uri = uri(of: name) else { return nil }
        let spool = try LineSpool()
        try await store.forEachLine(of: uri) { try spool.keep($0.bytes, at: $0.number - 1) }
        return Lines(spool: spool)
    }

    func names(below folder: String) async throws -> [String] {
        guard let uri = uri(of: folder), case .folder(_, let names) = try await store.listing(of: uri) else { return [] }
        return names.map { "\(folder)/\($0)" }
    }

    func text(of line: ManifestLine) async throws(RecordError) -> DocumentText { try await texts.text(of: line) }
}
