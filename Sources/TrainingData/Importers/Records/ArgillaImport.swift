import Annotations
import GroundTruth

/// Argilla 2's flat rows: submitted responses are workers' answers, a suggestion is one, unless we wrote it.
struct ArgillaImport {
    let unit: OffsetUnit?

    @Sendable func outcome(_ row: JSONValue, _: RecordImporter.Context) throws(RecordError) -> RecordImporter.Outcome {
        let text = try row.documentText("text")
        guard let question = Self.question(of: row) else {
            throw RecordError("no-question", "no key `QUESTION.suggestion` or `QUESTION.responses` holds spans")
        }
        let responses = try row.elements("\(question).responses")
        let users = try row.elements("\(question).responses.users")
        let statuses = try row.elements("\(question).responses.status")
        guard users.count == responses.count, statuses.count == responses.count else {
            throw RecordError(
                "bad-record", "\(responses.count) responses with \(users.count) users and \(statuses.count) statuses")
        }
        var workers: [(id: String, spans: [ReadSpan])] = []
        for (response, (user, status)) in zip(responses, zip(users, statuses)) where status.string == "submitted" {
            guard let id = user.identifier else { throw RecordError("bad-record", "\(user.excerpt) is no user") }
            workers.append((id, try Self.spans(response)))
        }
        let suggestion = try row.present("\(question).suggestion").map { list throws(RecordError) in try Self.spans(list) }
        let resolved = try OffsetResolver(text, documented: .codePoints, forced: unit)
            .resolve([suggestion ?? []] + workers.map(\.spans))
        var document = ImportedDocument(id: row["id"]?.identifier, text: text)
        document.answers = zip(workers, resolved.spans.dropFirst()).map { worker, spans in
            WorkerSpans(workerID: worker.id, spans: spans.map(\.span))
        }
        document.metadata = row["metadata"]?.object ?? []
        if suggestion != nil {
            let scored = Self.scored(resolved.spans[0], row["\(question).suggestion.score"])
            if row["\(question).suggestion.agent"]?.string == ArgillaRecords.agent {
                document.entities = scored
            } else {
                document.suggestions = scored
            }
        }
        return RecordImporter.Outcome(documents: [document])
    }

    /// The first question whose values are lists of spans.
    private static func question(of row: JSONValue) -> String? {
        for member in row.object ?? [] {
            for (suffix, list) in [(".suggestion", member.value.array), (".responses", member.value.array?.first?.array)]
            where member.key.hasSuffix(suffix) {
                guard let list, list.allSatisfy({ $0["start"] != nil && $0["label"] != nil }) else { continue }
                return String(member.key.dropLast(suffix.count))
            }
        }
        return nil
    }

    private static func spans(_ list: JSONValue) throws(RecordError) -> [ReadSpan] {
        guard let elements = list.array else { throw RecordError("bad-record", "\(list.excerpt) is no list of spans") }
        return try elements.mapping { element throws(RecordError) in
            try element.span(start: "start", end: "end", label: "label")
        }
    }

    /// One score for all spans, or one for each.
    private static func scored(_ spans: [ScoredSpan], _ score: JSONValue?) -> [ScoredSpan] {
        let scores = score?.array?.map(\.double) ?? []
        return spans.enumerated().map { index, scored in
            ScoredSpan(span: scored.span, confidence: scores.count == spans.count ? scores[index] : score?.double)
        }
    }
}
