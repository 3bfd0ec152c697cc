import Annotations
import GroundTruth

/// spaCy's offsets: `{"text":…,"entities":[[start,end,label]…]}`, or `[text, {"entities":…}]` as older scripts have them.
struct SpacyOffsetImport {
    let unit: OffsetUnit?

    @Sendable func outcome(_ row: JSONValue, _: RecordImporter.Context) throws(RecordError) -> RecordImporter.Outcome {
        let isPair = row.array?.count == 2
        guard let string = isPair ? row.array?[0].string : row["text"]?.string else {
            throw RecordError("bad-record", "expected an object with a string `text`, or [text, {\"entities\": …}]")
        }
        let text = DocumentText(string)
        let values = isPair ? row.array?[1] : row
        let spans = try (values?.elements("entities") ?? []).mapping { element throws(RecordError) in try element.triple() }
        let resolved = try OffsetResolver(text, documented: .codePoints, forced: unit).resolve([spans])
        var document = ImportedDocument(id: row["id"]?.identifier, text: text)
        if values?.present("entities") != nil { document.entities = resolved.spans[0] }
        return RecordImporter.Outcome(documents: [document])
    }
}
