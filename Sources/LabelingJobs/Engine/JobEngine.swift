package import GroundTruth
package import Logging
package import Storage

/// Moves labeling jobs on: reads their manifests, sends objects out, takes them back, consolidates, and writes the outputs.
///
/// Workers' calls go to the ``JobStore`` directly; what they leave to do is done at the next ``advance()``.
package actor JobEngine {
    package nonisolated let store: JobStore
    package nonisolated let objects: any ObjectStore
    nonisolated let functions: any JobFunctions
    /// Topics and queues; without them streaming jobs get their objects over HTTP and in folders only.
    package nonisolated let messages: (any JobMessages)?
    /// Whether files in the folder `incoming` of a streaming job's output are taken in.
    nonisolated let watchesFolders: Bool
    package nonisolated let clock: JobClock
    nonisolated let logger: Logger
    nonisolated let listener: (any OutputListener)?
    package nonisolated let account: Account
    private nonisolated let encryption: Encryption
    private var isAdvancing = false
    private var heldUp: [String: HoldUp] = [:]
    /// The first object of each static job's open batch, as far as this engine opened it.
    var batchStart: [Int64: Int] = [:]
    private var hasTakenUp = false

    /// Where the jobs seem to live, for ARNs.
    package struct Account: Sendable {
        package let region: String
        package let id: String
        package init(region: String, id: String) { (self.region, self.id) = (region, id) }
    }

    /// What becomes of a job that asks for a key.
    package enum Encryption: Sendable {
        /// The object store encrypts.
        case available
        /// It cannot; jobs with a `KmsKeyId` are refused.
        case refused
        /// It cannot, and its owner takes the outputs unencrypted.
        case waived
    }

    /// Seconds between two writes of a running job's `output.manifest`.
    static let outputIntervalSeconds = 30
    /// Objects prepared, consolidated or written at a time.
    static let batchSize = 500
    /// Objects that go out in one transaction: answers that come in meanwhile wait for it.
    static let sentOutAtOnce = 100
    /// Functions called, and small objects written, at a time.
    static let width = 8

    package init(
        store: JobStore, objects: any ObjectStore, functions: any JobFunctions, account: Account, encryption: Encryption,
        messages: (any JobMessages)? = nil, watchesFolders: Bool = false, clock: JobClock = .system,
        listener: (any OutputListener)? = nil, logger: Logger
    ) {
        (self.messages, self.watchesFolders) = (messages, watchesFolders)
        (self.store, self.objects, self.functions, self.account) = (store, objects, functions, account)
        (self.encryption, self.clock, self.listener, self.logger) = (encryption, clock, listener, logger)
    }

    /// Takes a CreateLabelingJob request.
    ///
    /// - Returns: The job's ARN.
    /// - Throws: ``JobError`` `.invalid` that names the member, `.inUse`.
    package func create(_ request: JSONValue) async throws(JobError) -> String {
        let settings = try JobSettings(request)
        if let fault = encryptionFault(request) { throw fault }
        let arn = "arn:aws:sagemaker:\(account.region):\(account.id):labeling-job/\(settings.name.lowercased())"
        var tags = try ResourceTag.tags(in: request)
        if settings.kmsKeyID != nil, encryption == .waived { tags.append(.unencrypted) }
        try await store.insertJob(request, settings, arn: arn, tags: tags, at: clock.now())
        return arn
    }

    /// Why a request that names a key cannot be kept to here.
    nonisolated func encryptionFault(_ request: JSONValue) -> JobError? {
        let key = request.present("OutputConfig")?.present("KmsKeyId")?.string ?? ""
        guard !key.isEmpty, encryption == .refused else { return nil }
        return JobError(
            .invalid,
            "OutputConfig.KmsKeyId: the data folder cannot encrypt. Write the output to S3, or start the service with "
                + "--allow-unencrypted")
    }

    /// Does what there is to do for every job, once. A call during another does nothing: there is one pair of hands.
    package func advance() async throws(JobError) {
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        if !hasTakenUp {
            try await store.returnUnfinished()
            if listener != nil { for job in try await store.jobs() where job.hasOutput { try await tellListener(of: job) } }
            hasTakenUp = true
        }
        await attempt("forgetting workers") { () throws(JobError) in try await eraseForgotten() }
        for job in try await store.activeJobs() {
            await attempt("job \(job.name)") { () throws(JobError) in try await advance(job) }
        }
    }

    /// Does what is not held up. What fails is held up for a while, and nothing else: not another job by outputs that cannot be written.
    private func attempt(_ what: String, _ action: () async throws(JobError) -> Void) async {
        let now = clock.now()
        if let hold = heldUp[what], hold.holds(at: now) { return }
        do throws(JobError) {
            try await action()
            heldUp[what] = nil
        } catch {
            guard !Task.isCancelled else { return }
            heldUp[what] = HoldUp(after: heldUp[what], at: now)
            logger.error("work is held up", metadata: ["reason": "\(error)", "work": "\(what)"])
        }
    }

    /// What hinders a job is tried again after one second, two, four, at last every thirty.
    private struct HoldUp {
        private static let longestSeconds = 30
        private let start: Timestamp
        private let seconds: Int

        init(after last: HoldUp?, at now: Timestamp) {
            (start, seconds) = (now, min(last.map { $0.seconds * 2 } ?? 1, Self.longestSeconds))
        }

        /// A clock that was set back holds nothing up.
        func holds(at now: Timestamp) -> Bool { start <= now && now < start.adding(seconds: seconds) }
    }

    /// Between two looks at the jobs: so long does a worker wait for the next batch.
    private static let pause = Duration.milliseconds(250)

    /// Advances again and again until the task is cancelled.
    package nonisolated func run() async {
        await withTaskExecutorPreference(EngineThreads()) {
            while !Task.isCancelled {
                do {
                    try await advance()
                    try await store.checkpoint()
                } catch {
                    guard !Task.isCancelled else { return }
                    logger.error("labeling jobs cannot be advanced", metadata: ["reason": "\(error)"])
                }
                do { try await Task.sleep(for: Self.pause) } catch { return }
            }
        }
    }

    private func advance(_ job: JobRecord) async throws(JobError) {
        do throws(JobError) {
            switch job.status {
            case .initializing: try await begin(job)
            case .inProgress: try await proceed(job)
            case .stopping: try await stop(job)
            case .completed, .failed, .stopped: try await revise(job)
            }
        } catch {
            // A job that has ended keeps its status.
            guard error.code == .invalid || error.code == .functionFailed, !job.status.isFinal else { throw error }
            logger.error("job failed", metadata: ["job": "\(job.name)", "reason": "\(error)"])
            let job = try await store.job(named: job.name)
            // Of a manifest that could not be read to its end no part is an output.
            if !job.hasOutput { try await store.removeObjects(of: job) }
            return try await end(job, as: .failed, failure: error.message)
        }
        guard job.status == .initializing else { return }
        // Its first tasks need not wait for the next look.
        let begun = try await store.job(named: job.name)
        if begun.status == .inProgress { try await advance(begun) }
    }

    private func proceed(_ job: JobRecord) async throws(JobError) {
        let now = clock.now()
        guard now < job.created.adding(seconds: Self.maximumJobSeconds) || job.settings.isStreaming else {
            throw JobError(.invalid, "ClientError: the labeling job is older than 30 days")
        }
        try await store.endLeases(of: job, at: now)
        try await store.closeObjects(of: job, all: false, at: now)
        try await consolidateAnswered(of: job)
        try await takeIn(job)
        let left = try await labelsLeft(job)
        if left == 0, try await store.count(of: job, in: ObjectState.unfinished) > 0 {
            try await store.setStatus(.stopping, of: job, at: now)
            return
        }
        try await sendOut(job, atMost: left ?? .max)
        if try await store.count(of: job, in: ObjectState.unfinished) == 0, !job.settings.isStreaming {
            if let failure = try await failureOfAll(job) { return try await end(job, as: .failed, failure: failure) }
            try await refit(job)
            try await end(job, as: .completed)
        } else if job.isDirty, now >= job.written.adding(seconds: Self.outputIntervalSeconds) {
            try await writeOutputs(of: job)
        }
    }

    private static let maximumJobSeconds = 30 * 86_400

    private func stop(_ job: JobRecord) async throws(JobError) {
        // A stop that came before the manifest was read: the output has its lines all the same.
        if !job.hasOutput { try await read(job) }
        try await drainStream(job)
        try await store.closeObjects(of: job, all: true, at: clock.now())
        try await consolidateAnswered(of: job)
        try await refit(job)
        try await end(job, as: .stopped)
    }

    /// Consolidates again what lost answers after the job's end; the status stays. A revision is settled last, so that none is lost with
    /// the program.
    private func revise(_ job: JobRecord) async throws(JobError) {
        try await consolidateAnswered(of: job)
        try await refit(job)
        try await writeOutputs(of: job)
        try await store.settleRevisions(of: job)
    }

    /// Why a function failed for every object, which is a fault of the job and not of its objects (contracts section 5).
    private func failureOfAll(_ job: JobRecord) async throws(JobError) -> String? {
        let counters = try await store.counters(of: job)
        guard counters.failed == counters.total else { return nil }
        return try await store.failureOfAll(job, beginning: JobError.functionFailure)
    }

    /// How many objects may still get a label before a stopping condition is met; `nil` for a job without one. Streaming jobs have
    /// none.
    private func labelsLeft(_ job: JobRecord) async throws(JobError) -> Int? {
        let settings = job.settings
        guard !settings.isStreaming, settings.maximumLabeledObjects != nil || settings.maximumLabeledPercent != nil else {
            return nil
        }
        let counters = try await store.counters(of: job)
        let share = settings.maximumLabeledPercent.map { (counters.total * $0 + 99) / 100 }
        let most = min(settings.maximumLabeledObjects ?? .max, share ?? .max)
        return max(0, most - counters.labeled)
    }

    /// Writes the outputs and sets a final status, in this order: who sees the status finds the outputs.
    private func end(_ job: JobRecord, as status: JobStatus, failure: String? = nil) async throws(JobError) {
        await closeStream(job)
        do throws(JobError) { if status != .failed || job.hasOutput { try await writeOutputs(of: job) } } catch {
            guard status == .failed else { throw error }
            logger.error("the outputs of a failed job cannot be written", metadata: ["job": "\(job.name)", "reason": "\(error)"])
        }
        let failure = failure.map { String($0.prefix(1024)) }
        guard try await store.setStatus(status, of: job, failure: failure, at: clock.now()) else { return }
        batchStart[job.id] = nil
        logger.notice("job ended", metadata: ["job": "\(job.name)", "status": "\(status.rawValue)"])
    }
}
