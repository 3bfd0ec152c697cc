import GRDB

/// How far a job has come, and what holds it.
package struct JobProgress: Sendable {
    /// The batch that is out, from 1; 0 before the first.
    package var batch = 0
    /// Objects that wait for a later batch.
    package var waitingObjects = 0
    /// Objects that workers can take or have taken.
    package var offeredObjects = 0
    /// Objects that wait for consolidation.
    package var answeredObjects = 0
    /// Answers that nobody works on.
    package var openAnswers = 0
    /// Objects in workers' hands, counted once a worker.
    package var heldTasks = 0
    package var answers = 0
    package var workers = 0
    /// When the last of the objects that are out is offered no longer.
    package var offeredUntil: Timestamp?
    /// Answers of the last hour, and over how many seconds they came.
    package var pace: (answers: Int, seconds: Double)?
    package var firstAnswer: Timestamp?
    package var lastAnswer: Timestamp?

    /// When the last answer will be in if they go on coming as in the last hour.
    package func expectedEnd(_ settings: JobSettings, at now: Timestamp) -> Timestamp? {
        guard let pace, pace.answers > 1 else { return nil }
        let missing = openAnswers + heldTasks + waitingObjects * settings.workersPerObject
        guard missing > 0 else { return nil }
        return now.adding(seconds: Int((Double(missing) * pace.seconds / Double(pace.answers)).rounded()))
    }
}

/// An object with its answers, for reports.
package struct AnsweredRecord: Sendable {
    package let number: Int
    /// The manifest line as it came.
    package let line: String
    /// The line with its label.
    package let output: String
    /// By worker, with the seconds that each took.
    package let answers: [(worker: String, answer: String, seconds: Double)]
    package let decisions: [SpanDecision]
}

extension JobStore {
    package func progress(of job: JobRecord, at now: Timestamp) async throws(JobError) -> JobProgress {
        let hourAgo = now.adding(seconds: -3600).milliseconds
        return try await read { database in
            var progress = JobProgress()
            progress.batch = job.iteration
            let states = try Row.fetchAll(
                database,
                sql:
                    "SELECT state, count(*) AS count, sum(open) AS open, max(available) AS latest FROM object WHERE job = ? GROUP BY state",
                arguments: [job.id])
            for row in states {
                let count: Int = row["count"]
                switch ObjectState(rawValue: row["state"]) {
                case .new: progress.waitingObjects = count
                case .answered, .consolidating: progress.answeredObjects += count
                case .available:
                    progress.offeredObjects = count
                    progress.openAnswers = row["open"] ?? 0
                    let latest: Int64? = row["latest"]
                    progress.offeredUntil = latest.map {
                        Timestamp(milliseconds: $0).adding(seconds: job.settings.availabilitySeconds)
                    }
                default: break
                }
            }
            let tasks = try Row.fetchOne(
                database,
                sql: """
                    SELECT sum(state = \(TaskState.accepted.rawValue) AND expires > ?2) AS held,
                    sum(state = \(TaskState.submitted.rawValue)) AS answers, min(submitted) AS first, max(submitted) AS last,
                    count(DISTINCT CASE WHEN submitted IS NOT NULL THEN worker END) AS workers,
                    sum(submitted > ?3) AS recent, min(CASE WHEN submitted > ?3 THEN submitted END) AS since FROM task WHERE job = ?1
                    """, arguments: [job.id, now.milliseconds, hourAgo])
            guard let tasks else { return progress }
            progress.heldTasks = tasks["held"] ?? 0
            progress.answers = tasks["answers"] ?? 0
            progress.workers = tasks["workers"] ?? 0
            let (first, last, since): (Int64?, Int64?, Int64?) = (tasks["first"], tasks["last"], tasks["since"])
            progress.firstAnswer = first.map { Timestamp(milliseconds: $0) }
            progress.lastAnswer = last.map { Timestamp(milliseconds: $0) }
            if let since, let recent: Int = tasks["recent"] {
                progress.pace = (recent, max(1, Double(now.milliseconds - since) / 1000))
            }
            return progress
        }
    }

    /// A stretch of a job's labeled objects with their answers, in order.
    package func answered(of job: JobRecord, from first: Int, limit: Int) async throws(JobError) -> [AnsweredRecord] {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT number, line, output \(Self.ofAnswered) AND number >= ? ORDER BY number LIMIT ?")
            return try Row.fetchAll(statement, arguments: [job.id, first, limit])
                .map { try Self.answered($0, of: job.id, in: database) }
        }
    }

    /// Labeled objects of a job with their answers, spread evenly over the job; all where there are no more.
    ///
    /// - Parameter limit: At least 1.
    package func answeredSample(of job: JobRecord, limit: Int) async throws(JobError) -> [AnsweredRecord] {
        try await read { database in
            let numbers = try Int.fetchAll(database, sql: "SELECT number \(Self.ofAnswered) ORDER BY number", arguments: [job.id])
            let count = min(limit, numbers.count)
            return try (0..<count).compactMap { place in
                let statement = try database.cachedStatement(sql: "SELECT number, line, output \(Self.ofAnswered) AND number = ?")
                return try Row.fetchOne(statement, arguments: [job.id, numbers[place * numbers.count / count]])
                    .map { try Self.answered($0, of: job.id, in: database) }
            }
        }
    }

    private static let ofAnswered = "FROM object WHERE job = ? AND state = \(ObjectState.labeled.rawValue) AND output IS NOT NULL"

    private static func answered(_ object: Row, of job: Int64, in database: Database) throws -> AnsweredRecord {
        let number: Int = object["number"]
        let statement = try database.cachedStatement(
            sql: """
                SELECT worker, answer, submitted - accepted AS time FROM task
                WHERE job = ? AND number = ? AND state = \(TaskState.submitted.rawValue) ORDER BY worker
                """)
        let answers = try Row.fetchAll(statement, arguments: [job, number]).map { row in
            let time: Int = row["time"] ?? 0
            return (worker: row["worker"] as String, answer: row["answer"] as String, seconds: Double(time) / 1000)
        }
        return AnsweredRecord(
            number: number, line: object["line"], output: object["output"], answers: answers,
            decisions: try decisions(on: number, of: job, in: database))
    }

    /// What workers see of an object, `task.input` as JSON text.
    ///
    /// - Returns: `nil` for an object that has not gone out.
    /// - Throws: ``JobError`` `.notFound`.
    package func input(of job: JobRecord, _ number: Int) async throws(JobError) -> String? {
        try await read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT input FROM object WHERE job = ? AND number = ?", arguments: [job.id, number])
            guard let row else { throw JobError(.notFound, "the job \(job.name) has no object \(number)") }
            return row["input"]
        }
    }
}
