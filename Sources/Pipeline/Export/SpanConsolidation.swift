package import Annotations
package import Consolidation
import Functions
import GroundTruth
package import Storage
import TrainingData

/// Consolidates span JSON Lines.
///
/// Methods that learn from all documents need them all: the lines are held in memory, as read, until the last one is written.
package struct SpanConsolidation: Sendable {
    package enum Outcome: Sendable {
        /// The record with `entities`, and its LF.
        case line([UInt8])
        /// A record that cannot be consolidated; the others are.
        case failure(line: Int, reason: String)
    }

    /// What was done, and how long the method took, reading and writing apart.
    package struct Summary: Sendable {
        package var documents = 0
        package var workers = 0
        package var spans = 0
        package var methodSeconds = 0.0
    }

    private let store: any ObjectStore
    private let method: ConsolidationMethod
    private let excludedWorkers: Set<String>
    private let modelWorker: String?

    /// - Parameter modelWorker: The worker's id under which the `suggestions` of a record count as one more answer; `nil`: they do not
    ///   count.
    package init(
        store: any ObjectStore, method: ConsolidationMethod, excludedWorkers: Set<String> = [], modelWorker: String? = nil
    ) {
        (self.store, self.method, self.excludedWorkers, self.modelWorker) = (store, method, excludedWorkers, modelWorker)
    }

    /// - Parameters:
    ///   - report: Called before the first line with all documents and what became of them.
    ///   - body: Called for each line, in order.
    @discardableResult
    package func run(
        spans: ObjectURI,
        report: (CrowdOutcome) async throws -> Void = { _ in },
        _ body: (Outcome) throws -> Void
    ) async throws -> Summary {
        let input = try await SpanDocuments(
            store: store, spans: spans, excludedWorkers: excludedWorkers, modelWorker: modelWorker)
        let start = ContinuousClock.now
        let results = method.consolidator().consolidate(input.documents)
        var summary = Summary(documents: input.documents.count, methodSeconds: (ContinuousClock.now - start) / .seconds(1))
        summary.workers = Set(input.documents.lazy.flatMap { $0.answers.lazy.map { Array($0.workerID.utf8) } }).count
        summary.spans = results.reduce(0) { $0 + $1.spans.count }
        try await report(CrowdOutcome(input: input, results: results, modelWorker: modelWorker))
        var next = 0
        for line in input.lines {
            switch line {
            case .failure(let number, let reason): try body(.failure(line: number, reason: reason))
            case .record(let bytes, let number):
                try body(outcome(bytes, number: number, results[next]))
                next += 1
            }
        }
        return summary
    }

    private func outcome(_ bytes: [UInt8], number: Int, _ result: ConsolidatedDocument<ScalarOffset>) throws -> Outcome {
        if method == .allWorkers { return .line(bytes + [0x0A]) }
        if let failure = result.failure { return .failure(line: number, reason: "\(failure)") }
        let record = try SpanRecord(parsing: bytes, number: number)
        return .line(record.setting(entities: result.spans.map(ScoredSpan.init)) + [0x0A])
    }
}

/// All documents of span JSON Lines, and what became of them.
package struct CrowdOutcome: Sendable {
    package let documents: [AnsweredDocument<ScalarOffset>]
    /// One for each document.
    package let results: [ConsolidatedDocument<ScalarOffset>]
    /// The model's id among the workers, where it counts as one.
    let modelWorker: String?
    private let records: [(bytes: [UInt8], number: Int)]

    init(input: SpanDocuments, results: [ConsolidatedDocument<ScalarOffset>], modelWorker: String?) {
        (documents, self.results, self.modelWorker) = (input.documents, results, modelWorker)
        records = input.lines.compactMap { line in
            guard case .record(let bytes, let number) = line else { return nil }
            return (bytes, number)
        }
    }

    /// The record of a document as read.
    func record(_ index: Int) throws(RecordError) -> SpanRecord {
        try SpanRecord(parsing: records[index].bytes, number: records[index].number)
    }
}

/// The records of span JSON Lines as documents.
struct SpanDocuments {
    enum Line {
        case record([UInt8], number: Int)
        case failure(line: Int, reason: String)
    }

    /// In order; lines of white space are left out.
    private(set) var lines: [Line] = []
    /// One for each record, in order.
    private(set) var documents: [AnsweredDocument<ScalarOffset>] = []

    init(
        store: any ObjectStore, spans: ObjectURI, excludedWorkers: Set<String> = [], modelWorker: String? = nil
    ) async throws {
        var lines: [Line] = []
        var documents: [AnsweredDocument<ScalarOffset>] = []
        try await store.forEachLine(of: spans) { line in
            guard !line.isBlank else { return }
            do {
                let record = try SpanRecord(parsing: line.bytes, number: line.number)
                let document = AnsweredDocument(
                    id: record.id, text: record.text, tokens: record.tokens,
                    answers: try Self.answers(of: record, modelWorker: modelWorker))
                documents.append(excludedWorkers.isEmpty ? document : document.excluding(workerIDs: excludedWorkers))
                lines.append(.record(line.bytes, number: line.number))
            } catch {
                lines.append(.failure(line: line.number, reason: "\(error)"))
            }
        }
        (self.lines, self.documents) = (lines, documents)
    }

    /// The workers' answers, and the model's where it is to be one more worker and has seen the text.
    private static func answers(of record: SpanRecord, modelWorker: String?) throws(RecordError) -> [WorkerSpans<ScalarOffset>] {
        guard let modelWorker, let suggestions = try record.suggestions() else { return record.answers }
        guard !record.answers.contains(where: { $0.workerID.utf8.elementsEqual(modelWorker.utf8) }) else {
            throw RecordError("duplicate-worker", "the worker \(modelWorker) has answered; give the model another id")
        }
        return record.answers + [WorkerSpans(workerID: modelWorker, spans: suggestions.map(\.span))]
    }
}

extension ScoredSpan {
    /// With who supports it, by which rule it stands, and how likely each label is.
    init(_ consolidated: ConsolidatedSpan<ScalarOffset>) {
        self.init(
            span: consolidated.span, confidence: consolidated.confidence,
            provenance: [
                "label-shares": .object(
                    Dictionary(
                        consolidated.labelShares.map { ($0.label.name, .decimal($0.share)) },
                        uniquingKeysWith: { first, _ in first })),
                "rule": .string(consolidated.rule.rawValue),
                "support": .array(consolidated.support.map { .string($0) }),
            ])
    }
}
