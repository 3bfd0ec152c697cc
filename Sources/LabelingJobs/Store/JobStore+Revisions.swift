import GRDB

/// Changes to answers that are in already. What they touch is consolidated again, also in a job that has ended.
extension JobStore {
    /// Leaves a worker's answers out of a job, the ones in and the ones in work.
    ///
    /// - Returns: How many answers are left out.
    /// - Throws: ``JobError`` `.notFound`.
    @discardableResult
    package func exclude(_ worker: String, from jobName: String, at now: Timestamp) async throws(JobError) -> Int {
        try await write { database in
            let job = try OpenJob.named(jobName, in: database)
            let isKnown = try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM worker WHERE id = ?1) OR EXISTS (SELECT 1 FROM task WHERE job = ?2 AND worker = ?1)
                    """, arguments: [worker, job.id])
            guard isKnown == true else { throw JobError(.notFound, "there is no worker \(worker); workers are named by their ids") }
            let numbers = try Int.fetchAll(
                database,
                sql: """
                    UPDATE task SET state = \(TaskState.excluded.rawValue)
                    WHERE job = ? AND worker = ? AND (state = \(TaskState.submitted.rawValue) OR answer IS NOT NULL) RETURNING number
                    """, arguments: [job.id, worker])
            try Self.endLeases(of: worker, in: job.id, database)
            for number in numbers.sorted() { try Self.revise(number, of: job, at: now, in: database) }
            return numbers.count
        }
    }

    /// Asks for more answers to objects of a job in progress: they go to workers again who have not answered them.
    ///
    /// - Parameter numbers: The objects; `nil` for all that have a label or a failure.
    /// - Returns: How many objects went out again.
    /// - Throws: ``JobError`` `.notFound`, or `.closed` for a job that has ended or that stops.
    @discardableResult
    package func wantMore(
        _ count: Int, for numbers: [Int]?, of jobName: String, at now: Timestamp
    ) async throws(JobError) -> Int {
        try await write { database in
            let job = try OpenJob.named(jobName, in: database)
            guard job.status == .inProgress else {
                throw JobError(
                    .closed,
                    "job \(job.name) is \(job.status.rawValue): its answers are in. A new job with the output manifest as input and "
                        + "another label attribute asks workers again")
            }
            let objects = try Row.fetchAll(
                database,
                sql: """
                    SELECT number, state FROM object WHERE job = ? AND state IN (\(ObjectState.available.rawValue),
                    \(ObjectState.answered.rawValue), \(ObjectState.labeled.rawValue), \(ObjectState.failed.rawValue)) ORDER BY number
                    """, arguments: [job.id])
            let wanted = numbers.map { Set($0) }
            var raised = 0
            for row in objects {
                let (number, state): (Int, Int) = (row["number"], row["state"])
                guard wanted?.contains(number) ?? (state != ObjectState.available.rawValue) else { continue }
                // An object that failed before it went out has no input to show.
                try database.execute(
                    sql: """
                        UPDATE object SET wanted = wanted + ?, open = open + ?, state = \(ObjectState.available.rawValue), available = ?
                        WHERE job = ? AND number = ? AND input IS NOT NULL
                        """, arguments: [count, count, now.milliseconds, job.id, number])
                raised += database.changesCount
            }
            return raised
        }
    }

    /// Removes a worker: identity, memberships, answers with all their versions, and drafts.
    ///
    /// - Returns: The jobs that had something of the worker, with the number of answers removed.
    package func forget(_ worker: String, at now: Timestamp) async throws(JobError) -> [(job: String, answers: Int)] {
        try await write { database in
            let names = try String.fetchAll(
                database,
                sql: "SELECT DISTINCT j.name FROM task AS t JOIN job AS j ON j.id = t.job WHERE t.worker = ? ORDER BY j.name",
                arguments: [worker])
            var removed: [(job: String, answers: Int)] = []
            for name in names {
                let job = try OpenJob.named(name, in: database)
                try Self.endLeases(of: worker, in: job.id, database)
                let answered = try Int.fetchAll(
                    database, sql: "SELECT number FROM task WHERE job = ? AND worker = ? AND answer IS NOT NULL ORDER BY number",
                    arguments: [job.id, worker])
                try database.execute(sql: "DELETE FROM task WHERE job = ? AND worker = ?", arguments: [job.id, worker])
                for number in answered { try Self.revise(number, of: job, at: now, in: database) }
                removed.append((name, answered.count))
            }
            try database.execute(sql: "DELETE FROM answer_version WHERE worker = ?", arguments: [worker])
            try database.execute(sql: "DELETE FROM worker WHERE id = ?", arguments: [worker])
            return removed
        }
    }

    /// Has the engine take a worker out of the outputs once more.
    package func eraseAgain(_ worker: String) async throws(JobError) {
        try await write { try $0.execute(sql: "INSERT OR IGNORE INTO forgotten (worker) VALUES (?)", arguments: [worker]) }
    }

    func forgotten() async throws(JobError) -> [String] {
        try await read { try String.fetchAll($0, sql: "SELECT worker FROM forgotten ORDER BY worker") }
    }

    func setErased(_ worker: String) async throws(JobError) {
        try await write { try $0.execute(sql: "DELETE FROM forgotten WHERE worker = ?", arguments: [worker]) }
    }

    // MARK: Inside a transaction

    private static func endLeases(of worker: String, in job: Int64, _ database: Database) throws {
        let held = try Int.fetchAll(
            database, sql: "SELECT number FROM task WHERE job = ? AND worker = ? AND state = \(TaskState.accepted.rawValue)",
            arguments: [job, worker])
        for number in held { try leave(number, of: job, by: worker, as: .expired, in: database) }
    }

    /// Sends an object that lost an answer where it now belongs: to consolidation, to the workers again, or among the failed.
    private static func revise(_ number: Int, of job: OpenJob, at now: Timestamp, in database: Database) throws {
        let row = try Row.fetchOne(
            database, sql: "SELECT state, wanted FROM object WHERE job = ? AND number = ?", arguments: [job.id, number])
        guard let row, let state = ObjectState(rawValue: row["state"]) else { return }
        let wanted: Int = row["wanted"]
        guard state != .available else { return try addOpen(1, number, of: job.id, in: database) }
        let remaining = try answers(to: number, of: job.id, in: database).count
        var (next, open): (ObjectState, Int) = (.answered, 0)
        var failure: String?
        if remaining == 0 {
            (next, open) = job.status == .inProgress ? (.available, wanted) : (.failed, 0)
            failure = next == .failed ? "ClientError: no answer is left: those that there were are left out" : nil
        }
        try database.execute(
            sql: "UPDATE object SET state = ?, open = ?, available = ?, output = NULL, failure = ? WHERE job = ? AND number = ?",
            arguments: [next.rawValue, open, now.milliseconds, failure, job.id, number])
        try noteRevision(of: job.id, at: now, in: database)
    }

    /// Has the engine write a job's outputs anew, also of one that has ended.
    static func noteRevision(of job: Int64, at now: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "UPDATE job SET dirty = 1, revised = revised + 1, modified = ? WHERE id = ?", arguments: [now.milliseconds, job])
    }
}
