import Annotations

/// Writes a data set in one format, document after document.
///
/// An exporter keeps what the format needs between documents (the numbers of classes, a table of strings) and nothing else, so that
/// data sets of any size are written in bounded memory.
package protocol Exporter {
    /// What a part (`all`, `train`, …) starts with, even when no document follows.
    mutating func begin(part: String) -> [FilePiece]
    /// - Throws: ``RecordError`` when the document cannot be held by the format at all.
    mutating func export(_ document: LabeledDocument, part: String) throws(RecordError) -> Exported
    /// What ends the parts, in the order in which they began.
    mutating func finish() -> Exported
}

/// Bytes for a file of the data set.
package struct FilePiece: Sendable, Equatable {
    /// Relative to the data set's folder: `train.conll`, `train/p1.ann`.
    package let name: String
    package var bytes: [UInt8]
    /// Whether nothing will follow for this file.
    package let isWhole: Bool

    package init(_ name: String, _ bytes: [UInt8], isWhole: Bool = false) {
        (self.name, self.bytes, self.isWhole) = (name, bytes, isWhole)
    }

    init(_ name: String, _ text: String, isWhole: Bool = false) { self.init(name, Array(text.utf8), isWhole: isWhole) }
}

/// What one document, or the end, becomes.
package struct Exported: Sendable {
    package var pieces: [FilePiece]
    package var losses: [Loss]

    init(_ pieces: [FilePiece] = [], losses: [Loss] = []) { (self.pieces, self.losses) = (pieces, losses) }
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
