import Annotations
import GroundTruth

/// Label Studio's tasks with the spans as one ground-truth annotation, offsets in code points; `label-config.xml` is the project
/// configuration whose names (`label`, `text`) the results use.
///
/// Every span is a result of its own, also where two share their place, so that each keeps its score.
struct LabelStudioExporter: Exporter {
    static let control = "label"
    static let object = "text"

    private var parts: [String] = []
    private var documents: [String: Int] = [:]
    private var labels: Set<Label> = []

    mutating func begin(part: String) -> [FilePiece] {
        parts.append(part)
        return [FilePiece("\(part).json", "[\n")]
    }

    mutating func export(_ document: LabeledDocument, part: String) throws(RecordError) -> Exported {
        let number = documents[part, default: 0] + 1
        documents[part] = number
        var results: [JSONOutput] = []
        for (index, scored) in document.entities.enumerated() {
            let span = scored.span
            labels.insert(span.label)
            var result: [String: JSONOutput] = [
                "from_name": .string(Self.control), "id": .string("\(part)-\(number)-\(index + 1)"),
                "to_name": .string(Self.object), "type": "labels",
                "value": [
                    "end": .int(span.end.rawValue), "labels": [.string(span.label.name)], "start": .int(span.start.rawValue),
                    "text": .string(document.text.slice(span)),
                ],
            ]
            result["score"] = scored.confidence.map { .decimal($0) }
            results.append(.object(result))
        }
        var data: [String: JSONOutput] = [:]
        for member in document.metadata { data[member.key] = .raw(member.value) }
        data["id"] = .string(document.id)
        data["text"] = .string(document.text.string)
        let task: JSONOutput = [
            "annotations": [["ground_truth": true, "result": .array(results), "was_cancelled": false]], "data": .object(data),
        ]
        return Exported([FilePiece("\(part).json", Array((number == 1 ? "" : ",\n").utf8) + task.bytes)])
    }

    mutating func finish() -> Exported {
        let ends = parts.map { FilePiece("\($0).json", documents[$0] == nil ? "]\n" : "\n]\n") }
        var config = "<View>\n  <Labels name=\"\(Self.control)\" toName=\"\(Self.object)\">\n"
        for label in labels.sorted() { config += "    <Label value=\"\(Self.escaped(label.name))\"/>\n" }
        config += "  </Labels>\n  <Text name=\"\(Self.object)\" value=\"$text\"/>\n</View>\n"
        return Exported(ends + [FilePiece("label-config.xml", config, isWhole: true)])
    }

    /// Text for an attribute's value in XML.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += "&#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
