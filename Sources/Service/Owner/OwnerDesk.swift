package import GroundTruth
package import LabelingJobs

/// What the owner of labeling jobs can have done and told, with the answers as JSON documents. ``OwnerRoutes`` sends them; the
/// command line prints from them, whether the jobs are in a file at hand or at a service, so that it says the same of both.
package struct OwnerDesk: Sendable {
    /// What a list gives at a time.
    static let pageSize = 100
    /// The same where entries are short.
    static let listingSize = 1000
    /// Of an object's text.
    private static let shownCharacters = 60
    /// How many more answers can be asked for at once.
    package static let moreAnswers = 1...9

    let engine: JobEngine

    package init(engine: JobEngine) { self.engine = engine }

    var store: JobStore { engine.store }
    var now: Timestamp { engine.clock.now() }

    // MARK: Jobs

    /// All jobs, the newest first.
    package func jobs() async throws(JobError) -> JSONOutput {
        var jobs: [JSONOutput] = []
        for job in try await store.jobs().reversed() { jobs.append(.object(try await summary(of: job))) }
        return ["jobs": .array(jobs)]
    }

    /// A job with its request and progress.
    ///
    /// - Throws: ``JobError`` `.notFound`.
    package func job(_ name: String) async throws(JobError) -> JSONOutput {
        let (job, now) = (try await store.job(named: name), now)
        let progress = try await store.progress(of: job, at: now)
        func moment(_ time: Timestamp?) -> JSONOutput { time.map { .string($0.answerDate) } ?? .null }
        var members = try await summary(of: job)
        members["arn"] = .string(job.arn)
        members["answerKind"] =
            switch job.settings.task {
            case .entities, nil: "spans"
            case .singleLabel: "class"
            case .multiLabel: "classes"
            }
        members["output"] = .string("\(job.outputManifest)")
        members["request"] = .raw(job.request)
        members["progress"] = [
            "answered": .int(progress.answeredObjects), "answers": .int(progress.answers), "batch": .int(progress.batch),
            "expectedEnd": moment(progress.expectedEnd(job.settings, at: now)), "firstAnswer": moment(progress.firstAnswer),
            "held": .int(progress.heldTasks), "lastAnswer": moment(progress.lastAnswer), "offered": .int(progress.offeredObjects),
            "offeredUntil": moment(progress.offeredUntil), "openAnswers": .int(progress.openAnswers),
            "waiting": .int(progress.waitingObjects), "workers": .int(progress.workers),
        ]
        return .object(members)
    }

    /// Asks a job to stop.
    ///
    /// - Returns: Its status then.
    /// - Throws: ``JobError`` `.notFound`.
    package func stop(_ name: String) async throws(JobError) -> JSONOutput {
        ["status": .string(try await store.stopJob(named: name, at: now).rawValue)]
    }

    /// A job as the list has it.
    private func summary(of job: JobRecord) async throws(JobError) -> [String: JSONOutput] {
        let counters = try await store.counters(of: job)
        return [
            "created": .string(job.created.answerDate), "failureReason": job.failureReason.map { .string($0) } ?? .null,
            "modified": .string(job.modified.answerDate), "name": .string(job.name),
            "counters": [
                "failed": .int(counters.failed), "labeled": .int(counters.labeled), "pending": .int(counters.pending),
                "total": .int(counters.total), "unlabeled": .int(counters.unlabeled),
            ],
            "status": .string(job.status.rawValue), "title": .string(job.title),
        ]
    }

    // MARK: Objects

    /// A page of a job's objects with their manifest lines, in order; `next` is where the next one begins, `null` behind the last.
    ///
    /// - Parameter state: Which; `nil` for all.
    /// - Throws: ``JobError`` `.notFound`.
    func objects(of name: String, in state: ObjectState?, from first: Int) async throws(JobError) -> JSONOutput {
        let job = try await store.job(named: name)
        let objects = try await store.objects(of: job, in: state.map { [$0] }, from: first, limit: Self.pageSize)
        let documents: [JSONOutput] = objects.map { object in
            [
                "answers": .int(object.answers), "batch": .int(object.batch),
                "failure": object.failure.map { .string($0) } ?? .null, "line": .string(object.line),
                "number": .int(object.number), "state": .string("\(object.state)"),
            ]
        }
        return [
            "next": objects.count < Self.pageSize ? .null : .int((objects.last?.number ?? 0) + 1), "objects": .array(documents),
        ]
    }

    /// A page of a job's objects in few words, as `prelabel job objects` lists them, in order; `next` as above.
    ///
    /// - Parameter state: Which; `nil` for all.
    /// - Throws: ``JobError`` `.notFound`.
    package func listing(of name: String, in state: ObjectState?, from first: Int) async throws(JobError) -> JSONOutput {
        let job = try await store.job(named: name)
        let objects = try await store.objects(of: job, in: state.map { [$0] }, from: first, limit: Self.listingSize)
        guard let last = objects.last else { return ["next": .null, "objects": []] }
        let warnings = try await store.warnings(of: job, in: first...last.number)
        var documents: [JSONOutput] = []
        for object in objects { documents.append(try Self.entry(of: object, warning: warnings[object.number])) }
        return ["next": objects.count < Self.listingSize ? .null : .int(last.number + 1), "objects": .array(documents)]
    }

    private static func entry(of object: ObjectSummary, warning: String?) throws(JobError) -> JSONOutput {
        let line: ManifestLine
        do { line = try ManifestLine(parsing: object.line.utf8) } catch {
            throw JobError(.storeFailed, "the line of object \(object.number) cannot be read: \(error)")
        }
        var entry: [String: JSONOutput] = [
            "answers": .int(object.answers), "batch": .int(object.batch), "number": .int(object.number),
            "state": .string("\(object.state)"), "wanted": .int(object.wanted),
        ]
        entry["source-ref"] = line.string("source-ref").map { .string($0) }
        entry["source"] = line.string("source").map { .string(String($0.prefix(shownCharacters))) }
        entry["failure-reason"] = object.failure.map { .string($0) }
        entry["warning"] = warning.map { .string($0) }
        return .object(entry)
    }

    /// A page of what came into a streaming job and is no object.
    ///
    /// - Parameter first: How many to pass over.
    /// - Throws: ``JobError`` `.notFound`.
    package func refused(of name: String, from first: Int) async throws(JobError) -> JSONOutput {
        let refused = try await store.rejections(of: try await store.job(named: name), from: first, limit: Self.pageSize)
        return [
            "next": refused.count < Self.pageSize ? .null : .int(first + refused.count),
            "refused": .array(refused.map { Self.document(of: $0) }),
        ]
    }

    static func document(of refused: StreamRejection) -> JSONOutput {
        [
            "body": .string(refused.body), "message": .string(refused.message), "reason": .string(refused.reason),
            "received": .string(refused.received.answerDate),
        ]
    }

    /// - Returns: How many objects went out again.
    /// - Throws: ``JobError`` `.notFound` or `.closed`.
    package func wantMore(_ count: Int, for objects: [Int]?, of job: String) async throws(JobError) -> JSONOutput {
        ["objects": .int(try await store.wantMore(count, for: objects, of: job, at: now))]
    }

    // MARK: Notices

    /// How many notices of finished objects wait and were given up, and a page of the latter.
    ///
    /// - Parameter first: How many to pass over.
    /// - Throws: ``JobError`` `.notFound`.
    package func notices(of name: String, from first: Int) async throws(JobError) -> JSONOutput {
        let job = try await store.job(named: name)
        let counts = try await store.noticeCounts(of: job)
        let dead = try await store.deadNotices(of: job, from: first, limit: Self.pageSize)
        return [
            "failed": .array(dead.map { Self.document(of: $0) }), "failedCount": .int(counts.dead),
            "next": dead.count < Self.pageSize ? .null : .int(first + dead.count), "waiting": .int(counts.waiting),
        ]
    }

    static func document(of notice: DeadNotice) -> JSONOutput {
        [
            "attempts": .int(notice.attempts), "object": .int(notice.number), "reason": .string(notice.error),
            "target": .string(notice.target),
        ]
    }

    /// Tries once more what was given up.
    ///
    /// - Returns: How many notices.
    /// - Throws: ``JobError`` `.notFound`.
    package func reviveNotices(of name: String) async throws(JobError) -> JSONOutput {
        ["revived": .int(try await store.reviveNotices(of: try await store.job(named: name)))]
    }
}
