import GroundTruth

/// A format of one JSON value a document: a line each, or the elements of one array.
struct RecordExporter: Exporter {
    /// What a document becomes.
    struct Record {
        let json: [UInt8]
        var losses: [Loss] = []
        /// A line of `PART.tokens.jsonl`, for formats that keep no offsets.
        var tokens: [UInt8]?
    }

    enum Framing { case lines, array }

    private let fileExtension: String
    private let framing: Framing
    private let record: @Sendable (LabeledDocument) throws(RecordError) -> Record
    private var parts: [String] = []
    /// Parts whose array has an element already.
    private var begun: Set<String> = []

    init(
        _ fileExtension: String, framing: Framing = .lines,
        record: @escaping @Sendable (LabeledDocument) throws(RecordError) -> Record
    ) {
        (self.fileExtension, self.framing, self.record) = (fileExtension, framing, record)
    }

    mutating func begin(part: String) -> [FilePiece] {
        parts.append(part)
        return [FilePiece("\(part).\(fileExtension)", framing == .array ? "[\n" : "")]
    }

    mutating func export(_ document: LabeledDocument, part: String) throws(RecordError) -> Exported {
        let record = try record(document)
        var bytes = record.json
        switch framing {
        case .lines: bytes.append(0x0A)
        case .array: if !begun.insert(part).inserted { bytes = Array(",\n".utf8) + bytes }
        }
        var pieces = [FilePiece("\(part).\(fileExtension)", bytes)]
        if let tokens = record.tokens { pieces.append(FilePiece("\(part).tokens.jsonl", tokens)) }
        return Exported(pieces, losses: record.losses)
    }

    mutating func finish() -> Exported {
        guard framing == .array else { return Exported() }
        return Exported(parts.map { FilePiece("\($0).\(fileExtension)", begun.contains($0) ? "\n]\n" : "]\n") })
    }
}
