import GroundTruth
import Storage

extension JobEngine {
    /// Objects that a job takes (contracts section 21).
    static let maximumObjects = 100_000

    /// Reads what the job needs, opens its stream, and shows it to workers.
    func begin(_ job: JobRecord) async throws(JobError) {
        try await read(job)
        try await openStream(job)
        try await store.setStatus(.inProgress, of: job, at: clock.now())
    }

    /// Reads categories and manifest, and writes the first output manifest. A reading that was cut off begins anew: until the job is in
    /// progress nobody sees its objects.
    func read(_ job: JobRecord) async throws(JobError) {
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
        do throws(JobError) { try await writeOutputs(of: job) } catch {
            // Better now than after people have worked.
            guard error.code == .outputRefused else { throw error }
            throw JobError(.invalid, "ClientError: OutputConfig.S3OutputPath: \(error)")
        }
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
    ///
    /// - Parameter most: How many objects may still get a label.
    func sendOut(_ job: JobRecord, atMost most: Int) async throws(JobError) {
        let pending = try await store.count(of: job, in: ObjectState.pending)
        let isOpen = job.settings.isStreaming ? pending < job.settings.maximumConcurrentObjects : pending == 0
        guard isOpen else { return }
        var room = min(job.settings.maximumConcurrentObjects, most) - pending
        var iteration: Int?
        while room > 0 {
            let objects = try await store.objects(of: job, in: .new, limit: min(room, Self.sentOutAtOnce))
            guard !objects.isEmpty else { return }
            if iteration == nil {
                if !job.settings.isStreaming { try await closeBatch(of: job, before: objects[0].number) }
                iteration = try await store.openIteration(of: job)
            }
            let prepared = try await concurrentMap(objects, width: Self.width) { object throws(JobError) in
                (number: object.number, outcome: try await self.prepare(object, of: job))
            }
            try await store.setPrepared(prepared, of: job, iteration: iteration ?? 1, at: clock.now())
            room -= prepared.count { if case .available = $0.outcome { true } else { false } }
        }
    }

    /// Writes the intermediate file of a batch that is done for the last time.
    private func closeBatch(of job: JobRecord, before number: Int) async throws(JobError) {
        if job.iteration > 0 { try await writeIntermediate(of: job, (batchStart[job.id] ?? 0)..<number) }
        batchStart[job.id] = number
    }

    /// Calls the pre-annotation function for one object. What fails costs this object, with the reason in its output line.
    private nonisolated func prepare(_ object: ObjectRecord, of job: JobRecord) async throws(JobError) -> PreparedObject {
        let line = try object.manifestLine
        let textSHA256: String?
        switch await PinnedTexts(store: objects).read(of: line) {
        // A store that does not answer now is asked again when a worker opens the task.
        case .none, .unavailable: textSHA256 = nil
        case .read(let sha256): textSHA256 = sha256
        // A function of somebody else's may do without the text.
        case .unreadable where job.settings.before.isNamed: textSHA256 = nil
        case .unreadable(let reason): return .failed(reason: "ClientError: \(reason)")
        }
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
