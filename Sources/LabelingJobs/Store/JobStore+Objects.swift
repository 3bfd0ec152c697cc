import GRDB

/// What became of an object's pre-annotation.
enum PreparedObject: Sendable {
    /// - Parameter textSHA256: Of the text that workers see, in hex; `nil` where the line names no text object.
    case available(input: String, textSHA256: String?)
    case excluded
    case failed(reason: String)
}

/// What became of an object's consolidation.
enum ConsolidatedObject: Sendable {
    /// The output line.
    case labeled(line: String)
    /// The output line with its `failure-reason`.
    case failed(line: String, reason: String)
}

extension JobStore {
    /// Adds lines of a manifest, in order; lines whose number is there already stay.
    func insertObjects(_ lines: [(number: Int, line: String, state: ObjectState)], of job: JobRecord) async throws(JobError) {
        try await write { database in
            let statement = try database.makeStatement(
                sql: "INSERT OR IGNORE INTO object (job, number, line, state) VALUES (?, ?, ?, ?)")
            for (number, line, state) in lines {
                try statement.execute(arguments: [job.id, number, line, state.rawValue])
            }
        }
    }

    func removeObjects(of job: JobRecord) async throws(JobError) {
        try await write { try $0.execute(sql: "DELETE FROM object WHERE job = ?", arguments: [job.id]) }
    }

    /// The reason of the first object that failed, when the reasons of all that did begin alike.
    func failureOfAll(_ job: JobRecord, beginning: String) async throws(JobError) -> String? {
        try await read { database in
            let failures = try String.fetchCursor(
                database, sql: "SELECT failure FROM object INDEXED BY object_state WHERE job = ? AND state = ? ORDER BY number",
                arguments: [job.id, ObjectState.failed.rawValue])
            var first: String?
            while let failure = try failures.next() {
                guard failure.hasPrefix(beginning) else { return nil }
                if first == nil { first = failure }
            }
            return first
        }
    }

    /// The first objects in a state.
    func objects(of job: JobRecord, in state: ObjectState, limit: Int) async throws(JobError) -> [ObjectRecord] {
        try await read { try Self.objects(of: job.id, in: state, limit: limit, in: $0) }
    }

    private static func objects(
        of job: Int64, in state: ObjectState, limit: Int, in database: Database
    ) throws -> [ObjectRecord] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(ObjectRecord.columns) FROM object INDEXED BY object_state WHERE job = ? AND state = ?
                ORDER BY number LIMIT ?
                """)
        return try Row.fetchAll(statement, arguments: [job, state.rawValue, limit]).map { try ObjectRecord($0) }
    }

    /// Starts the job's next batch.
    ///
    /// - Returns: Its number, from 1.
    func openIteration(of job: JobRecord) async throws(JobError) -> Int {
        try await write { database in
            try database.execute(sql: "UPDATE job SET iteration = iteration + 1 WHERE id = ?", arguments: [job.id])
            return try Int.fetchOne(database, sql: "SELECT iteration FROM job WHERE id = ?", arguments: [job.id]) ?? 1
        }
    }

    func setPrepared(
        _ prepared: [(number: Int, outcome: PreparedObject)], of job: JobRecord, iteration: Int, at now: Timestamp
    ) async throws(JobError) {
        try await write { database in
            for (number, outcome) in prepared {
                var (state, open): (ObjectState, Int) = (.excluded, 0)
                var (input, textSHA256, failure): (String?, String?, String?)
                switch outcome {
                case .available(let text, let hash):
                    (state, open, input, textSHA256) = (.available, job.settings.workersPerObject, text, hash)
                case .excluded: break
                case .failed(let reason): (state, failure) = (.failed, reason)
                }
                let statement = try database.cachedStatement(
                    sql: """
                        UPDATE object SET state = ?, input = ?, text_sha256 = ?, failure = ?, iteration = ?, available = ?, wanted = ?,
                        open = ? WHERE job = ? AND number = ? AND state = \(ObjectState.new.rawValue)
                        """)
                try statement.execute(
                    arguments: [
                        state.rawValue, input, textSHA256, failure, iteration, now.milliseconds, open, open, job.id, number,
                    ])
            }
            try database.execute(sql: "UPDATE job SET dirty = 1 WHERE id = ?", arguments: [job.id])
        }
    }

    /// Closes objects that have been available as long as they may be, or all of them.
    ///
    /// - Parameter all: Close every object of the job, as when it stops: those without an answer then are `new` again.
    func closeObjects(of job: JobRecord, all: Bool, at now: Timestamp) async throws(JobError) {
        let latest = all ? Int64.max : now.adding(seconds: -job.settings.availabilitySeconds).milliseconds
        try await write { database in
            let numbers = try Int.fetchAll(
                database,
                sql: """
                    SELECT number FROM object INDEXED BY object_state WHERE job = ? AND state = ? AND available <= ? ORDER BY number
                    """,
                arguments: [job.id, ObjectState.available.rawValue, latest])
            for number in numbers {
                try Self.endLeases(onto: number, of: job.id, in: database)
                try Self.close(number, of: job.id, isUnansweredFailed: !all, in: database)
            }
        }
    }

    /// Ends all leases of an object. An answer taken back and not sent again stands as it was.
    static func endLeases(onto number: Int, of job: Int64, in database: Database) throws {
        try database.execute(
            sql: """
                UPDATE task SET state = CASE WHEN answer IS NULL THEN \(TaskState.expired.rawValue) ELSE \(TaskState.submitted.rawValue) END
                WHERE job = ? AND number = ? AND state = \(TaskState.accepted.rawValue)
                """, arguments: [job, number])
    }

    /// Takes an object from the workers: to consolidation when there is an answer.
    static func close(_ number: Int, of job: Int64, isUnansweredFailed: Bool, in database: Database) throws {
        let answers =
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM task WHERE job = ? AND number = ? AND state = ?",
                arguments: [job, number, TaskState.submitted.rawValue]) ?? 0
        let state: ObjectState = answers > 0 ? .answered : isUnansweredFailed ? .failed : .new
        try database.execute(
            sql: "UPDATE object SET state = ?, open = 0, failure = ? WHERE job = ? AND number = ?",
            arguments: [state.rawValue, state == .failed ? expired : nil, job, number])
        try database.execute(sql: "UPDATE job SET dirty = 1 WHERE id = ?", arguments: [job])
    }

    /// The `failure-reason` of an object that nobody answered.
    private static let expired = """
        ClientError: Annotation tasks expired. No worker answered this object while it was available: \
        TaskAvailabilityLifetimeInSeconds may be too short, the template broken, or as many workers declined as were wanted.
        """

    /// Takes answered objects to consolidation.
    func takeAnswered(
        of job: JobRecord, limit: Int
    ) async throws(JobError) -> [(object: ObjectRecord, answers: [AnswerRecord])] {
        try await write { database in
            let objects = try Self.objects(of: job.id, in: .answered, limit: limit, in: database)
            let take = try database.cachedStatement(sql: "UPDATE object SET state = ? WHERE job = ? AND number = ?")
            return try objects.map { object in
                try take.execute(arguments: [ObjectState.consolidating.rawValue, job.id, object.number])
                return (object, try Self.answers(to: object.number, of: job.id, in: database))
            }
        }
    }

    /// The answers to an object that count, ordered by worker.
    static func answers(to number: Int, of job: Int64, in database: Database) throws -> [AnswerRecord] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT worker, accepted, submitted, answer FROM task
                WHERE job = ? AND number = ? AND state = \(TaskState.submitted.rawValue) ORDER BY worker
                """)
        return try Row.fetchAll(statement, arguments: [job, number]).map { AnswerRecord($0) }
    }

    func setConsolidated(
        _ outcomes: [(number: Int, outcome: ConsolidatedObject)], of job: JobRecord, at now: Timestamp
    ) async throws(JobError) {
        try await write { database in
            for (number, outcome) in outcomes {
                let (state, line, failure): (ObjectState, String, String?) =
                    switch outcome {
                    case .labeled(let line): (.labeled, try Self.decided(line, number, of: job, in: database), nil)
                    case .failed(let line, let reason): (.failed, line, reason)
                    }
                // An object whose answers changed in the meantime is consolidated again.
                let statement = try database.cachedStatement(
                    sql: """
                        UPDATE object SET state = ?, output = ?, failure = ? WHERE job = ? AND number = ?
                        AND state IN (\(ObjectState.consolidating.rawValue), \(ObjectState.labeled.rawValue))
                        """)
                try statement.execute(arguments: [state.rawValue, line, failure, job.id, number])
            }
            try database.execute(
                sql: "UPDATE job SET dirty = 1, modified = ? WHERE id = ?", arguments: [now.milliseconds, job.id])
        }
    }

    /// What consolidation functions had when the program ended goes back to what waits for one.
    func returnUnfinished() async throws(JobError) {
        try await write { database in
            try database.execute(
                sql: "UPDATE object SET state = ? WHERE state = ?",
                arguments: [ObjectState.answered.rawValue, ObjectState.consolidating.rawValue])
        }
    }

    /// Objects that a consolidation function had go back to those that wait for one.
    func returnAnswered(_ numbers: [Int], of job: JobRecord) async throws(JobError) {
        try await write { database in
            for number in numbers {
                // What lost its answers in the meantime is where it belongs.
                try database.execute(
                    sql: "UPDATE object SET state = ? WHERE job = ? AND number = ? AND state = ?",
                    arguments: [ObjectState.answered.rawValue, job.id, number, ObjectState.consolidating.rawValue])
            }
        }
    }

    /// A stretch of a job's lines as the output manifest has them, in order.
    func outputLines(of job: JobRecord, in numbers: Range<Int>, limit: Int) async throws(JobError) -> [OutputRecord] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT number, line, output, failure, iteration FROM object WHERE job = ? AND number >= ? AND number < ?
                    ORDER BY number LIMIT ?
                    """, arguments: [job.id, numbers.lowerBound, numbers.upperBound, limit]
            ).map { OutputRecord($0) }
        }
    }
}

extension JobStore {
    /// The answers to all labeled objects of a job, by object, ordered by worker.
    func ballots(of job: JobRecord, _ task: BuiltInTask, labels: [String]) async throws(JobError) -> ClassBallots {
        try await read { database in
            let count = try Self.objectCounts(of: job.id, in: database)[.labeled] ?? 0
            var ballots = ClassBallots(
                task: task, labels: labels, objectCount: count, answersPerObject: job.settings.workersPerObject)
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT t.number, t.worker, t.accepted, t.submitted, t.answer FROM object AS o
                    JOIN task AS t ON t.job = o.job AND t.number = o.number
                    WHERE o.job = ? AND o.state = ? AND t.state = ? ORDER BY t.number, t.worker
                    """, arguments: [job.id, ObjectState.labeled.rawValue, TaskState.submitted.rawValue])
            while let row = try rows.next() {
                let number: Int = row["number"]
                if ballots.numbers.last != number { ballots.begin(number) }
                ballots.add(AnswerRecord(row))
            }
            return ballots
        }
    }

    /// A stretch of a job's labeled objects with the answers that count, in order.
    func labeled(
        of job: JobRecord, from first: Int, limit: Int
    ) async throws(JobError) -> [(object: ObjectRecord, answers: [AnswerRecord])] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT \(ObjectRecord.columns) FROM object WHERE job = ? AND state = \(ObjectState.labeled.rawValue) AND number >= ?
                    ORDER BY number LIMIT ?
                    """, arguments: [job.id, first, limit]
            ).map { row in
                let object = try ObjectRecord(row)
                return (object, try Self.answers(to: object.number, of: job.id, in: database))
            }
        }
    }

    /// Objects by number, in order.
    func objects(of job: JobRecord, numbered numbers: [Int]) async throws(JobError) -> [ObjectRecord] {
        try await read { database in
            try numbers.compactMap { number in
                try Row.fetchOne(
                    database, sql: "SELECT \(ObjectRecord.columns) FROM object WHERE job = ? AND number = ?",
                    arguments: [job.id, number]
                ).map { try ObjectRecord($0) }
            }
        }
    }
}
