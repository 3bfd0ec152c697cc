import Annotations
import GroundTruth

/// W3C Web Annotation: `PART/ID.jsonld`, an annotation page a document, beside the text it points into, `PART/ID.txt`.
///
/// Each target has a position (code points) and a quote with as much context as makes it the only match in the text.
struct WebAnnotationExporter: Exporter {
    static let context = "http://www.w3.org/ns/anno.jsonld"
    /// The least context on each side, in code points, where the text has it.
    private static let contextLength = 16
    /// Context grows up to this; a text that repeats itself more still has the position.
    private static let maximumContextLength = 1024

    mutating func begin(part: String) -> [FilePiece] { [] }

    mutating func export(_ document: LabeledDocument, part: String) throws(RecordError) -> Exported {
        let name = DocumentFileName.encode(document.id)
        let iri = Self.percentEncoded(document.id)
        let source = Self.percentEncoded("\(name).txt")
        let items: [JSONOutput] = document.entities.enumerated().map { index, scored in
            [
                "body": [["purpose": "tagging", "type": "TextualBody", "value": .string(scored.span.label.name)]],
                "id": .string("urn:prelabel:\(iri):\(index + 1)"), "motivation": "tagging",
                "target": ["selector": .array(Self.selectors(of: scored.span, in: document.text)), "source": .string(source)],
                "type": "Annotation",
            ]
        }
        let page: JSONOutput = [
            "@context": .string(Self.context), "id": .string("urn:prelabel:\(iri)"), "items": .array(items),
            "type": "AnnotationPage",
        ]
        return Exported([
            FilePiece("\(part)/\(name).txt", document.text.bytes, isWhole: true),
            FilePiece("\(part)/\(name).jsonld", page.bytes + [0x0A], isWhole: true),
        ])
    }

    private static func selectors(of span: ScalarSpan, in text: DocumentText) -> [JSONOutput] {
        var length = contextLength
        var (prefix, suffix) = context(of: span, in: text, length: length)
        while length < maximumContextLength, length < text.scalarCount,
            text.occurrences(of: prefix + text.slice(span) + suffix, atMost: 2) > 1
        {
            length *= 2
            (prefix, suffix) = context(of: span, in: text, length: length)
        }
        return [
            ["end": .int(span.end.rawValue), "start": .int(span.start.rawValue), "type": "TextPositionSelector"],
            [
                "exact": .string(text.slice(span)), "prefix": .string(prefix), "suffix": .string(suffix),
                "type": "TextQuoteSelector",
            ],
        ]
    }

    private static func context(of span: ScalarSpan, in text: DocumentText, length: Int) -> (prefix: String, suffix: String) {
        let start = ScalarOffset(max(0, span.start.rawValue - length))
        let end = ScalarOffset(min(text.scalarCount, span.end.rawValue + length))
        return (text.slice(start..<span.start), text.slice(span.end..<end))
    }

    /// Unreserved characters stand for themselves (RFC 3986, 2.3).
    private static func percentEncoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
    }

    mutating func finish() -> Exported { Exported() }
}

extension DocumentText {
    /// How often a string stands in the text, overlaps included; counting ends at `maximum`.
    func occurrences(of string: String, atMost maximum: Int) -> Int {
        let pattern = Array(string.utf8)
        guard let first = pattern.first, pattern.count <= bytes.count else { return 0 }
        var count = 0
        for start in 0...bytes.count - pattern.count where bytes[start] == first {
            if bytes[start..<start + pattern.count].elementsEqual(pattern) { count += 1 }
            if count == maximum { break }
        }
        return count
    }
}
