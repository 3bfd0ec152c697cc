import GRDB

/// An object as its owner sees it.
package struct ObjectSummary: Sendable {
    /// The object's place in the job, from 0.
    package let number: Int
    package let state: ObjectState
    package let batch: Int
    package let answers: Int
    package let wanted: Int
    package let failure: String?
    /// The manifest line.
    package let line: String
}

extension JobStore {
    /// A stretch of a job's objects, in order.
    ///
    /// - Parameter states: Which; `nil` for all.
    package func objects(
        of job: JobRecord, in states: [ObjectState]?, from first: Int, limit: Int
    ) async throws(JobError) -> [ObjectSummary] {
        let condition = states.map { "AND o.state IN (\($0.map { "\($0.rawValue)" }.joined(separator: ", ")))" } ?? ""
        return try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT o.number, o.state, o.iteration, o.wanted, o.failure, o.line, (SELECT count(*) FROM task AS t
                        WHERE t.job = o.job AND t.number = o.number AND t.state = \(TaskState.submitted.rawValue)) AS answers
                    FROM object AS o WHERE o.job = ? AND o.number >= ? \(condition) ORDER BY o.number LIMIT ?
                    """, arguments: [job.id, first, limit])
            return rows.compactMap { row in
                ObjectState(rawValue: row["state"]).map { state in
                    ObjectSummary(
                        number: row["number"], state: state, batch: row["iteration"], answers: row["answers"],
                        wanted: row["wanted"],
                        failure: row["failure"], line: row["line"])
                }
            }
        }
    }

    /// The median time from taking an object to answering it, over all jobs.
    ///
    /// - Returns: Seconds; `nil` where there are fewer than twenty answers to tell it from.
    package func medianAnswerSeconds() async throws(JobError) -> Double? {
        try await read { database in
            let answered = "FROM task WHERE state = \(TaskState.submitted.rawValue)"
            let count = try Int.fetchOne(database, sql: "SELECT count(*) \(answered)") ?? 0
            guard count >= 20 else { return nil }
            let milliseconds = try Int.fetchOne(
                database, sql: "SELECT submitted - accepted AS time \(answered) ORDER BY time LIMIT 1 OFFSET ?",
                arguments: [count / 2])
            return milliseconds.map { Double($0) / 1000 }
        }
    }
}
