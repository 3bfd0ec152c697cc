import GroundTruth

/// What is known of pages beside their image: one JSON value a page, by relative path or unique base name.
///
/// Read from CSV (RFC 4180; the first line names the columns, values are strings) or JSON Lines (values as they are). The column or
/// key `file` says which page a row is about and is not part of its metadata.
package struct PageMetadata: Sendable {
    private var byPath: [String: [UInt8]] = [:]
    private var byBaseName: [String: [UInt8]] = [:]

    package init() {}

    /// - Parameter name: What the file is called in errors.
    /// - Throws: ``MetadataError`` that names the line.
    package init(parsing bytes: [UInt8], name: String) throws(MetadataError) {
        let rows = name.lowercased().hasSuffix(".csv") ? try Self.csvRows(bytes, name: name) : try Self.jsonRows(bytes, name: name)
        var ambiguous: Set<String> = []
        for (line, file, metadata) in rows {
            guard byPath.updateValue(metadata, forKey: file) == nil else {
                throw MetadataError(message: "\(name):\(line): `\(file)` has a row already")
            }
            let baseName = String(file.split(separator: "/").last ?? "")
            if byBaseName.updateValue(metadata, forKey: baseName) != nil { ambiguous.insert(baseName) }
        }
        for baseName in ambiguous { byBaseName[baseName] = nil }
    }

    /// The metadata of the page with this relative path.
    package subscript(path: String) -> [UInt8]? {
        byPath[path] ?? byBaseName[String(path.split(separator: "/").last ?? "")]
    }

    /// Rows that are about none of the pages, sorted.
    package func unused(by paths: [String]) -> [String] {
        let baseNames = Set(paths.map { String($0.split(separator: "/").last ?? "") })
        let all = Set(paths)
        return byPath.keys.filter { !all.contains($0) && !baseNames.contains(String($0.split(separator: "/").last ?? "")) }.sorted()
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
