import GRDB
package import GroundTruth

extension JobStore {
    /// Takes an answer in. The same answer sent twice counts once.
    ///
    /// - Parameter answer: A JSON object.
    /// - Throws: ``JobError`` `.leaseEnded` when the worker does not hold the object, `.closed` when the job has ended, `.notFound`.
    package func submit(
        _ answer: JSONValue, to jobName: String, _ number: Int, by worker: String, at now: Timestamp
    ) async throws(JobError) {
        guard answer.object != nil else { throw JobError(.invalid, "the answer is \(answer.kindName), expected an object") }
        let text = String(decoding: answer.raw, as: UTF8.self)
        try await write { database in
            let job = try OpenJob.named(jobName, in: database)
            let task = try Self.required(job, number, worker, in: database)
            if task.state == .submitted, task.answer.map({ $0.utf8.elementsEqual(text.utf8) }) ?? false { return }
            guard !job.status.isFinal else {
                throw JobError(.closed, "job \(job.name) is \(job.status.rawValue): it takes no more answers")
            }
            try Self.checkHeld(task, at: now)
            let submit = try database.cachedStatement(
                sql: """
                    UPDATE task SET state = \(TaskState.submitted.rawValue), submitted = ?, answer = ?, draft = NULL
                    WHERE job = ? AND number = ? AND worker = ?
                    """)
            try submit.execute(arguments: [now.milliseconds, text, job.id, number, worker])
            let keep = try database.cachedStatement(
                sql: "INSERT INTO answer_version (job, number, worker, submitted, answer) VALUES (?, ?, ?, ?, ?)")
            try keep.execute(arguments: [job.id, number, worker, now.milliseconds, text])
            try Self.closeWhenAnswered(number, of: job.id, in: database)
        }
    }

    /// Gives an object back: others, and the same worker, may take it. An answer that was taken back to change it stands as it was.
    ///
    /// - Throws: ``JobError`` `.leaseEnded`, `.notFound`.
    package func release(_ jobName: String, _ number: Int, by worker: String, at now: Timestamp) async throws(JobError) {
        try await giveBack(jobName, number, by: worker, as: .released, at: now)
    }

    /// Gives an object back for good. When as many workers decline as answers are wanted, the object goes to nobody else. An answer
    /// that was taken back to change it stands as it was.
    ///
    /// - Throws: ``JobError`` `.leaseEnded`, `.notFound`.
    package func decline(_ jobName: String, _ number: Int, by worker: String, at now: Timestamp) async throws(JobError) {
        try await giveBack(jobName, number, by: worker, as: .declined, at: now)
    }

    private func giveBack(
        _ jobName: String, _ number: Int, by worker: String, as state: TaskState, at now: Timestamp
    ) async throws(JobError) {
        try await write { database in
            let job = try OpenJob.named(jobName, in: database)
            try Self.checkHeld(try Self.required(job, number, worker, in: database), at: now)
            try Self.leave(number, of: job.id, by: worker, as: state, in: database)
            if state == .declined { try Self.closeWhenDeclined(number, of: job.id, in: database) }
        }
    }

    private static func closeWhenDeclined(_ number: Int, of job: Int64, in database: Database) throws {
        let isDeclined = try Bool.fetchOne(
            database,
            sql: """
                SELECT (SELECT count(*) FROM task WHERE job = ?1 AND number = ?2 AND state = \(TaskState.declined.rawValue)) >= wanted
                FROM object WHERE job = ?1 AND number = ?2 AND state = \(ObjectState.available.rawValue)
                """, arguments: [job, number])
        guard isDeclined == true else { return }
        try endLeases(onto: number, of: job, in: database)
        try close(number, of: job, isUnansweredFailed: true, in: database)
    }

    /// Keeps what a worker has so far; the last draft counts.
    ///
    /// - Throws: ``JobError`` `.leaseEnded`, `.notFound`.
    package func saveDraft(
        _ draft: JSONValue, of jobName: String, _ number: Int, by worker: String, at now: Timestamp
    ) async throws(JobError) {
        let text = String(decoding: draft.raw, as: UTF8.self)
        try await write { database in
            let job = try OpenJob.named(jobName, in: database)
            try Self.checkHeld(try Self.required(job, number, worker, in: database), at: now)
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
        try await write { database in
            let job = try OpenJob.named(jobName, in: database)
            guard try Self.required(job, number, worker, in: database).state == .submitted else {
                throw JobError(.leaseEnded, "task \(number + 1) of \(job.name) has no answer of yours")
            }
            let state = try Int.fetchOne(
                database, sql: "SELECT state FROM object WHERE job = ? AND number = ?", arguments: [job.id, number])
            guard job.status == .inProgress, [ObjectState.available.rawValue, ObjectState.answered.rawValue].contains(state) else {
                throw JobError(.closed, "task \(number + 1) of \(job.name) is consolidated: its answers stand")
            }
            try database.execute(
                sql: "UPDATE task SET state = ?, expires = ?, draft = NULL WHERE job = ? AND number = ? AND worker = ?",
                arguments: [
                    TaskState.accepted.rawValue, now.adding(seconds: job.taskSeconds).milliseconds, job.id, number, worker,
                ])
            try database.execute(
                sql: "UPDATE object SET state = ? WHERE job = ? AND number = ?",
                arguments: [ObjectState.available.rawValue, job.id, number])
            return try Self.required(job, number, worker, in: database)
        }
    }

    private static func checkHeld(_ task: WorkerTask, at now: Timestamp) throws(JobError) {
        guard task.state == .accepted, now < task.expires else {
            let reason =
                task.state == .submitted
                ? "has your answer, which stands; it can be changed after it is reopened"
                : "is not in your hands: its time ended, or it was given back"
            throw JobError(.leaseEnded, "task \(task.number + 1) of \(task.job) \(reason)")
        }
    }
}
