import GRDB
import GroundTruth

extension JobStore {
    /// - Throws: ``JobError`` `.inUse` when a job has this name, in any case.
    func insertJob(
        _ request: JSONValue, _ settings: JobSettings, arn: String, tags: [ResourceTag], at now: Timestamp
    ) async throws(JobError) {
        let text = String(decoding: request.raw, as: UTF8.self)
        let key = settings.name.lowercased()
        try await write { database in
            try Self.requireNoJob(named: settings.name, in: database)
            try database.execute(
                sql: """
                    INSERT INTO job (name, key, arn, status, request, workteam, task_seconds, availability_seconds, created, modified)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    settings.name, key, arn, JobStatus.initializing.rawValue, text, settings.workteamARN,
                    settings.taskSeconds, settings.availabilitySeconds, now.milliseconds, now.milliseconds,
                ])
            try Self.addTags(tags, to: arn, in: database)
        }
    }

    /// Whether a job could have a name.
    ///
    /// - Throws: ``JobError`` `.inUse` when one has it, in any case, `.invalid` for what is no name.
    package func requireFree(jobName name: String) async throws(JobError) {
        let request: JSONOutput = ["LabelingJobName": .string(name)]
        let parsed: JSONValue
        do { parsed = try JSONScanner.parse(request.bytes) } catch { preconditionFailure("our own JSON: \(error)") }
        try LabelingOperation.describeLabelingJob.check(parsed)
        try await read { try Self.requireNoJob(named: name, in: $0) }
    }

    private static func requireNoJob(named name: String, in database: Database) throws {
        if try Bool.fetchOne(database, sql: "SELECT 1 FROM job WHERE key = ?", arguments: [name.lowercased()]) != nil {
            throw JobError(.inUse, "Labeling job name must be unique; there is a job \(name)")
        }
    }

    /// - Throws: ``JobError`` `.notFound`.
    package func job(named name: String) async throws(JobError) -> JobRecord {
        try await read { database in
            guard let row = try Row.fetchOne(database, sql: "SELECT * FROM job WHERE key = ?", arguments: [name.lowercased()])
            else {
                throw JobError.noJob(name)
            }
            return try JobRecord(row)
        }
    }

    /// All jobs, the oldest first.
    package func jobs() async throws(JobError) -> [JobRecord] {
        try await read { try Row.fetchAll($0, sql: "SELECT * FROM job ORDER BY created, id").map { try JobRecord($0) } }
    }

    func activeJobs() async throws(JobError) -> [JobRecord] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM job WHERE status IN (?, ?, ?) OR revised ORDER BY id",
                arguments: [JobStatus.initializing.rawValue, JobStatus.inProgress.rawValue, JobStatus.stopping.rawValue]
            ).map { try JobRecord($0) }
        }
    }

    /// Takes a job from the status it was seen in to another. A stop that was asked for in the meantime is not undone, and a job does not
    /// complete whose objects went out again in the meantime.
    ///
    /// - Returns: Whether the job has the new status.
    @discardableResult
    func setStatus(
        _ status: JobStatus, of job: JobRecord, failure: String? = nil, at now: Timestamp
    ) async throws(JobError) -> Bool {
        try await write { database in
            if status == .completed, try Self.count(of: job.id, in: ObjectState.unfinished, database) > 0 { return false }
            try database.execute(
                sql:
                    "UPDATE job SET status = ?, failure = coalesce(?, failure), modified = ?, dirty = 1 WHERE id = ? AND status = ?",
                arguments: [status.rawValue, failure, now.milliseconds, job.id, job.status.rawValue])
            return database.changesCount > 0
        }
    }

    /// Asks a job to stop. A job that is at its end stays as it is.
    ///
    /// - Returns: The status that it has then.
    /// - Throws: ``JobError`` `.notFound`.
    @discardableResult
    package func stopJob(named name: String, at now: Timestamp) async throws(JobError) -> JobStatus {
        try await write { database in
            let job = try OpenJob.named(name, in: database)
            guard [.initializing, .inProgress].contains(job.status) else { return job.status }
            try database.execute(
                sql: "UPDATE job SET status = ?, modified = ?, dirty = 1 WHERE id = ?",
                arguments: [JobStatus.stopping.rawValue, now.milliseconds, job.id])
            return .stopping
        }
    }

    func setCategories(_ text: String, of job: JobRecord) async throws(JobError) {
        try await write { try $0.execute(sql: "UPDATE job SET categories = ? WHERE id = ?", arguments: [text, job.id]) }
    }

    func setWritten(_ job: JobRecord, at now: Timestamp) async throws(JobError) {
        try await write {
            try $0.execute(sql: "UPDATE job SET written = ? WHERE id = ?", arguments: [now.milliseconds, job.id])
        }
    }

    func markClean(_ job: JobRecord) async throws(JobError) {
        try await write { try $0.execute(sql: "UPDATE job SET dirty = 0 WHERE id = ?", arguments: [job.id]) }
    }

    /// Notes that the outputs have the revisions that the record knows of; what came since is still to be dealt with.
    func settleRevisions(of job: JobRecord) async throws(JobError) {
        try await write {
            try $0.execute(sql: "UPDATE job SET revised = 0 WHERE id = ? AND revised = ?", arguments: [job.id, job.revisions])
        }
    }

    func markDirty(_ job: JobRecord) async throws(JobError) {
        try await write { try $0.execute(sql: "UPDATE job SET dirty = 1 WHERE id = ?", arguments: [job.id]) }
    }
}
