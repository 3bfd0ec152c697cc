import Annotations
package import Consolidation
import GroundTruth
package import Logging
package import Storage

/// The post-annotation function: several workers' answers to a batch of objects in, one consolidated annotation each out (contracts
/// section 10).
package struct PostAnnotation: Sendable {
    package struct Response: Sendable {
        /// One JSON document and one LF.
        package let body: [UInt8]
        /// The objects that have a `failure-reason` in place of annotations.
        package let failures: [(datasetObjectID: String, reason: String)]
    }

    /// A payload beyond this is refused; Lambda itself takes 6 MB.
    package static let maximumPayloadBytes = 256 << 20
    private static let maximumAnswerBytes = 16 << 20

    private var store: any ObjectStore
    private let assumesEventRole: Bool
    private let manifest: ObjectURI?
    private let jobManifests: LabelingJobManifests?
    private let method: ConsolidationMethod

    /// - Parameters:
    ///   - manifest: The job's input manifest, in which texts are looked up.
    ///   - jobManifests: Finds the manifest of the event's job where none is given.
    ///   - assumesEventRole: Read with the rights of the event's `roleArn`, which must trust this function's own.
    package init(
        store: any ObjectStore, manifest: ObjectURI?, jobManifests: LabelingJobManifests? = nil, method: ConsolidationMethod,
        assumesEventRole: Bool = false
    ) {
        (self.store, self.manifest, self.jobManifests, self.method) = (store, manifest, jobManifests, method)
        self.assumesEventRole = assumesEventRole
    }

    /// - Returns: An answer for every id of the payload, in its order.
    /// - Throws: ``FunctionError`` when the event or the payload as a whole cannot be used.
    package func respond(to event: [UInt8], logger: Logger) async throws(FunctionError) -> Response {
        let request: ConsolidationEvent
        do { request = try ConsolidationEvent(parsing: event) } catch { throw FunctionError(.badEvent, error.message) }
        var function = self
        if assumesEventRole, let roleARN = request.roleARN {
            do { function.store = try store.acting(as: roleARN) } catch { throw FunctionError(.unreadablePayload, error.message) }
        }
        return try await function.respond(to: request, logger: logger)
    }

    private func respond(to request: ConsolidationEvent, logger: Logger) async throws(FunctionError) -> Response {
        let objects = try await objects(of: request)
        let manifest = await manifest(for: request, objects, logger: logger)
        let texts = try await ObjectTexts(store: store, manifest: manifest, objects: objects)
        // A list without labels says as little as none.
        let labelOrder = request.labelCategories.flatMap { $0.isEmpty ? nil : $0.map { Label($0) } }
        let outcomes = method == .allWorkers ? nil : await consolidate(objects, texts: texts, labelOrder: labelOrder)
        var elements: [JSONOutput] = []
        var failures: [(datasetObjectID: String, reason: String)] = []
        for (index, object) in objects.enumerated() {
            var annotation: [String: JSONOutput] = ["annotationsFromAllWorkers": .array(object.rawAnswers.map { .raw($0) })]
            if let outcome = outcomes?[index] {
                annotation.merge(outcome.members) { $1 }
                if let reason = outcome.failure {
                    failures.append((object.datasetObjectID, reason))
                    logger.warning(
                        "object failed", metadata: ["datasetObjectId": "\(object.datasetObjectID)", "reason": "\(reason)"])
                }
            }
            elements.append([
                "consolidatedAnnotation": ["content": .object([request.labelAttributeName: .object(annotation)])],
                "datasetObjectId": .string(object.datasetObjectID),
            ])
        }
        return Response(body: JSONOutput.array(elements).bytes + [0x0A], failures: failures)
    }

    private func objects(of request: ConsolidationEvent) async throws(FunctionError) -> [AnsweredObject] {
        let payload: JSONValue
        switch request.payload {
        case .inline(let value): payload = value
        case .uri(let uri):
            let bytes: [UInt8]
            do {
                bytes = try await store.get(ObjectURI(received: uri), atMost: Self.maximumPayloadBytes)
            } catch {
                let isRoleUnused = error.code == .denied && request.roleARN != nil && !assumesEventRole
                let hint = isRoleUnused ? "; PRELABEL_ASSUME_EVENT_ROLE=1 reads it in the event's role" : ""
                throw FunctionError(.unreadablePayload, "the payload cannot be read: \(error)\(hint)")
            }
            do { payload = try JSONValue.message(bytes, "the payload \(uri)") } catch {
                throw FunctionError(.badPayload, error.message)
            }
        }
        do { return try AnsweredObject.list(in: payload) } catch { throw FunctionError(.badPayload, error.message) }
    }

    /// The manifest that was given; else the job's, where a text is wanted that the payload does not have. A job that cannot be asked
    /// is no error: the texts are then sought in the answers.
    private func manifest(for request: ConsolidationEvent, _ objects: [AnsweredObject], logger: Logger) async -> ObjectURI? {
        guard method != .allWorkers else { return nil }
        if let manifest { return manifest }
        guard let jobManifests, let arn = request.labelingJobARN, objects.contains(where: { $0.content == nil }) else { return nil }
        do {
            return try await jobManifests.manifest(ofLabelingJob: arn)
        } catch {
            logger.warning("the job's manifest cannot be found", metadata: ["labelingJobArn": "\(arn)", "reason": "\(error)"])
            return nil
        }
    }

    // MARK: Objects

    private struct Outcome {
        var members: [String: JSONOutput] = [:]
        var failure: String?
    }

    /// Consolidates the objects together, those whose answers count in one unit at a time: what a method learns about a worker in one
    /// object helps in the others.
    private func consolidate(_ objects: [AnsweredObject], texts: ObjectTexts, labelOrder: [Label]?) async -> [Outcome] {
        var outcomes = [Outcome](repeating: Outcome(), count: objects.count)
        var scalars = Batch<ScalarOffset>()
        var utf16 = Batch<UTF16Offset>()
        var tokens = Batch<TokenIndex>()
        var textOfObject: [Int: DocumentText] = [:]
        let reader = AnswerReader(store: store, maximumBytes: Self.maximumAnswerBytes, labels: labelOrder.map { Set($0) })
        for (index, object) in objects.enumerated() {
            var answers = await reader.read(object)
            do {
                guard !answers.readable.isEmpty else {
                    throw ObjectFailure(
                        message: object.rawAnswers.isEmpty
                            ? "no worker answered" : "no answer could be read: \(answers.rejected[0].reason)")
                }
                let text = try await texts.text(of: object, answers: answers.readable.map(\.answer))
                let id = object.datasetObjectID
                switch try answers.spans(text: text) {
                case .scalars(let spans, let text):
                    textOfObject[index] = text
                    scalars.append(AnsweredDocument(id: id, text: text, answers: spans), index, answers.rejected)
                case .utf16(let spans): utf16.append(AnsweredDocument(id: id, answers: spans), index, answers.rejected)
                case .tokens(let spans): tokens.append(AnsweredDocument(id: id, answers: spans), index, answers.rejected)
                }
            } catch {
                outcomes[index] = failed("\(error)", answers.rejected)
            }
        }
        consolidate(scalars, labelOrder, into: &outcomes) { span, index in textOfObject[index].map { $0.utf16(span) } }
        consolidate(utf16, labelOrder, into: &outcomes) { span, _ in span }
        consolidate(tokens, labelOrder, into: &outcomes) { span, _ in span }
        return outcomes
    }

    /// Objects whose answers count in one unit.
    private struct Batch<Position: TextPosition> {
        var documents: [AnsweredDocument<Position>] = []
        /// The objects' places in the event, and their answers that could not be read.
        var origins: [(index: Int, rejected: [AnswerReader.Rejection])] = []

        mutating func append(_ document: AnsweredDocument<Position>, _ index: Int, _ rejected: [AnswerReader.Rejection]) {
            documents.append(document)
            origins.append((index, rejected))
        }
    }

    /// - Parameter written: The span in the unit in which it is written, by the object's place in the event.
    private func consolidate<Position, Written>(
        _ batch: Batch<Position>, _ labelOrder: [Label]?, into outcomes: inout [Outcome],
        written: (LabeledSpan<Position>, Int) -> LabeledSpan<Written>?
    ) {
        let results = method.consolidator(labelOrder: labelOrder ?? []).consolidate(batch.documents)
        for (result, origin) in zip(results, batch.origins) {
            if let failure = result.failure {
                outcomes[origin.index] = failed("\(failure)", origin.rejected)
            } else {
                let spans = result.spans.compactMap { span in written(span.span, origin.index).map { (span, $0) } }
                outcomes[origin.index] = Outcome(members: members(spans, labelOrder, origin.rejected))
            }
        }
    }

    private func failed(_ reason: String, _ rejected: [AnswerReader.Rejection]) -> Outcome {
        let provenance = provenance(rejected: rejected).merging(["failure-reason": .string(reason)]) { $1 }
        return Outcome(members: ["consolidation": .object(provenance)], failure: reason)
    }

    /// The members `annotations` and `consolidation` of the answer.
    ///
    /// - Parameter spans: Each with itself in the unit in which it is written.
    private func members<Position, Written>(
        _ spans: [(consolidated: ConsolidatedSpan<Position>, written: LabeledSpan<Written>)], _ labelOrder: [Label]?,
        _ rejected: [AnswerReader.Rejection]
    ) -> [String: JSONOutput] {
        let labels = labelOrder ?? Set(spans.map(\.written.label)).sorted()
        let entities: [JSONOutput] = spans.map { _, span in
            ["endOffset": .int(span.end.rawValue), "label": .string(span.label.name), "startOffset": .int(span.start.rawValue)]
        }
        let own: [String: JSONOutput] = [
            "confidence": .array(spans.map { .decimal($0.consolidated.confidence) }),
            "offset-unit": .string(Written.unit),
            "rules": .array(spans.map { .string($0.consolidated.rule.rawValue) }),
            "support": .array(spans.map { .array($0.consolidated.support.map { .string($0) }) }),
        ]
        return [
            "annotations": ["entities": .array(entities), "labels": .array(labels.map { ["label": .string($0.name)] })],
            "consolidation": .object(provenance(rejected: rejected).merging(own) { $1 }),
        ]
    }

    private func provenance(rejected: [AnswerReader.Rejection]) -> [String: JSONOutput] {
        [
            "method": .string(method.rawValue),
            "rejected": .array(rejected.map { ["reason": .string($0.reason), "workerId": .string($0.workerID)] }),
        ]
    }
}

/// Why one object has no annotations.
struct ObjectFailure: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
}
