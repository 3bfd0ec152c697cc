import Annotations

/// A format of training data, a document at a time.
package protocol Exporter: Sendable {
    /// Of the data files: `train.EXT`.
    var fileExtension: String { get }
    /// - Throws: ``RecordError`` when the document cannot be held by the format at all.
    func export(_ document: LabeledDocument) throws(RecordError) -> Exported
}

/// What one document becomes.
package struct Exported: Sendable {
    /// For the data file, line ends included.
    package var bytes: [UInt8]
    /// For the sidecar file `NAME.tokens.jsonl`, where the format keeps no offsets.
    package var sidecar: [UInt8]?
    package var losses: [Loss]
}

/// The formats that can be written.
package enum ExportFormat: String, CaseIterable, Sendable {
    case groundTruth = "ground-truth"
    case spacyJSONL = "spacy-jsonl"
    case conll
}

/// Asserts that exported spans read back as the text they mark.
///
/// - Throws: ``RecordError`` `span-differs`: better no document than a wrong one.
func checkSlices<Position>(
    _ spans: [LabeledSpan<Position>], of text: DocumentText, against originals: [ScalarSpan],
    read: (LabeledSpan<Position>) throws -> ScalarSpan
) throws(RecordError) {
    for (span, original) in zip(spans, originals) {
        guard let back = try? read(span), back == original, !text.slice(back).isEmpty else {
            throw RecordError(
                "span-differs",
                "span \(original.start)..<\(original.end) (\(original.label)) does not read back from what was written")
        }
    }
}
