import Annotations
import GroundTruth

/// brat standoff: `PART/ID.txt` and `PART/ID.ann`, offsets in code points, and `PART/annotation.conf` with the entity types.
///
/// brat reads texts with LF line ends only: a CR becomes a blank, which keeps every offset. A span over a line end is written in
/// parts, as brat does.
struct BratExporter: Exporter {
    private var parts: [String] = []
    private var types: Set<String> = []

    mutating func begin(part: String) -> [FilePiece] {
        parts.append(part)
        return []
    }

    mutating func export(_ document: LabeledDocument, part: String) throws(RecordError) -> Exported {
        var losses: [Loss] = []
        let hasReturns = document.text.bytes.contains(0x0D)
        let text = hasReturns ? DocumentText(valid: document.text.bytes.map { $0 == 0x0D ? 0x20 : $0 }) : document.text
        if hasReturns {
            losses.append(
                Loss(id: document.id, code: "line-end", message: "each carriage return is a blank in brat's text"))
        }
        var annotations = ""
        var number = 0
        for scored in document.entities {
            let span = scored.span
            let parts = Self.lineParts(of: span, in: text)
            guard let first = parts.first else {
                losses.append(Loss(id: document.id, code: "only-white-space", message: "the span holds line ends only", span: span))
                continue
            }
            if parts.count == 1, first != span.start..<span.end {
                losses.append(
                    Loss(id: document.id, code: "trimmed", message: "a line end at an edge is not part of brat's span", span: span))
            }
            let type = Self.type(of: span.label)
            if !type.utf8.elementsEqual(span.label.name.utf8) {
                losses.append(
                    Loss(
                        id: document.id, code: "renamed-label", message: "brat's types hold letters, digits, _ and -: `\(type)`",
                        span: span))
            }
            types.insert(type)
            number += 1
            let ranges = parts.map { "\($0.lowerBound) \($0.upperBound)" }.joined(separator: ";")
            let surfaces = parts.map { text.slice($0) }.joined(separator: " ")
            annotations += "T\(number)\t\(type) \(ranges)\t\(surfaces)\n"
        }
        let name = "\(part)/\(DocumentFileName.encode(document.id))"
        return Exported(
            [FilePiece("\(name).txt", text.bytes, isWhole: true), FilePiece("\(name).ann", annotations, isWhole: true)],
            losses: losses)
    }

    /// The stretches of a span on each of the lines it lies on.
    private static func lineParts(of span: ScalarSpan, in text: DocumentText) -> [Range<ScalarOffset>] {
        var parts: [Range<ScalarOffset>] = []
        var start = span.start.rawValue
        for (index, scalar) in text.slice(span).unicodeScalars.enumerated() where scalar == "\n" {
            let end = span.start.rawValue + index
            if start < end { parts.append(ScalarOffset(start)..<ScalarOffset(end)) }
            start = end + 1
        }
        if start < span.end.rawValue { parts.append(ScalarOffset(start)..<span.end) }
        return parts
    }

    private static func type(of label: Label) -> String {
        let scalars = label.name.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "-": scalar
            default: "_"
            }
        }
        return scalars.isEmpty ? "_" : String(String.UnicodeScalarView(scalars))
    }

    mutating func finish() -> Exported {
        let entities = types.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "\($0)\n" }.joined()
        let config = "[entities]\n\(entities)\n[relations]\n\n[events]\n\n[attributes]\n"
        return Exported(parts.map { FilePiece("\($0)/annotation.conf", config, isWhole: true) })
    }
}
