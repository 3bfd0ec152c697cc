import GroundTruth
import Logging

extension JobEngine {
    typealias Answered = BuiltInConsolidation.Answered

    /// Consolidates what workers have answered.
    func consolidateAnswered(of job: JobRecord) async throws(JobError) {
        while true {
            let taken = try await store.takeAnswered(of: job, limit: Self.batchSize)
            guard !taken.isEmpty else { return }
            do throws(JobError) {
                var batch: [Answered] = []
                for (object, answers) in taken { batch.append((object, try object.manifestLine, answers)) }
                // A batch of a request is of one iteration: its name says so.
                for iteration in Set(batch.map(\.object.iteration)).sorted() {
                    let outcomes = try await consolidate(batch.filter { $0.object.iteration == iteration }, of: job, iteration)
                    try await store.setConsolidated(outcomes, of: job, at: clock.now())
                }
            } catch {
                try await store.returnAnswered(taken.map(\.object.number), of: job)
                throw error
            }
        }
    }

    private func consolidate(
        _ batch: [Answered], of job: JobRecord, _ iteration: Int
    ) async throws(JobError) -> [(number: Int, outcome: ConsolidatedObject)] {
        let tree = OutputTree(store: objects, settings: job.settings)
        let written = try await concurrentMap(batch, width: Self.width) { object, line, answers throws(JobError) in
            let uri = try await tree.writeResponse(answers, to: object.number, iteration: iteration)
            return (number: object.number, uri: uri, change: await PinnedTexts(store: tree.store).change(of: object, line))
        }
        var responses: [Int: String] = [:]
        var changed: [Int: String] = [:]
        for (number, uri, change) in written {
            (responses[number], changed[number]) = ("\(uri)", change)
        }
        let failures = batch.compactMap { object, line, _ in
            changed[object.number].map { (object.number, failed(line, job, $0)) }
        }
        let unchanged = batch.filter { changed[$0.object.number] == nil }
        guard !unchanged.isEmpty else { return failures }
        return try await label(unchanged, of: job, iteration, tree, responses: responses) + failures
    }

    /// - Parameter responses: Where each object's answers were written.
    private func label(
        _ batch: [Answered], of job: JobRecord, _ iteration: Int, _ tree: OutputTree, responses: [Int: String]
    ) async throws(JobError) -> [(number: Int, outcome: ConsolidatedObject)] {
        switch job.settings.after {
        case .none:
            return batch.map { object, line, _ in
                let metadata: [String: JSONOutput] = ["worker-response-ref": .string(responses[object.number] ?? "")]
                return (object.number, labeled(line, job, [:], metadata, type: "groundtruth/custom"))
            }
        case .builtIn(let task):
            let labels = try await builtIn(task, of: job).consolidate(batch)
            let payload = JSONOutput.array(
                batch.map { ConsolidationRequest.element($0.object.number, $0.line, $0.answers) })
            _ = try await tree.writeConsolidation(.request, iteration: iteration, payload.bytes, at: clock.now())
            let attribute = job.settings.attribute
            let response: [JSONOutput] = zip(batch, labels).compactMap { object, label in
                guard case .label(let value, let metadata) = label else { return nil }
                return [
                    "consolidatedAnnotation": [
                        "content": .object([attribute: value, "\(attribute)-metadata": .object(metadata)])
                    ], "datasetObjectId": .string("\(object.object.number)"),
                ]
            }
            _ = try await tree.writeConsolidation(
                .response, iteration: iteration, JSONOutput.array(response).bytes, at: clock.now())
            return zip(batch, labels).map { ($0.object.number, outcome($1, $0.line, job, task)) }
        case .named(let function):
            return try await ask(function, about: batch, of: job, iteration, tree)
        }
    }

    private func builtIn(_ task: BuiltInTask, of job: JobRecord) throws(JobError) -> BuiltInConsolidation {
        guard let categories = try job.categories else {
            throw JobError(.invalid, "LabelCategoryConfigS3Uri must be given: the built-in functions need the labels")
        }
        return BuiltInConsolidation(
            task: task, categories: categories, store: objects, manifest: job.settings.manifest, logger: logger)
    }

    // MARK: Functions

    /// How often a function that fails is asked again before its batch is halved.
    private static let attempts = 3

    /// Asks a function about a batch. A batch that fails again and again is halved until the object at fault stands alone and fails.
    func ask(
        _ function: String, about batch: [Answered], of job: JobRecord, _ iteration: Int, _ tree: OutputTree
    ) async throws(JobError) -> [(number: Int, outcome: ConsolidatedObject)] {
        let payload = JSONOutput.array(batch.map { ConsolidationRequest.element($0.object.number, $0.line, $0.answers) })
        let uri = try await tree.writeConsolidation(.request, iteration: iteration, payload.bytes, at: clock.now())
        let event = ConsolidationRequest.event(job, labels: try job.categories?.labels, payload: uri, tree: tree)
        var failure = ""
        for _ in 0..<Self.attempts {
            do {
                let response = try await functions.invoke(function, event: event)
                let elements = try JSONValue.message(response, "the response of \(function)").array
                guard let elements else { throw ContractError(.wrongType, "the response of \(function) is not an array") }
                _ = try await tree.writeConsolidation(.response, iteration: iteration, response, at: clock.now())
                return outcomes(elements, batch, job)
            } catch let error as JobError where [.outputFailed, .outputRefused].contains(error.code) {
                throw error
            } catch {
                failure = "\(error)"
            }
        }
        guard batch.count > 1 else { return batch.map { ($0.object.number, failed($0.line, job, failure)) } }
        logger.warning("a consolidation failed and is halved", metadata: ["job": "\(job.name)", "reason": "\(failure)"])
        let middle = batch.count / 2
        return try await ask(function, about: Array(batch[..<middle]), of: job, iteration, tree)
            + ask(function, about: Array(batch[middle...]), of: job, iteration, tree)
    }

    /// Each object's element of a response: of several the last; ids that nobody asked about are passed over.
    private func outcomes(
        _ elements: [JSONValue], _ batch: [Answered], _ job: JobRecord
    ) -> [(number: Int, outcome: ConsolidatedObject)] {
        var contents: [Int: JSONValue] = [:]
        for element in elements {
            guard let id = element["datasetObjectId"].flatMap({ $0.string.flatMap { Int($0) } ?? $0.int }) else { continue }
            if contents[id] != nil {
                logger.warning("an object is answered twice", metadata: ["job": "\(job.name)", "datasetObjectId": "\(id)"])
            }
            contents[id] = element["consolidatedAnnotation"]?["content"]
        }
        return batch.map { object, line, _ in
            guard let label = contents[object.number]?[job.settings.attribute] else {
                return (object.number, failed(line, job, missing(job.settings.attribute, in: contents[object.number])))
            }
            if let reason = unusable(label) { return (object.number, failed(line, job, reason)) }
            return (object.number, labeled(line, job, .raw(label), [:], type: "groundtruth/custom"))
        }
    }

    /// Why an object has no label.
    ///
    /// - Parameter content: What the function answered for it; `nil`: nothing.
    private func missing(_ attribute: String, in content: JSONValue?) -> String {
        guard let content else { return "ClientError: the consolidation function answered nothing for this object" }
        let found = content.object.map { members in
            members.isEmpty ? "no keys" : members.prefix(10).map { "`\($0.key)`" }.joined(separator: ", ")
        }
        return "ClientError: the consolidation function's content for this object has no key `\(attribute)`, the label attribute; "
            + "it has \(found ?? "no keys: it is \(content.kindName)")"
    }

    /// Why a content of our own function has no label: none of the answers could be used.
    private func unusable(_ content: JSONValue) -> String? {
        content.present("annotations") == nil ? content["consolidation"]?["failure-reason"]?.string : nil
    }

    // MARK: Lines

    func outcome(
        _ label: BuiltInConsolidation.Label, _ line: ManifestLine, _ job: JobRecord, _ task: BuiltInTask
    ) -> ConsolidatedObject {
        switch label {
        case .label(let value, let metadata): labeled(line, job, value, metadata, type: task.outputType)
        case .failed(let reason): failed(line, job, reason)
        }
    }

    private func labeled(
        _ line: ManifestLine, _ job: JobRecord, _ label: JSONOutput, _ metadata: [String: JSONOutput], type: String
    ) -> ConsolidatedObject {
        let attribute = job.settings.attribute
        let now = clock.now()
        let common: [String: JSONOutput] = [
            "creation-date": .string(job.settings.task == nil ? now.customDate : now.builtInDate), "human-annotated": "yes",
            "job-name": .string("labeling-job/\(job.name.lowercased())"), "type": .string(type),
        ]
        let bytes = line.setting([
            attribute: label, "\(attribute)-metadata": .object(metadata.merging(common) { own, _ in own }),
        ])
        return .labeled(line: String(decoding: bytes, as: UTF8.self))
    }

    private func failed(_ line: ManifestLine, _ job: JobRecord, _ reason: String) -> ConsolidatedObject {
        let bytes = OutputLine.failed(line, attribute: job.settings.attribute, reason: reason)
        return .failed(line: String(decoding: bytes, as: UTF8.self), reason: reason)
    }
}
