/// A format of labeled texts: the one table from which exports, imports and their documentation are made.
package struct DataFormat: Sendable {
    /// What a format can represent of a document and its spans.
    package struct Holds: OptionSet, Sendable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Spans that overlap or nest.
        package static let overlaps = Self(rawValue: 1)
        /// One stretch with several labels.
        package static let severalLabels = Self(rawValue: 2)
        /// Spans that start or end inside a token.
        package static let partsOfTokens = Self(rawValue: 4)
        /// Spans with white space at an edge.
        package static let edgeSpace = Self(rawValue: 8)
        /// The text byte for byte, with line ends and runs of white space.
        package static let exactText = Self(rawValue: 16)
        package static let ids = Self(rawValue: 32)
        package static let confidences = Self(rawValue: 64)
        /// Labels of any characters.
        package static let anyLabel = Self(rawValue: 128)
        /// What several workers marked, on import.
        package static let workers = Self(rawValue: 256)
    }

    /// As the command line has it.
    package let name: String
    /// Of the data files, `train.EXT`.
    package let fileExtension: String
    /// Whether each document has a file of its own, in the folder `train`.
    package var isFolder = false
    /// What offsets count in the files.
    package let unit: OffsetUnit
    package let holds: Holds
    package let makeExporter: @Sendable (ExportOptions) -> any Exporter
    package let makeImporter: @Sendable (ImportOptions) -> any Importer

    package static let all: [DataFormat] = [
        DataFormat(
            name: "ground-truth", fileExtension: "manifest", unit: .utf16,
            holds: [
                .overlaps, .severalLabels, .partsOfTokens, .edgeSpace, .exactText, .ids, .confidences, .anyLabel, .workers,
            ],
            makeExporter: { options in
                RecordExporter("manifest") { document throws(RecordError) in
                    try GroundTruthRecords(attribute: options.attribute).record(document)
                }
            },
            makeImporter: { GroundTruthImporter(options: $0) }),
        DataFormat(
            name: "comprehend", fileExtension: "csv", unit: .codePoints, holds: [.partsOfTokens],
            makeExporter: { _ in ComprehendExporter() },
            makeImporter: { ComprehendImporter(unit: $0.offsetUnit) }),
        DataFormat(
            name: "spacy-jsonl", fileExtension: "jsonl", unit: .codePoints, holds: [.partsOfTokens, .exactText, .ids, .anyLabel],
            makeExporter: { _ in RecordExporter("jsonl") { SpacyOffsetRecords.record($0) } },
            makeImporter: {
                RecordImporter(fileExtensions: ["jsonl", "json"], outcome: SpacyOffsetImport(unit: $0.offsetUnit).outcome)
            }),
        DataFormat(
            name: "spacy", fileExtension: "spacy", unit: .tokens,
            holds: [.overlaps, .severalLabels, .exactText, .ids, .anyLabel],
            makeExporter: { _ in DocBinExporter() },
            makeImporter: { _ in FileImporter(fileExtension: "spacy") { bytes, _, _ in try DocBinReader(bytes).documents() } }),
        DataFormat(
            name: "conll", fileExtension: "conll", unit: .tokens, holds: [.exactText, .ids],
            makeExporter: { CoNLLExporter(scheme: $0.scheme) },
            makeImporter: { _ in CoNLLImporter() }),
        DataFormat(
            name: "hf", fileExtension: "jsonl", unit: .tokens, holds: [.exactText, .ids, .anyLabel],
            makeExporter: { _ in HuggingFaceExporter() },
            makeImporter: { _ in
                RecordImporter(fileExtensions: ["jsonl", "json"], companion: .card) { row, context throws(RecordError) in
                    try HuggingFaceImport.outcome(row, context)
                }
            }),
        DataFormat(
            name: "gliner", fileExtension: "json", unit: .tokens,
            holds: [.overlaps, .severalLabels, .exactText, .ids, .anyLabel],
            makeExporter: { _ in RecordExporter("json", framing: .array) { GLiNERRecords.record($0) } },
            makeImporter: { _ in
                RecordImporter(fileExtensions: ["json", "jsonl"], companion: .tokens) { row, context throws(RecordError) in
                    try GLiNERImport.outcome(row, context)
                }
            }),
        DataFormat(
            name: "prodigy", fileExtension: "jsonl", unit: .codePoints,
            holds: [.overlaps, .severalLabels, .exactText, .ids, .anyLabel, .workers],
            makeExporter: { _ in RecordExporter("jsonl") { ProdigyRecords.record($0) } },
            makeImporter: {
                RecordImporter(fileExtensions: ["jsonl", "json"], outcome: ProdigyImport(unit: $0.offsetUnit).outcome)
            }),
        DataFormat(
            name: "label-studio", fileExtension: "json", unit: .codePoints,
            holds: [
                .overlaps, .severalLabels, .partsOfTokens, .edgeSpace, .exactText, .ids, .confidences, .anyLabel, .workers,
            ],
            makeExporter: { _ in LabelStudioExporter() },
            makeImporter: {
                RecordImporter(fileExtensions: ["json", "jsonl"], outcome: LabelStudioImport(unit: $0.offsetUnit).outcome)
            }),
        DataFormat(
            name: "doccano", fileExtension: "jsonl", unit: .codePoints,
            holds: [.overlaps, .severalLabels, .partsOfTokens, .edgeSpace, .exactText, .ids, .anyLabel, .workers],
            makeExporter: { _ in RecordExporter("jsonl") { DoccanoRecords.record($0) } },
            makeImporter: { RecordImporter(fileExtensions: ["jsonl", "json"], outcome: DoccanoImport(options: $0).outcome) }),
        DataFormat(
            name: "argilla", fileExtension: "jsonl", unit: .codePoints,
            holds: [
                .overlaps, .severalLabels, .partsOfTokens, .edgeSpace, .exactText, .ids, .confidences, .anyLabel, .workers,
            ],
            makeExporter: { _ in RecordExporter("jsonl") { ArgillaRecords.record($0) } },
            makeImporter: {
                RecordImporter(fileExtensions: ["jsonl", "json"], outcome: ArgillaImport(unit: $0.offsetUnit).outcome)
            }),
        DataFormat(
            name: "brat", fileExtension: "ann", isFolder: true, unit: .codePoints,
            holds: [.overlaps, .severalLabels, .partsOfTokens, .ids],
            makeExporter: { _ in BratExporter() },
            makeImporter: { FileImporter(fileExtension: "ann", documents: BratImport(unit: $0.offsetUnit).documents) }),
        DataFormat(
            name: "webanno-tsv", fileExtension: "tsv", isFolder: true, unit: .utf16,
            holds: [.overlaps, .severalLabels, .partsOfTokens, .ids, .anyLabel],
            makeExporter: { _ in WebAnnoExporter() },
            makeImporter: { FileImporter(fileExtension: "tsv", documents: WebAnnoImport(unit: $0.offsetUnit).documents) }),
        DataFormat(
            name: "w3c", fileExtension: "jsonld", isFolder: true, unit: .codePoints,
            holds: [.overlaps, .severalLabels, .partsOfTokens, .edgeSpace, .exactText, .ids, .anyLabel],
            makeExporter: { _ in WebAnnotationExporter() },
            makeImporter: { FileImporter(fileExtension: "jsonld", documents: WebAnnotationImport(unit: $0.offsetUnit).documents) }),
    ]
}

extension DataFormat {
    /// The data file of a part, or the folder of its files.
    package func dataName(part: String) -> String { isFolder ? "\(part)/" : "\(part).\(fileExtension)" }

    /// - Returns: `nil` for a name that is not in the table.
    package init?(named name: String) {
        guard let format = Self.all.first(where: { $0.name == name }) else { return nil }
        self = format
    }
}
