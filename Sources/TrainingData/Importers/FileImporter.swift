import Annotations
import GroundTruth

/// A format that is read a file at a time.
struct FileImporter: Importer {
    /// More bytes than these are not one document, or one bin.
    static let maximumBytes = 1 << 30

    let fileExtension: String
    /// - Parameters: The file's bytes, its name, and what may lie beside it.
    let documents: @Sendable ([UInt8], FileName, any ImportFiles) async throws -> [ImportedDocument]

    func holdsData(_ name: String) -> Bool {
        let file = FileName(name)
        return file.fileExtension == fileExtension && !file.isAccompanying
    }

    func read(_ name: String, from files: any ImportFiles, _ body: (ImportedItem) async throws -> Void) async throws {
        guard let bytes = try await files.contents(of: name, atMost: Self.maximumBytes) else {
            return try await body(
                .problem(ImportProblem(file: name, line: nil, code: "no-file", message: "there is no such file")))
        }
        let documents: [ImportedDocument]
        do {
            documents = try await self.documents(bytes, FileName(name), files)
        } catch let error as RecordError {
            return try await body(.problem(ImportProblem(error, file: name, line: nil)))
        } catch let problem as ImportProblem {
            return try await body(.problem(problem))
        }
        for document in documents { try await body(.document(document)) }
    }
}

extension DocumentText {
    /// A file's text.
    init(file bytes: [UInt8]) throws(RecordError) {
        do throws(TextError) { try self.init(utf8: bytes) } catch { throw RecordError("not-utf8", error.message) }
    }
}
