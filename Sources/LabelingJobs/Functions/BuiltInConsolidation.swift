import Consolidation
import Functions
import GroundTruth
import Logging
import Storage

/// What AWS's own functions do for text, in process: the task's input, and one label from several answers (contracts sections 11 to 13).
struct BuiltInConsolidation: Sendable {
    /// An object with its workers' answers, ordered by worker.
    typealias Answered = (object: ObjectRecord, line: ManifestLine, answers: [AnswerRecord])

    /// A label and what stands beside it in the metadata; or why there is none.
    enum Label: Sendable {
        case label(JSONOutput, metadata: [String: JSONOutput])
        case failed(String)
    }

    let task: BuiltInTask
    let categories: LabelCategories
    let store: any ObjectStore
    let manifest: ObjectURI?
    let logger: Logger

    /// `task.input` of the built-in pages.
    static func taskInput(_ line: ManifestLine, task: BuiltInTask, categories: LabelCategories) -> JSONOutput {
        let labels: [JSONOutput] = task == .entities ? categories.entries.map { .raw($0) } : categories.labels.map { .string($0) }
        let object = (line.value.present("source") ?? line.value.present("source-ref")).map { JSONOutput.raw($0) } ?? .null
        return ["labels": .array(labels), "manifestLine": .raw(line.raw), "taskObject": object]
    }

    /// - Returns: An outcome for each object, in order.
    func consolidate(_ objects: [Answered]) async -> [Label] {
        guard task != .entities else { return await entities(objects) }
        var ballots = ClassBallots(task: task, labels: categories.labels)
        for (object, _, answers) in objects {
            ballots.begin(object.number)
            for answer in answers { ballots.add(answer) }
        }
        return Array(ballots.labeled())
    }

    // MARK: Entities

    /// By the published rule, object for object: the result does not depend on which objects came together.
    private func entities(_ objects: [Answered]) async -> [Label] {
        let event: JSONOutput = [
            "labelAttributeName": "label", "labelCategories": .array(categories.labels.map { .string($0) }),
            "payload": .array(objects.map { ConsolidationRequest.element($0.object.number, $0.line, $0.answers) }),
            "version": "2018-10-16",
        ]
        let function = PostAnnotation(store: store, manifest: manifest, method: .groundTruth)
        do {
            let body = try await function.respond(to: event.bytes, logger: logger).body
            let elements = try JSONValue.message(body, "the consolidation").array ?? []
            return elements.map { entities($0["consolidatedAnnotation"]?["content"]?["label"]) }
        } catch {
            return objects.map { _ in .failed("\(error)") }
        }
    }

    private func entities(_ annotation: JSONValue?) -> Label {
        guard let found = annotation?["annotations"]?["entities"] else {
            return .failed(annotation?["consolidation"]?["failure-reason"]?.string ?? "the answers could not be consolidated")
        }
        let confidences = annotation?["consolidation"]?["confidence"]?.array ?? []
        var metadata: [String: JSONOutput] = ["entities": .array(confidences.map { ["confidence": .raw($0)] })]
        // AWS has no such member; without it marks of workers would be gone without a word.
        if let rejected = annotation?["consolidation"]?["rejected"]?.array, !rejected.isEmpty {
            metadata["rejected"] = .array(rejected.map { .raw($0) })
        }
        return .label(
            ["annotations": ["entities": .raw(found), "labels": .array(categories.entries.map { .raw($0) })]], metadata: metadata)
    }
}

/// What a post-annotation function is sent (contracts section 10).
enum ConsolidationRequest {
    /// One object of the payload: the answers by worker, each as the text of its JSON.
    static func element(_ number: Int, _ line: ManifestLine, _ answers: [AnswerRecord]) -> JSONOutput {
        var dataObject: [String: JSONOutput] = [:]
        if let source = line.string("source") {
            dataObject["content"] = .string(source)
        } else if let reference = line.string("source-ref") {
            dataObject["s3Uri"] = .string(reference)
        }
        let annotations: [JSONOutput] = answers.map { answer in
            ["annotationData": ["content": .string(answer.answer)], "workerId": .string(answer.worker)]
        }
        return [
            "annotations": .array(annotations), "dataObject": .object(dataObject), "datasetObjectId": .string("\(number)"),
        ]
    }

    static func event(_ job: JobRecord, labels: [String]?, payload: ObjectURI, tree: OutputTree) -> [UInt8] {
        var event: [String: JSONOutput] = [
            "labelAttributeName": .string(job.settings.attribute), "labelCategories": .null, "labelingJobArn": .string(job.arn),
            "outputConfig": .string("\(tree.annotations)"), "payload": ["s3Uri": .string("\(payload)")],
            "roleArn": .string(job.settings.roleARN), "version": "2018-10-16",
        ]
        if let labels { event["labelCategories"] = .array(labels.map { .string($0) }) }
        if let key = job.settings.kmsKeyID { event["kmsKeyId"] = .string(key) }
        return JSONOutput.object(event).bytes
    }
}
