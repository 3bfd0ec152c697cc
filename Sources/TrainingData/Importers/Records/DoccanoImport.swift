import Annotations
import GroundTruth

/// doccano's JSON Lines, of any release: spans under `label`, `labels` or `entities`. Other keys are metadata.
///
/// The oldest exports have numbers for labels (`annotations`), whose names are in the project only: those are refused.
struct DoccanoImport {
    let options: ImportOptions

    @Sendable func outcome(_ row: JSONValue, _ context: RecordImporter.Context) throws(RecordError) -> RecordImporter.Outcome {
        let text = try row.documentText("text")
        var spans: [ReadSpan]?
        if row.present("entities") != nil {
            spans = try row.elements("entities").mapping { element throws(RecordError) in
                try element.span(start: "start_offset", end: "end_offset", label: "label")
            }
        } else if let key = ["label", "labels"].first(where: { row.present($0) != nil }) {
            spans = try row.elements(key).mapping { element throws(RecordError) in try element.triple() }
        } else if row.present("annotations") != nil {
            throw RecordError("label-numbers", "`annotations` has numbers for labels; export again with labels' names")
        }
        let resolved = try OffsetResolver(text, documented: .codePoints, forced: options.offsetUnit).resolve([spans ?? []])
        var document = ImportedDocument(id: row["id"]?.identifier, text: text)
        if options.filesAreWorkers {
            document.answers = [WorkerSpans(workerID: context.file.stem, spans: resolved.spans[0].map(\.span))]
        } else if spans != nil {
            document.entities = resolved.spans[0]
        }
        document.metadata = (row.object ?? []).filter { !DoccanoRecords.reserved.contains($0.key) }
        return RecordImporter.Outcome(documents: [document])
    }
}
