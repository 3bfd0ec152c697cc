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
        let labelOrder = request.labelCategories?.map { Label($0) }
        var elements: [JSONOutput] = []
        var failures: [(datasetObjectID: String, reason: String)] = []
        for object in objects {
            var annotation: [String: JSONOutput] = ["annotationsFromAllWorkers": .array(object.rawAnswers.map { .raw($0) })]
            if method != .allWorkers {
                let outcome = await consolidate(object, texts: texts, labelOrder: labelOrder)
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

    // MARK: One object

    private struct Outcome {
        var members: [String: JSONOutput] = [:]
        var failure: String?
    }

    private func consolidate(_ object: AnsweredObject, texts: ObjectTexts, labelOrder: [Label]?) async -> Outcome {
        var answers = await AnswerReader(store: store, maximumBytes: Self.maximumAnswerBytes).read(object)
        do {
            guard !answers.readable.isEmpty else {
                throw ObjectFailure(
                    message: object.rawAnswers.isEmpty
                        ? "no worker answered" : "no answer could be read: \(answers.rejected[0].reason)")
            }
            let text = try await texts.text(of: object, answers: answers.readable.map(\.answer))
            let spans = try answers.spans(text: text)
            let result: [String: JSONOutput] =
                switch spans {
                case .scalars(let spans, let text):
                    members(try consolidate(spans, labelOrder), labelOrder, answers.rejected) { text.utf16($0) }
                case .utf16(let spans): members(try consolidate(spans, labelOrder), labelOrder, answers.rejected) { $0 }
                case .tokens(let spans): members(try consolidate(spans, labelOrder), labelOrder, answers.rejected) { $0 }
                }
            return Outcome(members: result)
        } catch {
            let reason = "\(error)"
            let provenance = provenance(rejected: answers.rejected).merging(["failure-reason": .string(reason)]) { $1 }
            return Outcome(members: ["consolidation": .object(provenance)], failure: reason)
        }
    }

    private func consolidate<Position>(
        _ spans: [WorkerSpans<Position>], _ labelOrder: [Label]?
    ) throws(ConsolidationError) -> [ConsolidatedSpan<Position>] {
        try GroundTruthRule.consolidate(spans, labelOrder: labelOrder ?? [])
    }

    /// The members `annotations` and `consolidation` of the answer.
    ///
    /// - Parameter written: The span in the unit in which it is written.
    private func members<Position, Written>(
        _ spans: [ConsolidatedSpan<Position>], _ labelOrder: [Label]?, _ rejected: [AnswerReader.Rejection],
        written: (LabeledSpan<Position>) -> LabeledSpan<Written>
    ) -> [String: JSONOutput] {
        let labels = labelOrder ?? Set(spans.map(\.span.label)).sorted()
        let entities: [JSONOutput] = spans.map { consolidated in
            let span = written(consolidated.span)
            return [
                "endOffset": .int(span.end.rawValue), "label": .string(span.label.name), "startOffset": .int(span.start.rawValue),
            ]
        }
        let own: [String: JSONOutput] = [
            "confidence": .array(spans.map { .decimal($0.confidence) }),
            "offset-unit": .string(Written.unit),
            "support": .array(spans.map { .array($0.support.map { .string($0) }) }),
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
