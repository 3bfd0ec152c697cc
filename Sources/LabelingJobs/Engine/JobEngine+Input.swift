import GroundTruth
import Storage

extension JobEngine {
    /// Objects that a job takes (contracts section 21).
    static let maximumObjects = 100_000

    /// Reads categories and manifest. A reading that was cut off begins anew: until the job is in progress nobody sees its objects.
    func begin(_ job: JobRecord) async throws(JobError) {
        if let uri = job.settings.categories {
            let bytes: [UInt8]
            do { bytes = try await objects.get(uri, atMost: LabelCategories.maximumBytes) } catch {
                throw JobError(.invalid, "ClientError: LabelCategoryConfigS3Uri: \(error)")
            }
            try LabelCategories(parsing: bytes).check(for: job.settings.task)
            try await store.setCategories(String(decoding: bytes, as: UTF8.self), of: job)
        }
        try await store.removeObjects(of: job)
        if let manifest = job.settings.manifest { try await readManifest(manifest, of: job) }
        try await openStream(job)
        try await store.setStatus(.inProgress, of: job, at: clock.now())
    }

    private func readManifest(_ manifest: ObjectURI, of job: JobRecord) async throws(JobError) {
        var reader = InputManifestReader(attribute: job.settings.attribute, maximumObjects: Self.maximumObjects)
        do {
            try await objects.read(manifest) { piece in
                try reader.append(piece)
                if reader.read.count >= Self.batchSize { try await store.insertObjects(reader.take(), of: job) }
            }
            try reader.finish()
            try await store.insertObjects(reader.take(), of: job)
        } catch let error as JobError {
            throw error
        } catch {
            throw JobError(.invalid, "ClientError: the manifest cannot be read: \(error)")
        }
        guard reader.count > 0 || job.settings.isStreaming else {
            throw JobError(.invalid, "ClientError: the manifest has no objects")
        }
    }

    // MARK: Out to the workers

    /// Sends objects out: a batch of a static job when the one before is done, objects of a streaming job as others come back.
    func sendOut(_ job: JobRecord) async throws(JobError) {
        let pending = try await store.count(of: job, in: ObjectState.pending)
        let isOpen = job.settings.isStreaming ? pending < job.settings.maximumConcurrentObjects : pending == 0
        guard isOpen else { return }
        var room = job.settings.maximumConcurrentObjects - pending
        var iteration: Int?
        while room > 0 {
            let objects = try await store.objects(of: job, in: .new, limit: min(room, Self.sentOutAtOnce))
            guard !objects.isEmpty else { return }
            if iteration == nil { iteration = try await store.openIteration(of: job) }
            let prepared = try await concurrentMap(objects, width: Self.width) { object throws(JobError) in
                (number: object.number, outcome: try await self.prepare(object, of: job))
            }
            try await store.setPrepared(prepared, of: job, iteration: iteration ?? 1, at: clock.now())
            room -= prepared.count { if case .available = $0.outcome { true } else { false } }
        }
    }

    /// Calls the pre-annotation function for one object. What fails costs this object, with the reason in its output line.
    private nonisolated func prepare(_ object: ObjectRecord, of job: JobRecord) async throws(JobError) -> PreparedObject {
        let line = try object.manifestLine
        let textSHA256 = await PinnedTexts(store: objects).hash(of: line)
        switch job.settings.before {
        case .none: return .available(input: object.line, textSHA256: textSHA256)
        case .builtIn(let task):
            guard let categories = try job.categories else {
                throw JobError(.invalid, "LabelCategoryConfigS3Uri must be given: the built-in functions need the labels")
            }
            let input = BuiltInConsolidation.taskInput(line, task: task, categories: categories)
            return .available(input: String(decoding: input.bytes, as: UTF8.self), textSHA256: textSHA256)
        case .named(let function):
            let event: JSONOutput = [
                "dataObject": .raw(line.raw), "labelingJobArn": .string(job.arn), "version": "2018-10-16",
            ]
            do {
                let response = try PreAnnotationResponse(parsing: try await functions.invoke(function, event: event.bytes))
                guard response.isHumanAnnotationRequired else { return .excluded }
                return .available(input: String(decoding: response.taskInput.raw, as: UTF8.self), textSHA256: textSHA256)
            } catch let error as ContractError {
                return .failed(reason: "ClientError: \(error.message)")
            } catch {
                return .failed(reason: "\(error)")
            }
        }
    }
}
