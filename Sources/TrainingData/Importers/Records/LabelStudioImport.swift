import Annotations
import GroundTruth

/// Label Studio's exports, raw JSON and JSON_MIN, and tasks for import.
///
/// An annotation is its worker's answer; the one marked as ground truth, or without a worker, is final. Predictions are suggestions.
/// Cancelled annotations, relations and choices are left out.
struct LabelStudioImport {
    let unit: OffsetUnit?

    @Sendable func outcome(_ task: JSONValue, _: RecordImporter.Context) throws(RecordError) -> RecordImporter.Outcome {
        guard let data = task["data"] else { return try minimal(task) }
        let text = try Self.text(of: data)
        var owners: [Owner] = []
        var lists: [[ReadSpan]] = []
        for (index, annotation) in try task.elements("annotations").enumerated() where annotation["was_cancelled"]?.bool != true {
            owners.append(Self.owner(of: annotation, number: index + 1))
            lists.append(try Self.spans(annotation))
        }
        if let prediction = try task.elements("predictions").first {
            owners.append(.model)
            lists.append(try Self.spans(prediction))
        }
        let resolved = try resolver(text).resolve(lists)
        var document = ImportedDocument(id: data["id"]?.identifier ?? task["id"]?.identifier, text: text)
        for (owner, spans) in zip(owners, resolved.spans) {
            switch owner {
            case .worker(let id): document.answers.append(WorkerSpans(workerID: id, spans: spans.map(\.span)))
            case .truth: document.entities = document.entities ?? spans
            case .model: document.suggestions = spans
            }
        }
        document.unexpectedUnit = resolved.unexpectedUnit(documented: .codePoints)
        document.metadata = (data.object ?? []).filter { $0.key != "id" && $0.key != "text" }
        return RecordImporter.Outcome(documents: [document])
    }

    private enum Owner {
        case worker(String)
        case truth
        case model
    }

    private func resolver(_ text: DocumentText) -> OffsetResolver {
        OffsetResolver(text, documented: .codePoints, forced: unit, comparison: .blanksFolded)
    }

    /// JSON_MIN: a row an annotation, spans beside the text under the name of the control.
    private func minimal(_ row: JSONValue) throws(RecordError) -> RecordImporter.Outcome {
        let text = try row.documentText("text")
        let control = row.object?.first { $0.value.array?.contains { $0["labels"] != nil } ?? false }
        let spans = try (control?.value.array ?? []).mapping { value throws(RecordError) in try Self.spans(ofValue: value) }
        let resolved = try resolver(text).resolve([spans.flatMap(\.self)])
        var document = ImportedDocument(id: row["id"]?.identifier, text: text)
        document.unexpectedUnit = resolved.unexpectedUnit(documented: .codePoints)
        document.answers = [
            WorkerSpans(workerID: Self.workerID(row["annotator"]) ?? "unknown", spans: resolved.spans[0].map(\.span))
        ]
        return RecordImporter.Outcome(documents: [document])
    }

    /// The text field: `text`, or the only string there is.
    private static func text(of data: JSONValue) throws(RecordError) -> DocumentText {
        if let text = data["text"]?.string { return DocumentText(text) }
        let strings = (data.object ?? []).filter { $0.key != "id" }.compactMap(\.value.string)
        guard let only = strings.first, strings.count == 1 else {
            throw RecordError("no-text", "`data` has no `text`, and \(strings.count) other strings")
        }
        return DocumentText(only)
    }

    private static func owner(of annotation: JSONValue, number: Int) -> Owner {
        if annotation["ground_truth"]?.bool == true { return .truth }
        return .worker(workerID(annotation["completed_by"]) ?? "annotation-\(annotation["id"]?.identifier ?? "\(number)")")
    }

    /// A number, or an object with the worker's address.
    private static func workerID(_ value: JSONValue?) -> String? {
        value?.identifier ?? value?["email"]?.string ?? value?["id"]?.identifier
    }

    private static func spans(_ annotation: JSONValue) throws(RecordError) -> [ReadSpan] {
        var spans: [ReadSpan] = []
        for result in try annotation.elements("result") {
            guard let type = result["type"]?.string, type == "labels" || type == "hypertextlabels" else { continue }
            guard let value = result["value"] else { throw RecordError("bad-span", "\(result.excerpt) has no `value`") }
            spans += try self.spans(ofValue: value).map { span in
                var span = span
                span.confidence = result["score"]?.double
                return span
            }
        }
        return spans
    }

    /// A span for each label of a value. Text in mark-up has its offsets in the flat text under `globalOffsets`.
    private static func spans(ofValue value: JSONValue) throws(RecordError) -> [ReadSpan] {
        let offsets = value["globalOffsets"] ?? value
        guard let start = offsets["start"]?.int, let end = offsets["end"]?.int,
            let labels = (value["labels"] ?? value["hypertextlabels"])?.array?.compactMap(\.string)
        else { throw RecordError("bad-span", "\(value.excerpt) is no span: expected whole `start` and `end`, and `labels`") }
        return labels.map { ReadSpan(start: start, end: end, label: Label($0), surface: value["text"]?.string) }
    }
}
