package import Annotations
package import GroundTruth

/// Reads data sets of one format.
package protocol Importer: Sendable {
    /// Whether a file of a folder holds data, as against what lies beside it.
    func holdsData(_ name: String) -> Bool
    /// Hands over what a file holds, in order.
    ///
    /// - Parameter name: A file, with whatever folder it lies in.
    func read(_ name: String, from files: any ImportFiles, _ body: (ImportedItem) async throws -> Void) async throws
}

/// The files that an import may read, by name; what lies beside a file has the file's name with another end.
package protocol ImportFiles: Sendable {
    /// - Returns: `nil` when there is no such file.
    func contents(of name: String, atMost maximumBytes: Int) async throws -> [UInt8]?
    func hasFile(_ name: String) async throws -> Bool
    func read(_ name: String, piece: (ArraySlice<UInt8>) async throws -> Void) async throws
    /// The lines of a file, by number, kept where they take little memory; `nil` when there is no such file.
    func lines(of name: String) async throws -> (any NumberedLines)?
    /// The files below a folder, with its name before theirs, in the order of their bytes; none when there is no such folder.
    func names(below folder: String) async throws -> [String]
    /// The text of a manifest line's object.
    func text(of line: ManifestLine) async throws(RecordError) -> DocumentText
}

/// Lines that are read in any order.
package protocol NumberedLines {
    /// - Parameter index: From 0.
    func line(_ index: Int) throws -> [UInt8]?
}

/// A document, or what is wrong with one.
package enum ImportedItem: Sendable {
    case document(ImportedDocument)
    case problem(ImportProblem)
}

/// Something of a file that is not imported.
package struct ImportProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let file: String
    /// From 1; `nil` where the file has no lines.
    package let line: Int?
    package let code: String
    package let message: String

    package init(file: String, line: Int?, code: String, message: String) {
        (self.file, self.line, self.code, self.message) = (file, line, code, message)
    }

    init(_ error: RecordError, file: String, line: Int?) {
        self.init(file: file, line: line, code: error.code, message: error.message)
    }

    package var description: String { "\(file):\(line.map { "\($0):" } ?? "") \(code): \(message)" }
}

/// What an import is told beside its format.
package struct ImportOptions: Sendable {
    /// The unit of offsets, for files that do not keep to what their format documents.
    package var offsetUnit: OffsetUnit?
    /// The label attribute of a manifest; may be `nil` when its lines have only one.
    package var labelAttribute: String?
    /// Whether each file holds what the worker after whom it is named marked.
    package var filesAreWorkers: Bool

    package init(offsetUnit: OffsetUnit? = nil, labelAttribute: String? = nil, filesAreWorkers: Bool = false) {
        (self.offsetUnit, self.labelAttribute, self.filesAreWorkers) = (offsetUnit, labelAttribute, filesAreWorkers)
    }
}

/// The name of a file: what stands before its last dot, and after its last slash.
struct FileName {
    let folder: String
    let stem: String
    let fileExtension: String

    init(_ name: String) {
        let slash = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        let dot = name[slash...].lastIndex(of: ".") ?? name.endIndex
        folder = String(name[..<slash])
        stem = String(name[slash..<dot])
        fileExtension = String(name[dot...].dropFirst())
    }

    /// Another file beside this one.
    func beside(_ name: String) -> String { folder + name }

    /// Whether the file reports on data, or goes with other files.
    var isAccompanying: Bool {
        ["loss.jsonl", "export.json"].contains("\(stem).\(fileExtension)") || stem.hasSuffix(".tokens")
    }
}
