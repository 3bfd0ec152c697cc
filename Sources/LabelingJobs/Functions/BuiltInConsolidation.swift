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
        task == .entities ? await entities(objects) : classes(objects.map(\.answers))
    }

    /// The classes of objects from their answers alone; workers are weighed by what they said about all of them.
    ///
    /// - Parameter objects: Each object's answers, ordered by worker.
    func classes(_ objects: [[AnswerRecord]]) -> [Label] { task == .multiLabel ? multiLabels(objects) : singleLabels(objects) }

    // MARK: Classes

    /// The labels that an answer chose, as places in the configuration, ascending; `nil` for an answer without any known.
    private func choices(_ answer: AnswerRecord) -> [Int]? {
        guard let value = try? JSONScanner.parse(Array(answer.answer.utf8)), let element = value[task.answerKey] else { return nil }
        let names = element["labels"]?.array?.compactMap(\.string) ?? element["label"]?.string.map { [$0] }
        return names?.compactMap { name in categories.labels.firstIndex { $0.utf8.elementsEqual(name.utf8) } }.sorted()
    }

    private func workerNumbers(_ objects: [[AnswerRecord]]) -> [String: Int] {
        let ids = Set(objects.flatMap { $0.map(\.worker) }).sorted()
        return Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
    }

    private func singleLabels(_ objects: [[AnswerRecord]]) -> [Label] {
        let workers = workerNumbers(objects)
        var votes: [ClassVotes.Vote] = []
        var voters = [Int](repeating: 0, count: objects.count)
        for (index, object) in objects.enumerated() {
            for answer in object {
                guard let choice = choices(answer)?.first, let worker = workers[answer.worker] else { continue }
                votes.append(ClassVotes.Vote(object: index, worker: worker, choice: choice))
                voters[index] += 1
            }
        }
        let model = ClassVotes(
            votes: votes, objectCount: objects.count, workerCount: workers.count, classCount: categories.labels.count)
        return objects.indices.map { index in
            guard voters[index] > 0 else { return .failed(noChoice) }
            let best = model.best(of: index)
            return .label(
                .int(best.choice),
                metadata: [
                    "class-name": .string(categories.labels[best.choice]),
                    "confidence": .decimal(voters[index] == 1 ? 0 : best.confidence),
                ])
        }
    }

    /// Every label is a question of its own with the answers no and yes; the line holds each that at least one worker chose.
    private func multiLabels(_ objects: [[AnswerRecord]]) -> [Label] {
        let workers = workerNumbers(objects)
        let answered: [[(String, [Int])]] = objects.map { $0.compactMap { answer in choices(answer).map { (answer.worker, $0) } } }
        var confidences = [[Int: Double]](repeating: [:], count: objects.count)
        for label in categories.labels.indices {
            let votes = answered.enumerated().flatMap { index, answers in
                answers.compactMap { id, chosen in
                    workers[id].map { ClassVotes.Vote(object: index, worker: $0, choice: chosen.contains(label) ? 1 : 0) }
                }
            }
            guard votes.contains(where: { $0.choice == 1 }) else { continue }
            let model = ClassVotes(votes: votes, objectCount: objects.count, workerCount: workers.count, classCount: 2)
            for vote in votes where vote.choice == 1 { confidences[vote.object][label] = model.chances[vote.object * 2 + 1] }
        }
        return objects.indices.map { index in
            guard !answered[index].isEmpty else { return .failed(noChoice) }
            let chosen = confidences[index].sorted { $0.key < $1.key }
            let isAlone = answered[index].count == 1
            return .label(
                .array(chosen.map { .int($0.key) }),
                metadata: [
                    "class-map": .object(
                        Dictionary(uniqueKeysWithValues: chosen.map { ("\($0.key)", .string(categories.labels[$0.key])) })),
                    "confidence-map": .object(
                        Dictionary(uniqueKeysWithValues: chosen.map { ("\($0.key)", .decimal(isAlone ? 0 : $0.value)) })),
                ])
        }
    }

    private var noChoice: String { "no answer has a known label under `\(task.answerKey)`" }

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
        return .label(
            ["annotations": ["entities": .raw(found), "labels": .array(categories.entries.map { .raw($0) })]],
            metadata: ["entities": .array(confidences.map { ["confidence": .raw($0)] })])
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
