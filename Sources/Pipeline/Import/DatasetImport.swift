import Annotations
import Functions
import GroundTruth
package import Storage
package import TrainingData

/// Reads data sets of one format into span JSON Lines.
package struct DatasetImport: Sendable {
    package struct Summary: Sendable, Equatable {
        package var files = 0
        package var documents = 0
        package var entities = 0
        /// Documents with workers' answers and nothing that stands for them.
        package var unconsolidated = 0
        /// Documents by what their offsets were found to count, where that is not what the format documents.
        package var unexpectedUnits: [String: Int] = [:]
        package var problems = 0
    }

    /// A file or folder to read, and what messages call it.
    package struct Input: Sendable {
        let uri: ObjectURI
        let name: String
        package init(uri: ObjectURI, name: String) { (self.uri, self.name) = (uri, name) }
    }

    /// Files that Prelabel's exports write: not after a worker.
    private static let partNames: Set<String> = ["all", "train", "dev", "test", "valid", "validation"]

    private let store: any ObjectStore
    private let format: DataFormat
    private let options: ImportOptions

    package init(store: any ObjectStore, format: DataFormat, options: ImportOptions) {
        (self.store, self.format, self.options) = (store, format, options)
    }

    /// - Parameters:
    ///   - write: Takes a line of span JSON Lines with its LF.
    ///   - report: Takes what was not imported.
    /// - Throws: ``PlanError`` when a folder holds no data of the format, `StorageError` when an input is missing.
    package func run(
        _ inputs: [Input], write: ([UInt8]) throws -> Void, report: (ImportProblem) throws -> Void
    ) async throws -> Summary {
        var files = StoreFiles(store: store)
        let names = try await dataNames(of: inputs, in: &files)
        var options = options
        options.filesAreWorkers = names.count > 1 && names.allSatisfy { !Self.partNames.contains(Self.stem(of: $0)) }
        let importer = format.makeImporter(options)
        var summary = Summary()
        summary.files = names.count
        let joined = format.holds.contains(.workers) ? try JoinedDocuments() : nil
        for name in names {
            try await importer.read(name, from: files) { item in
                switch item {
                case .problem(let problem):
                    summary.problems += 1
                    try report(problem)
                case .document(let document):
                    if let unit = document.unexpectedUnit { summary.unexpectedUnits[unit, default: 0] += 1 }
                    if let joined {
                        try joined.add(document)
                    } else {
                        summary.note(document.entities?.count, answers: document.answers.count)
                        try write(document.line + [0x0A])
                    }
                }
            }
        }
        try joined?.forEach { line, entities, answers in
            summary.note(entities, answers: answers)
            try write(line + [0x0A])
        }
        return summary
    }

    /// The files to read, in the order of the inputs.
    private func dataNames(of inputs: [Input], in files: inout StoreFiles) async throws -> [String] {
        let importer = format.makeImporter(options)
        var names: [String] = []
        for input in inputs {
            switch try await store.listing(of: input.uri) {
            case .missing: throw StorageError(.notFound, "\(input.name): there is no such file or folder")
            case .object:
                files.add(input.uri, name: input.name)
                names.append(input.name)
            case .folder(let base, let found):
                let folder = input.name.hasSuffix("/") ? String(input.name.dropLast()) : input.name
                files.add(base, name: folder)
                let data = found.map { "\(folder)/\($0)" }.filter { importer.holdsData($0) }
                guard !data.isEmpty else { throw PlanError(message: "\(input.name) holds no file in the format \(format.name)") }
                names += data
            }
        }
        return names
    }

    private static func stem(of name: String) -> String {
        let base = name.split(separator: "/").last ?? ""
        return String(base[..<(base.lastIndex(of: ".") ?? base.endIndex)])
    }
}

extension DatasetImport.Summary {
    fileprivate mutating func note(_ entities: Int?, answers: Int) {
        documents += 1
        self.entities += entities ?? 0
        if entities == nil, answers > 0 { unconsolidated += 1 }
    }
}
