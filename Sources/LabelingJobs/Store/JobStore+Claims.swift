import GRDB

/// An object in a worker's hands.
package struct WorkerTask: Sendable {
    package let job: String
    /// The object's place in the job, from 0.
    package let number: Int
    package let state: TaskState
    package let accepted: Timestamp
    package let expires: Timestamp
    /// `task.input` of the template, JSON text.
    package let input: String
    /// What the worker saved last, JSON text.
    package let draft: String?
    /// The answer as last submitted, JSON text.
    package let answer: String?
    package let submitted: Timestamp?
}

extension JobStore {
    /// Gives a worker the first object that wants one and that the worker has not dealt with.
    ///
    /// - Returns: `nil` when there is none.
    /// - Throws: ``JobError`` `.notFound` for an unknown job.
    package func claim(_ jobName: String, for worker: String, at now: Timestamp) async throws(JobError) -> WorkerTask? {
        try await write { database in
            let job = try OpenJob.named(jobName, in: database)
            guard job.status == .inProgress else { return nil }
            try Self.endLeases(of: job.id, at: now, in: database)
            // What the worker holds comes first: a page loaded again shows the same object.
            if let held = try Self.task(
                "t.worker = ? AND t.job = ? AND t.state = ?", [worker, job.id, TaskState.accepted.rawValue], in: database)
            {
                return held
            }
            guard let number = try Self.nextNumber(job, worker, at: now, in: database) else { return nil }
            let accept = try database.cachedStatement(
                sql: """
                    INSERT INTO task (job, number, worker, state, accepted, expires) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET state = excluded.state, accepted = excluded.accepted, expires = excluded.expires
                    """)
            try accept.execute(
                arguments: [
                    job.id, number, worker, TaskState.accepted.rawValue, now.milliseconds,
                    now.adding(seconds: job.taskSeconds).milliseconds,
                ])
            try Self.addOpen(-1, number, of: job.id, in: database)
            return try Self.task("t.job = ? AND t.number = ? AND t.worker = ?", [job.id, number, worker], in: database)
        }
    }

    private static func nextNumber(_ job: OpenJob, _ worker: String, at now: Timestamp, in database: Database) throws -> Int? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT number FROM object AS o INDEXED BY object_open WHERE job = ? AND open > 0
                AND state = \(ObjectState.available.rawValue) AND available > ?
                AND NOT EXISTS (SELECT 1 FROM task WHERE job = o.job AND number = o.number AND worker = ?
                    AND state IN (\(TaskState.submitted.rawValue), \(TaskState.declined.rawValue), \(TaskState.excluded.rawValue)))
                ORDER BY number LIMIT 1
                """)
        let earliest = now.adding(seconds: -job.availabilitySeconds).milliseconds
        return try Int.fetchOne(statement, arguments: [job.id, earliest, worker])
    }

    /// The object in a worker's hands, or that the worker answered.
    ///
    /// - Throws: ``JobError`` `.notFound`.
    package func task(_ jobName: String, _ number: Int, of worker: String) async throws(JobError) -> WorkerTask {
        try await read { try Self.required(try OpenJob.named(jobName, in: $0), number, worker, in: $0) }
    }

    /// Ends the leases that are over: the objects return to the pool.
    func endLeases(of job: JobRecord, at now: Timestamp) async throws(JobError) {
        try await write { try Self.endLeases(of: job.id, at: now, in: $0) }
    }

    // MARK: Inside a transaction

    static func endLeases(of job: Int64, at now: Timestamp, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                SELECT number, worker FROM task INDEXED BY task_lease WHERE state = \(TaskState.accepted.rawValue) AND expires <= ?
                AND job = ? ORDER BY number, worker
                """)
        for row in try Row.fetchAll(statement, arguments: [now.milliseconds, job]) {
            try leave(row["number"], of: job, by: row["worker"], as: .expired, in: database)
        }
    }

    /// Takes an object out of a worker's hands. An answer that the worker gave before and took back to change stands again.
    static func leave(_ number: Int, of job: Int64, by worker: String, as state: TaskState, in database: Database) throws {
        let update = try database.cachedStatement(
            sql: """
                UPDATE task SET state = CASE WHEN answer IS NULL THEN ? ELSE \(TaskState.submitted.rawValue) END
                WHERE job = ? AND number = ? AND worker = ? RETURNING state
                """)
        let now = try Int.fetchOne(update, arguments: [state.rawValue, job, number, worker])
        if now == TaskState.submitted.rawValue {
            try closeWhenAnswered(number, of: job, in: database)
        } else {
            try addOpen(1, number, of: job, in: database)
        }
    }

    static func closeWhenAnswered(_ number: Int, of job: Int64, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                SELECT (SELECT count(*) FROM task WHERE job = ?1 AND number = ?2 AND state = \(TaskState.submitted.rawValue)) >= wanted
                FROM object WHERE job = ?1 AND number = ?2 AND state = \(ObjectState.available.rawValue)
                """)
        guard try Bool.fetchOne(statement, arguments: [job, number]) == true else { return }
        try close(number, of: job, isUnansweredFailed: true, in: database)
    }

    static func addOpen(_ change: Int, _ number: Int, of job: Int64, in database: Database) throws {
        let statement = try database.cachedStatement(sql: "UPDATE object SET open = open + ? WHERE job = ? AND number = ?")
        try statement.execute(arguments: [change, job, number])
    }

    static func required(_ job: OpenJob, _ number: Int, _ worker: String, in database: Database) throws -> WorkerTask {
        guard let task = try task("t.job = ? AND t.number = ? AND t.worker = ?", [job.id, number, worker], in: database) else {
            throw JobError(.notFound, "you have not taken object \(number) of \(job.name)")
        }
        return task
    }

    private static func task(_ condition: String, _ arguments: StatementArguments, in database: Database) throws -> WorkerTask? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT j.name, t.number, t.state, t.accepted, t.expires, t.draft, t.answer, t.submitted, o.input FROM task AS t
                JOIN object AS o ON o.job = t.job AND o.number = t.number JOIN job AS j ON j.id = t.job
                WHERE \(condition) ORDER BY t.number LIMIT 1
                """)
        let row = try Row.fetchOne(statement, arguments: arguments)
        guard let row, let state = TaskState(rawValue: row["state"]) else { return nil }
        return WorkerTask(
            job: row["name"], number: row["number"], state: state, accepted: Timestamp(milliseconds: row["accepted"]),
            expires: Timestamp(milliseconds: row["expires"]), input: row["input"] ?? "{}", draft: row["draft"],
            answer: row["answer"], submitted: (row["submitted"] as Int64?).map { Timestamp(milliseconds: $0) })
    }
}
