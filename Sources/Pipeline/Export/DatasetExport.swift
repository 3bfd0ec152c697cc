import Annotations
package import Storage
package import TrainingData

/// Writes a data set in one format: `all`, or `train`, `dev` and `test`, and `loss.jsonl` with whatever was left out or changed.
package struct DatasetExport: Sendable {
    package struct Summary: Sendable, Equatable {
        package var documents = 0
        package var entities = 0
        /// Lines of `loss.jsonl`.
        package var losses = 0
        /// Documents that should have been exported and could not be.
        package var failures = 0
        /// The data files with their number of documents, in order.
        package var files: [File] = []

        package struct File: Sendable, Equatable {
            package let name: String
            package var documents: Int
        }
    }

    private let store: any ObjectStore
    private let reader: DatasetReader
    private let exporter: any Exporter
    private let folder: ObjectURI
    private let split: DataSplit?
    private let seed: Int

    package init(
        store: any ObjectStore, reader: DatasetReader, exporter: any Exporter, folder: ObjectURI, split: DataSplit?, seed: Int
    ) {
        (self.store, self.reader, self.exporter, self.folder, self.split, self.seed) = (
            store, reader, exporter, folder, split, seed
        )
    }

    package func run() async throws -> Summary {
        var summary = Summary()
        let parts = try await parts()
        let names = split.map { Array(DataSplit.names.prefix($0.percents.count)) } ?? ["all"]
        summary.files = names.map { Summary.File(name: "\($0).\(exporter.fileExtension)", documents: 0) }
        let writers = try summary.files.map { try store.writer(to: folder.appending($0.name)) }
        var sidecars: [Int: any ObjectWriter] = [:]
        let losses = try store.writer(to: folder.appending("loss.jsonl"))
        func note(_ loss: Loss) throws {
            summary.losses += 1
            try losses.append(loss.line)
        }
        try await reader.forEachItem { item in
            switch item {
            case .left(let loss, let isFailure):
                summary.failures += isFailure ? 1 : 0
                try note(loss)
            case .document(let document):
                let part = parts[digest(document.text)] ?? 0
                let exported: Exported
                do throws(RecordError) {
                    exported = try exporter.export(document)
                } catch {
                    summary.failures += 1
                    return try note(Loss(id: document.id, code: error.code, message: error.message))
                }
                try writers[part].append(exported.bytes)
                if let sidecar = exported.sidecar {
                    let writer = try sidecars[part] ?? store.writer(to: folder.appending("\(names[part]).tokens.jsonl"))
                    sidecars[part] = writer
                    try writer.append(sidecar)
                }
                for loss in exported.losses { try note(loss) }
                summary.documents += 1
                summary.entities += document.entities.count
                summary.files[part].documents += 1
            }
        }
        for writer in writers + [losses] + sidecars.sorted(by: { $0.key < $1.key }).map(\.value) { try await writer.commit() }
        return summary
    }

    /// The part of each text, by its digest; empty without a split.
    private func parts() async throws -> [String: Int] {
        guard let split else { return [:] }
        var digests: Set<String> = []
        try await reader.forEachItem { item in
            if case .document(let document) = item { digests.insert(digest(document.text)) }
        }
        return split.assign(digests)
    }

    private func digest(_ text: DocumentText) -> String { sha256Hex(Array("\(seed)\n".utf8) + text.bytes) }
}

extension ExportFormat {
    /// - Parameter attribute: The label attribute to write, for formats that name it.
    package func exporter(attribute: String) -> any Exporter {
        switch self {
        case .groundTruth: GroundTruthExporter(attribute: attribute)
        case .spacyJSONL: SpacyOffsetsExporter()
        case .conll: CoNLLExporter(sha256: sha256Hex)
        }
    }
}
