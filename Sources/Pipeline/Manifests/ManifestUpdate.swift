import Functions
import GroundTruth
import Storage

/// Brings a manifest up to date with the pages of a run, in memory that grows with the number of pages and not with the manifest.
///
/// Lines of other pages stay byte for byte. A line of this run takes the place of the page's earlier one and keeps its foreign
/// keys; new pages follow in input order. The new manifest is renamed into place at the end.
struct ManifestUpdate {
    /// What `ocr` writes anew; an earlier line's other keys are kept.
    private static let ownKeys: Set<String> = ["text-file-s3-uri", "text-file-s3-uri-metadata", "source-document", "page"]

    let store: any ObjectStore
    let manifest: ObjectURI

    /// - Parameters:
    ///   - references: The `source-ref` of each page.
    ///   - lines: Each page's line, under its index; a page without one is not in this run.
    ///   - writer: Writes the manifest.
    func run(_ references: [ObjectURI], lines: LineSpool, writer: any ObjectWriter) async throws {
        let indexes = Dictionary(references.enumerated().map { ("\($1)", $0) }, uniquingKeysWith: { first, _ in first })
        var written: Set<Int> = []
        do {
            try await store.forEachLine(of: manifest) { line in
                try writer.append(try updated(line, indexes: indexes, written: &written, lines: lines))
                try writer.append([0x0A])
            }
        } catch let error as StorageError where error.code == .notFound {
            // The first run: there is no manifest yet.
        }
        for (index, reference) in references.enumerated() where indexes["\(reference)"] == index && !written.contains(index) {
            guard let line = try lines.line(at: index) else { continue }
            try writer.append(line)
            try writer.append([0x0A])
        }
        try await writer.commit()
    }

    private func updated(_ line: LineSplitter.Line, indexes: [String: Int], written: inout Set<Int>, lines: LineSpool) throws
        -> [UInt8]
    {
        guard !line.isTooLong else {
            throw PlanError(message: "line \(line.number) of \(manifest) has more than \(LineSplitter.maximumLineBytes) bytes")
        }
        guard let earlier = try? ManifestLine(parsing: line.bytes), let reference = earlier.string("source-ref"),
            let index = indexes[reference], let new = try lines.line(at: index)
        else { return line.bytes }
        written.insert(index)
        let newLine = try ManifestLine(parsing: new)
        let members = newLine.members.filter { $0.key != "source-ref" }.map { ($0.key, JSONOutput.raw($0.value)) }
        return earlier.setting(Dictionary(members, uniquingKeysWith: { $1 }), removing: Self.ownKeys)
    }
}
