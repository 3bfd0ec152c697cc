import Annotations
import Consolidation
import Functions
import GroundTruth
import LabelingJobs
import Pipeline
import Storage

/// What the answers to labeled objects of a job that marks spans say: how far workers agree, how each of them marks, and which places
/// are disputed.
struct JobReport: Sendable {
    /// Objects that agreement and workers are told from, spread evenly over the job. A page is waited for.
    static let sampledObjects = 1000
    /// Objects that are searched for disputed places at a time.
    static let searchedObjects = 300
    /// Characters of the text that are shown before and behind a disputed place.
    private static let contextScalars = 160

    /// An object whose text is known and whose answers could be read.
    struct Item: Sendable {
        let record: AnsweredRecord
        let text: DocumentText
        let document: AnsweredDocument<ScalarOffset>
    }

    let items: [Item]
    private let attribute: String
    /// How the job's answers are consolidated, where one of our own functions does it.
    private let method: ConsolidationMethod
    /// Ties are broken by it, as in the job's label.
    private let labelOrder: [Label]

    init(_ records: [AnsweredRecord], of job: JobRecord, objects: any ObjectStore) async {
        (attribute, method) = (job.settings.attribute, Self.method(of: job.settings))
        labelOrder = ((try? job.categories)??.labels ?? []).map { Label($0) }
        var items: [Item] = []
        for record in records {
            guard let text = await Self.text(of: record, in: objects) else { continue }
            var tokens: SeedTokenization?
            let answers = record.answers.compactMap { worker, answer, seconds -> WorkerSpans<ScalarOffset>? in
                guard let read = try? WorkerAnswer(parsing: answer) else { return nil }
                return WorkerSpans(workerID: worker, spans: read.spans(in: text, seedTokens: &tokens).spans, seconds: seconds)
            }
            guard !answers.isEmpty else { continue }
            items.append(
                Item(record: record, text: text, document: AnsweredDocument(id: "\(record.number)", text: text, answers: answers)))
        }
        self.items = items
    }

    private static func method(of settings: JobSettings) -> ConsolidationMethod {
        switch settings.after {
        case .builtIn: .groundTruth
        case .named(let function):
            ConsolidationMethod.allCases.first { $0 != .allWorkers && function.hasSuffix("post-annotation-\($0.rawValue)") }
                ?? .standard
        case .none: .standard
        }
    }

    private static func text(of record: AnsweredRecord, in objects: any ObjectStore) async -> DocumentText? {
        guard let line = try? ManifestLine(parsing: record.line.utf8) else { return nil }
        if let source = line.string("source") { return DocumentText(source) }
        guard let reference = try? TextReference(line) else { return nil }
        return try? await TextObjects(store: objects).text(for: reference)
    }

    /// Agreement and the workers, as `prelabel agreement` and `prelabel consolidate --report` write them.
    @concurrent
    static func crowd(_ documents: [AnsweredDocument<ScalarOffset>]) async -> JSONOutput {
        [
            "agreement": AgreementReport(documents).json, "objects": .int(documents.count),
            "workers": WorkerReport(documents).json,
        ]
    }

    /// The places whose decision settles most, with the text around them; those that were decided are left out.
    @concurrent
    func disputes(skipping skipped: Int, limit: Int) async -> (documents: [JSONOutput], left: Int) {
        let results = method.consolidator(labelOrder: labelOrder).consolidate(items.map(\.document))
        var disputes: [JSONOutput] = []
        var (seen, left) = (0, 0)
        for dispute in AdjudicationList(results).disputes {
            let item = items[dispute.document]
            let place = Self.place(of: dispute, in: item.text)
            guard !item.record.decisions.contains(where: { $0.place.overlaps(place) }) else { continue }
            seen += 1
            guard seen > skipped else { continue }
            guard disputes.count < limit else {
                left += 1
                continue
            }
            disputes.append(document(of: dispute, place, item, results[dispute.document]))
        }
        return (disputes, left)
    }

    /// From the start of the first reading to the end of the last, in UTF-16 code units.
    private static func place(of dispute: AdjudicationList.Dispute, in text: DocumentText) -> Range<Int> {
        let spans = dispute.readings.map { text.utf16($0.span) }
        let start = spans.map(\.start.rawValue).min() ?? 0
        return start..<(spans.map(\.end.rawValue).max() ?? start)
    }

    private func document(
        of dispute: AdjudicationList.Dispute, _ place: Range<Int>, _ item: Item, _ result: ConsolidatedDocument<ScalarOffset>
    ) -> JSONOutput {
        let label = Set(labelSpans(of: item))
        let first = dispute.readings.map(\.span.start.rawValue).min() ?? 0
        let last = dispute.readings.map(\.span.end.rawValue).max() ?? first
        let from = max(0, first - Self.contextScalars)
        let scalars = Array(item.text.string.unicodeScalars)
        let to = min(scalars.count, last + Self.contextScalars)
        func piece(_ start: Int, _ end: Int) -> String {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars[start..<end])
            return String(text)
        }
        let candidates = result.spans + result.alternatives
        let readings: [JSONOutput] = dispute.readings.map { reading in
            let span = item.text.utf16(reading.span)
            let backers = item.document.answers.filter { $0.spans.contains(reading.span) }.map(\.workerID)
            return [
                "confidence": .decimal(reading.confidence), "endOffset": .int(span.end.rawValue),
                "isLabel": .bool(label.contains(span)), "label": .string(span.label.name),
                "reason": .string(candidates.first { $0.span == reading.span }?.rule.rawValue ?? ""),
                "startOffset": .int(span.start.rawValue),
                "text": .string(piece(reading.span.start.rawValue, reading.span.end.rawValue)),
                "workers": .array(backers.map { .string($0) }),
            ]
        }
        return [
            "after": .string(piece(last, to)), "answers": .int(item.document.answers.count), "before": .string(piece(from, first)),
            "endOffset": .int(place.upperBound), "number": .int(item.record.number), "readings": .array(readings),
            "startOffset": .int(place.lowerBound), "text": .string(piece(first, last)),
        ]
    }

    /// The spans of the object's label as it stands.
    private func labelSpans(of item: Item) -> [UTF16Span] {
        guard let line = try? ManifestLine(parsing: item.record.output.utf8) else { return [] }
        return line[attribute]?["annotations"]?["entities"]?.array?.compactMap { SpanDecision.span($0) } ?? []
    }
}
