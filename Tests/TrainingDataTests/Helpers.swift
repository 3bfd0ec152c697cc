import Annotations
import GroundTruth
import Testing
import TrainingData

typealias Plain = (start: Int, end: Int, label: Label)

/// A document as it comes from span JSON Lines; `line` holds keys beside id and text.
func document(
    _ text: String, _ spans: Plain..., id: String = "p1", confidences: [Double?] = [], line: String? = nil
) throws -> LabeledDocument {
    var entities: [ScoredSpan] = []
    for (index, plain) in spans.enumerated() {
        let span = try #require(ScalarSpan(start: ScalarOffset(plain.start), end: ScalarOffset(plain.end), label: plain.label))
        entities.append(ScoredSpan(span: span, confidence: index < confidences.count ? confidences[index] : nil))
    }
    let written = line.map { Array($0.utf8) } ?? JSONOutput.object(["id": .string(id), "text": .string(text)]).bytes
    return LabeledDocument(id: id, text: DocumentText(text), entities: entities, line: try ManifestLine(parsing: written))
}

/// The running example of the formats' reference: `é` and `ø` are composed, the test tube lies outside the BMP.
func runningExample(line: String? = nil) throws -> LabeledDocument {
    try document(
        "Café Nørd 🧪 joined Lumen Labs in Oslo.", (0, 9, "ORG"), (19, 29, "ORG"), (33, 37, "GPE"), confidences: [0.9, 0.75, 1],
        line: line)
}

extension Exported {
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var sidecarText: String? { sidecar.map { String(decoding: $0, as: UTF8.self) } }
    /// `code start..<end label` of each loss.
    var lossSummaries: [String] { losses.map { "\($0.code) \($0.span.map { "\($0.start)..<\($0.end) \($0.label)" } ?? "-")" } }
    /// The tags of a CoNLL document by token.
    var tags: [String] {
        text.split(separator: "\n").dropFirst().map { line in
            let columns = line.split(separator: " ")
            return "\(columns[0])/\(columns[columns.count - 1])"
        }
    }
}

let conll = CoNLLExporter { "\($0.count) bytes" }
