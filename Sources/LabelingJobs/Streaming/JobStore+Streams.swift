import GRDB

/// The input of a streaming job as it stands.
package struct StreamStatus: Hashable, Sendable {
    /// `nil` where objects come over HTTP and in folders only.
    package let queue: String?
    package let subscription: String?
    package let opened: Timestamp
    package let lastInput: Timestamp
    /// Objects that came more than once.
    package let duplicates: Int
    /// Messages that are no objects, such as S3's test events.
    package let dropped: Int
    /// Whether it was said that the job will be stopped.
    package let isIdle: Bool
    let checked: Timestamp

    init(_ row: Row) {
        (queue, subscription, duplicates, dropped) = (row["queue"], row["subscription"], row["duplicates"], row["dropped"])
        opened = Timestamp(milliseconds: row["opened"])
        lastInput = Timestamp(milliseconds: row["last_input"])
        checked = Timestamp(milliseconds: row["checked"])
        isIdle = row["is_idle"]
    }
}

/// A message that is no object.
package struct StreamRejection: Hashable, Sendable {
    /// SNS's id of the message, or what stands for it.
    package let message: String
    package let reason: String
    package let body: String
    package let received: Timestamp
}

/// What became of several inputs.
package struct StreamTally: Hashable, Sendable {
    package var accepted = 0
    package var duplicates = 0
    package var rejected: [Rejection] = []

    package struct Rejection: Hashable, Sendable {
        package let message: String
        package let reason: String
    }
}

extension JobStore {
    /// Opens a job's stream, or opens it anew: before the job is in progress nobody sees its objects.
    func openStream(of job: JobRecord, _ queue: StreamQueue?, at now: Timestamp) async throws(JobError) {
        try await write { database in
            try database.execute(sql: "DELETE FROM stream_object WHERE job = ?", arguments: [job.id])
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO stream (job, queue, subscription, opened, last_input, checked) VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [job.id, queue?.queue, queue?.subscription, now.milliseconds, now.milliseconds, now.milliseconds])
        }
    }

    /// - Returns: `nil` for a job that takes no stream, or has not begun.
    package func stream(of job: JobRecord) async throws(JobError) -> StreamStatus? {
        try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM stream WHERE job = ?", arguments: [job.id]).map { StreamStatus($0) }
        }
    }

    func closeStream(of job: JobRecord) async throws(JobError) {
        try await write { try $0.execute(sql: "UPDATE stream SET subscription = NULL WHERE job = ?", arguments: [job.id]) }
    }

    /// Notes the ids of objects that came with the manifest; of two with one id the first counts.
    func setObjectIDs(_ ids: [(number: Int, id: String)], of job: JobRecord, at now: Timestamp) async throws(JobError) {
        try await write { database in
            for (number, id) in ids {
                try database.execute(
                    sql: "INSERT OR IGNORE INTO stream_object (job, id, number, received) VALUES (?, ?, ?, ?)",
                    arguments: [job.id, id, number, now.milliseconds])
            }
        }
    }

    /// Takes inputs in, each object once for the life of the job. What cannot be read is kept with the reason.
    ///
    /// - Parameter statuses: In which the job takes them. The engine may while the job stops, before it writes the outputs.
    /// - Throws: ``JobError`` `.closed` when the job takes no objects any more.
    func takeIn(
        _ inputs: [StreamInput], of job: JobRecord, while statuses: [JobStatus] = [.inProgress, .stopping], at now: Timestamp
    ) async throws(JobError) -> StreamTally {
        try await write { database in
            let status = try String.fetchOne(database, sql: "SELECT status FROM job WHERE id = ?", arguments: [job.id])
            guard statuses.contains(where: { $0.rawValue == status }) else {
                throw JobError(.closed, "job \(job.name) is \(status ?? "gone") and takes no objects")
            }
            var tally = StreamTally()
            var dropped = 0
            var number =
                try Int.fetchOne(
                    database, sql: "SELECT coalesce(max(number), -1) + 1 FROM object WHERE job = ?", arguments: [job.id]) ?? 0
            for input in inputs {
                switch input.outcome {
                case .dropped: dropped += 1
                case .rejected(let reason):
                    try Self.reject(input, reason, of: job, at: now, in: database)
                    tally.rejected.append(StreamTally.Rejection(message: input.message, reason: reason))
                case .object(let id, let line, let warning):
                    guard try Self.insert(id, line, warning, number, of: job, at: now, in: database) else {
                        tally.duplicates += 1
                        continue
                    }
                    tally.accepted += 1
                    number += 1
                }
            }
            try database.execute(
                sql: """
                    UPDATE stream SET last_input = ?, is_idle = 0, duplicates = duplicates + ?, dropped = dropped + ? WHERE job = ?
                    """, arguments: [now.milliseconds, tally.duplicates, dropped, job.id])
            try database.execute(
                sql: "UPDATE job SET dirty = 1, modified = ? WHERE id = ?", arguments: [now.milliseconds, job.id])
            return tally
        }
    }

    /// - Returns: Whether the object is new.
    private static func insert(
        _ id: String, _ line: String, _ warning: String?, _ number: Int, of job: JobRecord, at now: Timestamp, in database: Database
    ) throws -> Bool {
        try database.execute(
            sql: "INSERT OR IGNORE INTO stream_object (job, id, number, received, warning) VALUES (?, ?, ?, ?, ?)",
            arguments: [job.id, id, number, now.milliseconds, warning])
        guard database.changesCount > 0 else { return false }
        try database.execute(
            sql: "INSERT INTO object (job, number, line, state) VALUES (?, ?, ?, ?)",
            arguments: [job.id, number, line, ObjectState.new.rawValue])
        return true
    }

    private static func reject(
        _ input: StreamInput, _ reason: String, of job: JobRecord, at now: Timestamp, in database: Database
    ) throws {
        try database.execute(
            sql: "INSERT OR IGNORE INTO stream_rejection (job, message, reason, body, received) VALUES (?, ?, ?, ?, ?)",
            arguments: [job.id, input.message, reason, input.body, now.milliseconds])
    }

    // MARK: What the owner sees

    /// Messages that are no objects, the oldest first.
    ///
    /// - Parameter first: How many to pass over.
    package func rejections(of job: JobRecord, from first: Int = 0, limit: Int) async throws(JobError) -> [StreamRejection] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT message, reason, body, received FROM stream_rejection WHERE job = ? ORDER BY number LIMIT ? OFFSET ?",
                arguments: [job.id, limit, first]
            ).map { row in
                StreamRejection(
                    message: row["message"], reason: row["reason"], body: row["body"],
                    received: Timestamp(milliseconds: row["received"]))
            }
        }
    }

    /// The warnings on objects of a stretch, by object.
    package func warnings(of job: JobRecord, in numbers: ClosedRange<Int>) async throws(JobError) -> [Int: String] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT number, warning FROM stream_object WHERE job = ? AND number BETWEEN ? AND ? AND warning IS NOT NULL",
                arguments: [job.id, numbers.lowerBound, numbers.upperBound])
            return Dictionary(rows.map { ($0["number"] as Int, $0["warning"] as String) }) { first, _ in first }
        }
    }

    // MARK: Time

    /// Gives up objects that waited too long to be sent out.
    func expireStreamed(of job: JobRecord, receivedBefore latest: Timestamp, reason: String) async throws(JobError) {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE object SET state = \(ObjectState.failed.rawValue), failure = ? WHERE job = ? AND state = \(ObjectState.new.rawValue)
                    AND number IN (SELECT number FROM stream_object WHERE job = ? AND received <= ?)
                    """, arguments: [reason, job.id, job.id, latest.milliseconds])
            if database.changesCount > 0 {
                try database.execute(sql: "UPDATE job SET dirty = 1 WHERE id = ?", arguments: [job.id])
            }
        }
    }

    func setStreamChecked(_ job: JobRecord, isIdle: Bool, at now: Timestamp) async throws(JobError) {
        try await write {
            try $0.execute(
                sql: "UPDATE stream SET checked = ?, is_idle = ? WHERE job = ?", arguments: [now.milliseconds, isIdle, job.id])
        }
    }
}
