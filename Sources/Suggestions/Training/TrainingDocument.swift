package import Annotations

/// A text with its final spans, to learn from.
package struct TrainingDocument: Sendable {
    package let text: DocumentText
    package let spans: [ScalarSpan]

    package init(text: DocumentText, spans: [ScalarSpan]) { (self.text, self.spans) = (text, spans) }

    /// Whether the spans hold the text but for white space, one after the other: then each is a sentence with its role.
    package var isTiled: Bool {
        guard !spans.isEmpty else { return false }
        let scalars = Scalars(text)
        guard !scalars.isCut else { return false }
        var position = 0
        for span in spans.sorted() {
            let (start, end) = (span.start.rawValue, span.end.rawValue)
            guard start >= position, scalars.values[position..<start].allSatisfy(\.isSpace) else { return false }
            position = end
        }
        return scalars.values[position...].allSatisfy(\.isSpace)
    }

    /// A hash of the text: equal texts stay together in cross-validation, and the order of documents does not matter.
    var group: UInt64 { ModelWriter.checksum(text.bytes[...]) }
}
