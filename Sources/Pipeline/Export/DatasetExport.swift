import Annotations
import GroundTruth
package import Storage
package import TrainingData

/// Writes a data set in one format: `all`, or `train`, `dev` and `test`; `loss.jsonl` with whatever was left out or changed; and
/// `export.json`, which says what the export is and which files belong to it.
///
/// A folder holds one export. The same format may be exported into it again, which replaces all of the earlier files; another
/// format, or files of other origin under the names that are needed, are refused before anything is written.
package struct DatasetExport: Sendable {
    package struct Summary: Sendable, Equatable {
        package var documents = 0
        package var entities = 0
        /// Lines of `loss.jsonl`.
        package var losses = 0
        /// Documents that should have been exported and could not be.
        package var failures = 0
        package var parts: [Part] = []

        package struct Part: Sendable, Equatable {
            /// The data file, or the folder of the data files.
            package let name: String
            package var documents = 0
            /// How many spans have each label.
            package var labels: [String: Int] = [:]
        }
    }

    private let store: any ObjectStore
    private let reader: DatasetReader
    private let format: DataFormat
    private let options: ExportOptions
    private let folder: ObjectURI
    private let split: DataSplit?
    private let seed: Int

    package init(
        store: any ObjectStore, reader: DatasetReader, format: DataFormat, options: ExportOptions, folder: ObjectURI,
        split: DataSplit?, seed: Int
    ) {
        (self.store, self.reader, self.format, self.options) = (store, reader, format, options)
        (self.folder, self.split, self.seed) = (folder, split, seed)
    }

    /// - Throws: ``PlanError`` when the folder holds something else.
    package func run() async throws -> Summary {
        let parts = try await assignment()
        let names = split.map { Array(DataSplit.names.prefix($0.percents.count)) } ?? ["all"]
        var summary = Summary()
        summary.parts = names.map { Summary.Part(name: format.dataName(part: $0)) }
        var exporter = format.makeExporter(options)
        let files = try await ExportFolder(store: store, folder: folder, format: format.name)
        try files.create("loss.jsonl")
        func note(_ loss: Loss) async throws {
            summary.losses += 1
            try await files.append(FilePiece("loss.jsonl", loss.line))
        }
        for name in names { for piece in exporter.begin(part: name) { try await files.append(piece) } }
        var index = 0
        try await reader.forEachItem { item in
            switch item {
            case .left(let loss, let isFailure):
                summary.failures += isFailure ? 1 : 0
                try await note(loss)
            case .document(let document):
                let part = parts.isEmpty ? 0 : Int(parts[index])
                index += 1
                let exported: Exported
                do throws(RecordError) {
                    exported = try exporter.export(document, part: names[part])
                    try files.check(exported.pieces)
                } catch {
                    summary.failures += 1
                    return try await note(Loss(id: document.id, code: error.code, message: error.message))
                }
                for piece in exported.pieces { try await files.append(piece) }
                for loss in exported.losses { try await note(loss) }
                summary.documents += 1
                summary.entities += document.entities.count
                summary.parts[part].documents += 1
                for entity in document.entities { summary.parts[part].labels[entity.span.label.name, default: 0] += 1 }
            }
        }
        let end = exporter.finish()
        for piece in end.pieces { try await files.append(piece) }
        for loss in end.losses { try await note(loss) }
        try await files.commit(report(summary))
        return summary
    }

    /// The part of each document, in the order of the input; empty without a split.
    private func assignment() async throws -> [UInt8] {
        guard let split else { return [] }
        var copies = NearDuplicates()
        try await reader.forEachItem { item in
            if case .document(let document) = item { copies.add(document.text, seed: seed) }
        }
        return split.assign(copies.groups())
    }

    private func report(_ summary: Summary) -> [String: JSONOutput] {
        var report: [String: JSONOutput] = [
            "documents": .int(summary.documents), "entities": .int(summary.entities), "failures": .int(summary.failures),
            "losses": .int(summary.losses),
            "parts": .array(
                summary.parts.map { part in
                    [
                        "documents": .int(part.documents), "labels": .object(part.labels.mapValues { .int($0) }),
                        "name": .string(part.name),
                    ]
                }),
        ]
        if format.name == "conll" { report["scheme"] = .string(options.scheme.rawValue) }
        if format.name == "ground-truth" { report["label-attribute"] = .string(options.attribute) }
        if let split {
            report["seed"] = .int(seed)
            report["split"] = .array(split.percents.map { .int($0) })
        }
        return report
    }
}
