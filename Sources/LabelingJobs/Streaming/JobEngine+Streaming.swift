import GroundTruth
import Logging

extension JobEngine {
    /// Messages taken in for a job at a time.
    static let intakeSize = 500
    private static let day = 86_400
    /// Objects not sent out in so long expire, as messages in their queue would.
    private static let expirySeconds = 14 * day
    /// A job without input and work for so long is stopped.
    private static let idleSeconds = 10 * day
    /// Before that it is said so.
    private static let idleWarningSeconds = 9 * day
    private static let checkSeconds = 3600

    /// Makes and subscribes a streaming job's queue, and notes the ids of what came with its manifest.
    func openStream(_ job: JobRecord) async throws(JobError) {
        try await store.setOutputTopic(job.settings.outputTopic, of: job)
        guard let topic = job.settings.inputTopic else { return }
        var queue: StreamQueue?
        if let messages {
            do throws(JobError) {
                queue = try await messages.openQueue("GroundTruth-\(job.name.lowercased())", on: topic)
            } catch {
                guard error.code == .notFound else { throw error }
                throw JobError(.invalid, "ClientError: InputConfig.DataSource.SnsDataSource.SnsTopicArn: \(error.message)")
            }
        }
        let now = clock.now()
        try await store.openStream(of: job, queue, at: now)
        var next = 0
        while true {
            let lines = try await store.outputLines(of: job, in: next..<Int.max, limit: Self.batchSize)
            guard let last = lines.last else { return }
            next = last.number + 1
            try await store.setObjectIDs(lines.compactMap { Self.objectID(of: $0) }, of: job, at: now)
        }
    }

    private static func objectID(of record: OutputRecord) -> (number: Int, id: String)? {
        guard let line = try? ManifestLine(parsing: record.line.utf8), let name = line.string(StreamReader.idAttribute),
            let id = line.string(name), !id.isEmpty
        else { return nil }
        return (record.number, id)
    }

    /// Takes in what waits in a streaming job's queue, up to a bound, and looks at its times.
    ///
    /// - Throws: ``JobError`` `.invalid` when the queue is gone: the job fails.
    func takeIn(_ job: JobRecord) async throws(JobError) {
        guard job.settings.isStreaming, let stream = try await store.stream(of: job) else { return }
        var count = 0
        do throws(JobError) {
            count = try await takeMessages(job, from: stream)
        } catch {
            switch error.code {
            case .notFound:
                throw JobError(
                    .invalid,
                    "ClientError: the queue \(stream.queue ?? "") of the job's input is gone: \(error.message). What was in it is lost; "
                        + "do not touch the queue of a running job")
            case .messagingFailed:
                logger.warning("a job's queue is not reached", metadata: ["job": "\(job.name)", "reason": "\(error)"])
            default: throw error
            }
        }
        if watchesFolders { count += try await takeWatched(job) }
        if count == 0 { try await checkTimes(job, stream) }
    }

    /// - Returns: How many messages there were.
    private func takeMessages(_ job: JobRecord, from stream: StreamStatus) async throws(JobError) -> Int {
        guard let messages, let queue = stream.queue else { return 0 }
        let received = try await messages.receive(from: queue, limit: Self.intakeSize)
        guard !received.isEmpty else { return 0 }
        let reader = StreamReader(attribute: job.settings.attribute)
        let tally = try await store.takeIn(received.map { reader.message($0.body, id: $0.id) }, of: job, at: clock.now())
        for rejection in tally.rejected {
            logger.warning(
                "a message is refused",
                metadata: ["job": "\(job.name)", "message": "\(rejection.message)", "reason": "\(rejection.reason)"])
        }
        // What is stored comes again when this fails, and is known then.
        try await messages.delete(received, from: queue)
        return received.count
    }

    /// Takes in all that is left when a job stops: nothing of it reaches a later job of the same name, and the output names it.
    func drainStream(_ job: JobRecord) async throws(JobError) {
        guard job.settings.isStreaming, let stream = try await store.stream(of: job) else { return }
        try await unsubscribe(job, stream)
        do throws(JobError) { while try await takeMessages(job, from: stream) > 0 {} } catch {
            logger.warning("a job's queue cannot be emptied", metadata: ["job": "\(job.name)", "reason": "\(error)"])
        }
    }

    /// Ends a stream's subscription when its job ends; the queue stays.
    func closeStream(_ job: JobRecord) async {
        guard job.settings.isStreaming, let stream = try? await store.stream(of: job) else { return }
        do throws(JobError) { try await unsubscribe(job, stream) } catch {
            logger.warning("a job's queue stays subscribed", metadata: ["job": "\(job.name)", "reason": "\(error)"])
        }
    }

    private func unsubscribe(_ job: JobRecord, _ stream: StreamStatus) async throws(JobError) {
        guard let messages, let subscription = stream.subscription else { return }
        try await messages.unsubscribe(subscription)
        try await store.closeStream(of: job)
    }

    // MARK: Time

    /// Lets objects expire that nobody could be given, and stops a job that has nothing to do, after saying so.
    private func checkTimes(_ job: JobRecord, _ stream: StreamStatus) async throws(JobError) {
        let now = clock.now()
        guard now >= stream.checked.adding(seconds: Self.checkSeconds) else { return }
        try await store.expireStreamed(
            of: job, receivedBefore: now.adding(seconds: -Self.expirySeconds),
            reason:
                "ClientError: the object was not sent to workers within 14 days: MaxConcurrentTaskCount or the team may be too small"
        )
        let lastWork = max(stream.lastInput, job.modified)
        let open = try await store.count(of: job, in: ObjectState.unfinished)
        let isIdle = open == 0 && now >= lastWork.adding(seconds: Self.idleWarningSeconds)
        if isIdle, !stream.isIdle {
            let end = lastWork.adding(seconds: Self.idleSeconds)
            logger.warning(
                "an idle job will be stopped", metadata: ["job": "\(job.name)", "at": "\(end.answerDate)"])
        }
        try await store.setStreamChecked(job, isIdle: isIdle, at: now)
        guard isIdle, now >= lastWork.adding(seconds: Self.idleSeconds) else { return }
        try await store.setStatus(
            .stopping, of: job, failure: "The job was idle for 10 days (no input, nothing to label) and was stopped.", at: now)
    }

    // MARK: From elsewhere

    /// Takes objects in that come neither through the queue nor a folder.
    ///
    /// - Parameters:
    ///   - lines: Each with what stands for it where it names no key of its own.
    ///   - name: A streaming job in progress.
    /// - Throws: ``JobError`` `.notFound`, or `.closed` for a job that takes no objects.
    package func addObjects(_ lines: [(text: String, id: String)], to name: String) async throws(JobError) -> StreamTally {
        let job = try await store.job(named: name)
        guard job.settings.isStreaming, job.status == .inProgress else {
            throw JobError(
                .closed,
                "job \(job.name) is \(job.settings.isStreaming ? job.status.rawValue : "no streaming job"): it takes no objects")
        }
        let reader = StreamReader(attribute: job.settings.attribute)
        return try await store.takeIn(
            lines.map { reader.line($0.text, id: $0.id) }, of: job, while: [.inProgress], at: clock.now())
    }
}
