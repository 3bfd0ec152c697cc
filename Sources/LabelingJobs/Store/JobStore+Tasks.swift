import GRDB
package import GroundTruth

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
}

extension JobStore {
    /// Gives a worker the first object that wants one and that the worker has not dealt with.
    ///
    /// - Returns: `nil` when there is none.
    /// - Throws: ``JobError`` `.notFound` for an unknown job.
    package func claim(_ jobName: String, for worker: String, at now: Timestamp) async throws(JobError) -> WorkerTask? {
        let job = try await job(named: jobName)
        guard job.status == .inProgress else { return nil }
        return try await write { database in
            try Self.endLeases(of: job.id, at: now, in: database)
            // What the worker holds comes first: a page loaded again shows the same object.
            if let held = try Self.task(
                "t.worker = ? AND t.job = ? AND t.state = ?", [worker, job.id, TaskState.accepted.rawValue], in: database)
            {
                return held
            }
            let number = try Int.fetchOne(
                database,
                sql: """
                    SELECT number FROM object AS o WHERE job = ? AND state = ? AND open > 0 AND available > ?
                    AND NOT EXISTS (SELECT 1 FROM task WHERE job = o.job AND number = o.number AND worker = ? AND state IN (?, ?))
                    ORDER BY number LIMIT 1
                    """,
                arguments: [
                    job.id, ObjectState.available.rawValue,
                    now.adding(seconds: -job.settings.availabilitySeconds).milliseconds, worker, TaskState.submitted.rawValue,
                    TaskState.declined.rawValue,
                ])
            guard let number else { return nil }
            try database.execute(
                sql: """
                    INSERT INTO task (job, number, worker, state, accepted, expires) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET state = excluded.state, accepted = excluded.accepted, expires = excluded.expires
                    """,
                arguments: [
                    job.id, number, worker, TaskState.accepted.rawValue, now.milliseconds,
                    now.adding(seconds: job.settings.taskSeconds).milliseconds,
                ])
            try Self.addOpen(-1, number, of: job.id, in: database)
            return try Self.task("t.job = ? AND t.number = ? AND t.worker = ?", [job.id, number, worker], in: database)
        }
    }

    /// The object in a worker's hands, or that the worker answered.
    ///
    /// - Throws: ``JobError`` `.notFound`.
    package func task(_ jobName: String, _ number: Int, of worker: String) async throws(JobError) -> WorkerTask {
        let job = try await job(named: jobName)
        return try await read { database in
            try Self.required(job, number, worker, in: database)
        }
    }

    /// Takes an answer in. The same answer sent twice counts once.
    ///
    /// - Parameter answer: A JSON object.
    /// - Throws: ``JobError`` `.leaseEnded` when the worker does not hold the object, `.notFound`.
    package func submit(
        _ answer: JSONValue, to jobName: String, _ number: Int, by worker: String, at now: Timestamp
    ) async throws(JobError) {
        guard answer.object != nil else { throw JobError(.invalid, "the answer is \(answer.kindName), expected an object") }
        let text = String(decoding: answer.raw, as: UTF8.self)
        let job = try await job(named: jobName)
        try await write { database in
            let task = try Self.required(job, number, worker, in: database)
            if task.state == .submitted, task.answer.map({ $0.utf8.elementsEqual(text.utf8) }) ?? false { return }
            guard task.state == .accepted, now < task.expires else {
                throw JobError(
                    .leaseEnded, "object \(number) of \(job.name) is not in your hands: its time ended, or it was given back")
            }
            try database.execute(
                sql: """
                    UPDATE task SET state = ?, submitted = ?, answer = ?, draft = NULL WHERE job = ? AND number = ? AND worker = ?
                    """, arguments: [TaskState.submitted.rawValue, now.milliseconds, text, job.id, number, worker])
            try database.execute(
                sql: "INSERT INTO answer_version (job, number, worker, submitted, answer) VALUES (?, ?, ?, ?, ?)",
                arguments: [job.id, number, worker, now.milliseconds, text])
            try Self.closeWhenAnswered(number, of: job, in: database)
        }
    }

    /// Gives an object back: others, and the same worker, may take it.
    package func release(_ jobName: String, _ number: Int, by worker: String) async throws(JobError) {
        try await giveBack(jobName, number, by: worker, as: .released)
    }

    /// Gives an object back for good. When as many workers decline as answers are wanted, the object goes to nobody else.
    package func decline(_ jobName: String, _ number: Int, by worker: String) async throws(JobError) {
        try await giveBack(jobName, number, by: worker, as: .declined)
    }

    private func giveBack(_ jobName: String, _ number: Int, by worker: String, as state: TaskState) async throws(JobError) {
        let job = try await job(named: jobName)
        try await write { database in
            guard try Self.required(job, number, worker, in: database).state == .accepted else {
                throw JobError(.leaseEnded, "object \(number) of \(job.name) is not in your hands")
            }
            try database.execute(
                sql: "UPDATE task SET state = ?, answer = NULL, submitted = NULL WHERE job = ? AND number = ? AND worker = ?",
                arguments: [state.rawValue, job.id, number, worker])
            try Self.addOpen(1, number, of: job.id, in: database)
            let declined =
                try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM task WHERE job = ? AND number = ? AND state = ?",
                    arguments: [job.id, number, TaskState.declined.rawValue]) ?? 0
            guard declined >= job.settings.workersPerObject else { return }
            try database.execute(
                sql: "UPDATE task SET state = ? WHERE job = ? AND number = ? AND state = ?",
                arguments: [TaskState.expired.rawValue, job.id, number, TaskState.accepted.rawValue])
            try Self.close(number, of: job.id, isUnansweredFailed: true, in: database)
        }
    }

    /// Keeps what a worker has so far; the last draft counts.
    package func saveDraft(
        _ draft: JSONValue, of jobName: String, _ number: Int, by worker: String, at now: Timestamp
    ) async throws(JobError) {
        let text = String(decoding: draft.raw, as: UTF8.self)
        let job = try await job(named: jobName)
        try await write { database in
            let task = try Self.required(job, number, worker, in: database)
            guard task.state == .accepted, now < task.expires else {
                throw JobError(.leaseEnded, "object \(number) of \(job.name) is not in your hands")
            }
            try database.execute(
                sql: "UPDATE task SET draft = ? WHERE job = ? AND number = ? AND worker = ?",
                arguments: [text, job.id, number, worker])
        }
    }

    /// Gives a worker the own answer back to change it, until the object is consolidated. Every version is kept; when no new one comes
    /// in time, the earlier one stands.
    ///
    /// - Throws: ``JobError`` `.closed` when the object is consolidated, `.leaseEnded` when the worker has not answered it.
    package func reopen(
        _ jobName: String, _ number: Int, by worker: String, at now: Timestamp
    ) async throws(JobError) -> WorkerTask {
        let job = try await job(named: jobName)
        return try await write { database in
            guard try Self.required(job, number, worker, in: database).state == .submitted else {
                throw JobError(.leaseEnded, "object \(number) of \(job.name) has no answer of yours")
            }
            let state = try Int.fetchOne(
                database, sql: "SELECT state FROM object WHERE job = ? AND number = ?", arguments: [job.id, number])
            guard job.status == .inProgress, [ObjectState.available.rawValue, ObjectState.answered.rawValue].contains(state) else {
                throw JobError(.closed, "object \(number) of \(job.name) is consolidated: its answers stand")
            }
            try database.execute(
                sql: "UPDATE task SET state = ?, expires = ? WHERE job = ? AND number = ? AND worker = ?",
                arguments: [
                    TaskState.accepted.rawValue, now.adding(seconds: job.settings.taskSeconds).milliseconds, job.id, number, worker,
                ])
            try database.execute(
                sql: "UPDATE object SET state = ? WHERE job = ? AND number = ?",
                arguments: [ObjectState.available.rawValue, job.id, number])
            return try Self.required(job, number, worker, in: database)
        }
    }

    /// Ends the leases that are over: the objects return to the pool.
    func endLeases(of job: JobRecord, at now: Timestamp) async throws(JobError) {
        try await write { try Self.endLeases(of: job.id, at: now, in: $0) }
    }

    // MARK: Inside a transaction

    private static func endLeases(of job: Int64, at now: Timestamp, in database: Database) throws {
        let ended = try Row.fetchAll(
            database, sql: "SELECT number, worker, answer FROM task WHERE state = ? AND expires <= ? AND job = ?",
            arguments: [TaskState.accepted.rawValue, now.milliseconds, job])
        for row in ended {
            let (number, worker, answer): (Int, String, String?) = (row["number"], row["worker"], row["answer"])
            let state: TaskState = answer == nil ? .expired : .submitted
            try database.execute(
                sql: "UPDATE task SET state = ? WHERE job = ? AND number = ? AND worker = ?",
                arguments: [state.rawValue, job, number, worker])
            guard answer != nil else {
                try addOpen(1, number, of: job, in: database)
                continue
            }
            guard let row = try Row.fetchOne(database, sql: "SELECT * FROM job WHERE id = ?", arguments: [job]) else { continue }
            try closeWhenAnswered(number, of: try JobRecord(row), in: database)
        }
    }

    private static func closeWhenAnswered(_ number: Int, of job: JobRecord, in database: Database) throws {
        let answers =
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM task WHERE job = ? AND number = ? AND state = ?",
                arguments: [job.id, number, TaskState.submitted.rawValue]) ?? 0
        guard answers >= job.settings.workersPerObject else { return }
        try close(number, of: job.id, isUnansweredFailed: true, in: database)
    }

    private static func addOpen(_ change: Int, _ number: Int, of job: Int64, in database: Database) throws {
        try database.execute(
            sql: "UPDATE object SET open = open + ? WHERE job = ? AND number = ?", arguments: [change, job, number])
    }

    private static func required(_ job: JobRecord, _ number: Int, _ worker: String, in database: Database) throws -> WorkerTask {
        guard
            let task = try task("t.job = ? AND t.number = ? AND t.worker = ?", [job.id, number, worker], in: database)
        else { throw JobError(.notFound, "you have not taken object \(number) of \(job.name)") }
        return task
    }

    private static func task(
        _ condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> WorkerTask? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT j.name, t.number, t.state, t.accepted, t.expires, t.draft, t.answer, o.input FROM task AS t
                JOIN object AS o ON o.job = t.job AND o.number = t.number JOIN job AS j ON j.id = t.job
                WHERE \(condition) ORDER BY t.number LIMIT 1
                """, arguments: arguments)
        guard let row, let state = TaskState(rawValue: row["state"]) else { return nil }
        return WorkerTask(
            job: row["name"], number: row["number"], state: state, accepted: Timestamp(milliseconds: row["accepted"]),
            expires: Timestamp(milliseconds: row["expires"]), input: row["input"] ?? "{}", draft: row["draft"],
            answer: row["answer"])
    }
}
