import GroundTruth

/// What is known of pages beside their image: one JSON value a page, by relative path or unique base name.
///
/// Read from CSV (RFC 4180; the first line names the columns, values are strings) or JSON Lines (values as they are). The column or
/// key `file` says which page a row is about and is not part of its metadata.
package struct PageMetadata: Sendable {
    /// The rows as they belong to the pages of a run.
    package struct Match: Sendable {
        fileprivate var byPath: [String: [UInt8]] = [:]
        /// Names in rows that are about none of the pages, or about several of one base name, in the file's order.
        package fileprivate(set) var unused: [String] = []

        package init() {}

        /// The metadata of the page with this relative path.
        package subscript(path: String) -> [UInt8]? { byPath[path] }
    }

    private let rows: [Row]

    /// - Parameter name: What the file is called in errors.
    /// - Throws: ``MetadataError`` that names the line.
    package init(parsing bytes: [UInt8], name: String) throws(MetadataError) {
        rows = name.lowercased().hasSuffix(".csv") ? try Self.csvRows(bytes, name: name) : try Self.jsonRows(bytes, name: name)
        var seen: Set<String> = []
        for row in rows where !seen.insert(row.file).inserted {
            throw MetadataError(message: "\(name):\(row.line): `\(row.file)` has a row already")
        }
    }

    /// Gives each row to the page with its path; a row without a folder else to the only page with its base name.
    ///
    /// - Parameter paths: Relative paths of pages; a document's path may be there once a page.
    package func matched(to paths: some Sequence<String>) -> Match {
        let pages = Set(paths)
        let byBaseName = Dictionary(grouping: pages) { String($0.split(separator: "/").last ?? "") }
        var match = Match()
        for row in rows where pages.contains(row.file) { match.byPath[row.file] = row.metadata }
        for row in rows where !pages.contains(row.file) {
            let candidates = row.file.utf8.contains(UInt8(ascii: "/")) ? [] : byBaseName[row.file] ?? []
            if candidates.count == 1, match.byPath[candidates[0]] == nil {
                match.byPath[candidates[0]] = row.metadata
            } else {
                match.unused.append(row.file)
            }
        }
        return match
    }

    private typealias Row = (line: Int, file: String, metadata: [UInt8])

    private static func jsonRows(_ bytes: [UInt8], name: String) throws(MetadataError) -> [Row] {
        var rows: [Row] = []
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
            let value: JSONValue
            do { value = try JSONScanner.parse(line) } catch {
                throw MetadataError(message: "\(name):\(index + 1): not JSON: \(error)")
            }
            guard let members = value.object, let file = value["file"]?.string else {
                throw MetadataError(
                    message: "\(name):\(index + 1): expected an object with a string `file`, found \(value.excerpt)")
            }
            let kept = members.filter { $0.key != "file" }.map(\.raw).joined(separator: [UInt8(ascii: ",")])
            rows.append((index + 1, file, [UInt8(ascii: "{")] + kept + [UInt8(ascii: "}")]))
        }
        return rows
    }

    private static func csvRows(_ bytes: [UInt8], name: String) throws(MetadataError) -> [Row] {
        let records: [CSVRecord]
        do { records = try CSVRecord.list(parsing: bytes) } catch { throw MetadataError(message: "\(name):\(error)") }
        guard let header = records.first?.fields, let fileColumn = header.firstIndex(of: "file") else {
            throw MetadataError(message: "\(name):1: the first line must name the columns, one of them `file`")
        }
        if let twice = header.first(where: { column in header.count { $0 == column } > 1 }) {
            throw MetadataError(message: "\(name):1: two columns are called `\(twice)`")
        }
        var rows: [Row] = []
        for record in records.dropFirst() {
            guard record.fields.count == header.count else {
                throw MetadataError(
                    message: "\(name):\(record.line): \(record.fields.count) fields, the header has \(header.count)")
            }
            var metadata: [String: JSONOutput] = [:]
            for (column, value) in zip(header, record.fields) where column != "file" { metadata[column] = .string(value) }
            rows.append((record.line, record.fields[fileColumn], JSONOutput.object(metadata).bytes))
        }
        return rows
    }
}

/// A metadata file that cannot be used; the message names its line.
package struct MetadataError: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String
    package init(message: String) { self.message = message }
    package var description: String { message }
}
