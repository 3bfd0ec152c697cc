import Annotations
import GroundTruth

/// Prodigy's rows. Only accepted answers are labels; a row with an annotator is that worker's answer, and rows of one text join.
struct ProdigyImport {
    let unit: OffsetUnit?

    @Sendable func outcome(_ row: JSONValue, _: RecordImporter.Context) throws(RecordError) -> RecordImporter.Outcome {
        let text = try row.documentText("text")
        let answer = row["answer"]?.string
        if row["_view_id"]?.string == "ner" {
            throw RecordError("binary-row", "a yes-or-no answer to one span says nothing of the rest of the text")
        }
        if let answer, answer != "accept" { throw RecordError("not-accepted", "`answer` is `\(answer)`") }
        let spans = try row.elements("spans").mapping { element throws(RecordError) in
            try element.span(start: "start", end: "end", label: "label")
        }
        let tokens = try row.elements("tokens").mapping { token throws(RecordError) in
            guard let start = token["start"]?.int, let end = token["end"]?.int, let surface = token["text"]?.string else {
                throw RecordError("bad-record", "\(token.excerpt) is no token")
            }
            return ReadSpan(start: start, end: end, label: "token", surface: surface)
        }
        let resolved = try OffsetResolver(text, documented: .codePoints, forced: unit).resolve([spans, tokens])
        let meta = row["meta"]?.object ?? []
        let id = row["meta"]?["doc"]?.identifier ?? row["meta"]?["id"]?.identifier ?? row["id"]?.identifier
        var document = ImportedDocument(id: id, text: text)
        document.unexpectedUnit = resolved.unexpectedUnit(documented: .codePoints)
        document.metadata = meta.filter { $0.key != "doc" }
        if row["tokens"] != nil {
            let ranges = try resolved.spans[1].map { $0.span.start..<$0.span.end }.checkedTokens()
            document.tokens = ranges.filter { !text.slice($0).unicodeScalars.allSatisfy(\.isColumnBreak) }
        }
        if let worker = row["_annotator_id"]?.string ?? row["_session_id"]?.string {
            document.answers = [WorkerSpans(workerID: worker, spans: resolved.spans[0].map(\.span))]
        } else if answer == nil {
            document.suggestions = resolved.spans[0]
        } else {
            document.entities = resolved.spans[0]
        }
        return RecordImporter.Outcome(documents: [document])
    }
}
