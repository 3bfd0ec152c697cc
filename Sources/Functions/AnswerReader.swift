import Annotations
import Consolidation
import GroundTruth
import Storage

/// Reads the answers of an object's workers; one that cannot be read costs that worker's answer only, and is named.
struct AnswerReader {
    struct Rejection {
        let workerID: String
        let reason: String
    }

    /// The spans of all workers in the one unit in which they can be compared.
    enum Spans {
        case scalars([WorkerSpans<ScalarOffset>], DocumentText)
        case utf16([WorkerSpans<UTF16Offset>])
        case tokens([WorkerSpans<TokenIndex>])
    }

    /// One answer a worker, the last that can be read, in the order of the payload.
    struct Answers {
        var readable: [(workerID: String, answer: WorkerAnswer)] = []
        var rejected: [Rejection] = []
    }

    let store: any ObjectStore
    let maximumBytes: Int
    /// The job's labels, beside which there are no others; `nil` where they are not known.
    let labels: Set<Label>?

    func read(_ object: AnsweredObject) async -> Answers {
        var answers = Answers()
        for element in object.rawAnswers {
            do {
                let raw = try AnsweredObject.answer(element)
                var answer = try WorkerAnswer(parsing: try await content(of: raw))
                if let labels { answer = answer.limited(to: labels) }
                if let earlier = answers.readable.firstIndex(where: { $0.workerID == raw.workerID }) {
                    answers.readable.remove(at: earlier)
                    answers.rejected.append(Rejection(workerID: raw.workerID, reason: "answered twice; the last answer stands"))
                }
                answers.readable.append((raw.workerID, answer))
                answers.rejected += answer.rejected.map { Rejection(workerID: raw.workerID, reason: $0) }
            } catch {
                answers.rejected.append(Rejection(workerID: element["workerId"]?.string ?? "", reason: "\(error)"))
            }
        }
        return answers
    }

    private func content(of answer: AnsweredObject.Answer) async throws -> String {
        switch answer.content {
        case .text(let text): return text
        case .uri(let uri):
            let bytes = try await store.get(ObjectURI(received: uri), atMost: maximumBytes)
            return try DocumentText(utf8: bytes).string
        }
    }
}

extension AnswerReader.Answers {
    /// Brings all spans to one unit: scalars when the text is known, else the unit they came in. A span that does not fit the text
    /// is rejected.
    ///
    /// - Throws: ``ObjectFailure`` when token and character spans meet without a text.
    mutating func spans(text: DocumentText?) throws(ObjectFailure) -> AnswerReader.Spans {
        if let text {
            var seedTokens: SeedTokenization?
            var spans: [WorkerSpans<ScalarOffset>] = []
            for (workerID, answer) in readable {
                let read = answer.spans(in: text, seedTokens: &seedTokens)
                spans.append(WorkerSpans(workerID: workerID, spans: read.spans))
                rejected += read.rejected.map { AnswerReader.Rejection(workerID: workerID, reason: $0) }
            }
            return .scalars(spans, text)
        }
        var utf16: [WorkerSpans<UTF16Offset>] = []
        var tokens: [WorkerSpans<TokenIndex>] = []
        for (workerID, answer) in readable {
            switch answer.marks {
            case .characters(let marks): utf16.append(WorkerSpans(workerID: workerID, spans: marks))
            case .tokens(let marks): tokens.append(WorkerSpans(workerID: workerID, spans: marks.map(\.span)))
            }
        }
        if tokens.isEmpty { return .utf16(utf16) }
        guard utf16.allSatisfy(\.spans.isEmpty) else {
            throw ObjectFailure(
                message: "token spans and character spans can be compared only with the text; name the manifest (--manifest)")
        }
        return .tokens(tokens + utf16.map { WorkerSpans(workerID: $0.workerID, spans: []) })
    }
}
