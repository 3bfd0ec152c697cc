import Annotations
import GroundTruth

/// Amazon Comprehend's custom entity recognition: `PART.csv` with the annotations and `PART.txt` with a document a line, offsets in
/// code points.
///
/// A line end inside a document becomes one blank for each of its characters, which keeps every offset. Types are upper case with
/// underscores. What Comprehend's limits say against the data set as a whole is reported at the end under the part's name.
struct ComprehendExporter: Exporter {
    static let header = "File,Line,Begin Offset,End Offset,Type\n"

    /// Comprehend's limits (developer guide, quotas for custom entity recognition).
    private enum Limit {
        static let documentBytes = 5_000
        static let corpusBytes = 5_000...200_000_000
        static let documents = 3...200_000
        static let types = 25
        static let annotationsOfType = 25
    }

    private struct Part {
        let name: String
        var documents = 0
        var bytes = 0
        var annotations: [Label: Int] = [:]
    }

    private var parts: [Part] = []

    mutating func begin(part: String) -> [FilePiece] {
        parts.append(Part(name: part))
        return [FilePiece("\(part).csv", Self.header), FilePiece("\(part).txt", "")]
    }

    mutating func export(_ document: LabeledDocument, part: String) throws(RecordError) -> Exported {
        guard let index = parts.firstIndex(where: { $0.name == part }) else { preconditionFailure("part \(part) has not begun") }
        var (spans, losses) = FlatSpans.make(of: document)
        let text = Self.oneLine(document.text)
        if text != document.text {
            losses.append(Loss(id: document.id, code: "line-end", message: "each character of a line end is a blank in the line"))
        }
        guard (1...Limit.documentBytes).contains(text.bytes.count) else {
            throw RecordError(
                "document-size", "\(text.bytes.count) bytes; Comprehend takes documents of 1 to \(Limit.documentBytes) bytes")
        }
        var rows = ""
        spans.sort()
        for span in spans {
            let type = Self.type(of: span.label)
            if type != span.label {
                losses.append(
                    Loss(
                        id: document.id, code: "renamed-label", message: "Comprehend's types are upper case: `\(type)`", span: span)
                )
            }
            rows += "\(part).txt,\(parts[index].documents),\(span.start),\(span.end),\(type)\n"
            parts[index].annotations[type, default: 0] += 1
        }
        parts[index].documents += 1
        parts[index].bytes += text.bytes.count + 1
        return Exported(
            [FilePiece("\(part).csv", rows), FilePiece("\(part).txt", text.bytes + [0x0A])], losses: losses)
    }

    /// The text with a blank for each line end that a reader of lines may cut at: LF, VT, FF, CR, NEL, U+2028, U+2029.
    private static func oneLine(_ text: DocumentText) -> DocumentText {
        let scalars = text.string.unicodeScalars
        guard scalars.contains(where: \.isLineEnd) else { return text }
        return DocumentText(String(String.UnicodeScalarView(scalars.map { $0.isLineEnd ? " " : $0 })))
    }

    private static func type(of label: Label) -> Label {
        let scalars = label.name.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar {
            case "A"..."Z", "0"..."9", "_": scalar
            case "a"..."z": Unicode.Scalar(UInt8(scalar.value) - 0x20)
            default: "_"
            }
        }
        return scalars.isEmpty ? "_" : Label(String(String.UnicodeScalarView(scalars)))
    }

    mutating func finish() -> Exported {
        var losses: [Loss] = []
        let types = Set(parts.flatMap(\.annotations.keys)).sorted()
        for part in parts {
            func note(_ code: String, _ message: String) { losses.append(Loss(id: part.name, code: code, message: message)) }
            if types.count > Limit.types { note("too-many-types", "\(types.count) types; Comprehend takes \(Limit.types)") }
            // Comprehend learns from one part, and tests with one that has every type.
            let isForTraining = part.name == "all" || part.name == "train"
            for type in types {
                let count = part.annotations[type, default: 0]
                if isForTraining, count < Limit.annotationsOfType {
                    note("too-few-annotations", "\(count) of \(type); Comprehend wants \(Limit.annotationsOfType) of each type")
                } else if count == 0 {
                    note("missing-type", "no \(type); Comprehend wants every type in a test set")
                }
            }
            guard isForTraining else { continue }
            if !Limit.documents.contains(part.documents) {
                note("document-count", "\(part.documents) documents; Comprehend takes 3 to 200,000")
            }
            if !Limit.corpusBytes.contains(part.bytes) {
                note("corpus-size", "\(part.bytes) bytes; Comprehend takes 5 KB to 200 MB")
            }
        }
        return Exported(losses: losses)
    }
}

extension Unicode.Scalar {
    /// What ends a line somewhere: Python's `str.splitlines()` knows all of them.
    fileprivate var isLineEnd: Bool {
        switch value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }
}
