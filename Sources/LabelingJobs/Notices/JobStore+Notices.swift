import GRDB
import GroundTruth

/// A finished object that somebody is to be told of.
struct Notice: Sendable {
    let id: Int64
    let job: Int64
    let jobName: String
    let attribute: String
    let object: OutputRecord
    /// An ARN of a topic, or a URL.
    let target: String
    /// How often it was tried.
    let attempts: Int
}

/// A notice that was given up.
package struct DeadNotice: Hashable, Sendable {
    package let number: Int
    package let target: String
    package let attempts: Int
    package let error: String
}

extension JobStore {
    /// Sets where a job's finished objects are published.
    func setOutputTopic(_ topic: String?, of job: JobRecord) async throws(JobError) {
        try await write { database in
            try database.execute(sql: "DELETE FROM notice_target WHERE job = ?", arguments: [job.id])
            guard let topic else { return }
            try database.execute(sql: "INSERT INTO notice_target (job, target) VALUES (?, ?)", arguments: [job.id, topic])
        }
    }

    /// Sets who is told of the finished objects of all jobs.
    func setWebhooks(_ urls: [String]) async throws(JobError) {
        try await write { database in
            try database.execute(sql: "DELETE FROM notice_target WHERE job IS NULL")
            for url in urls {
                try database.execute(sql: "INSERT INTO notice_target (job, target) VALUES (NULL, ?)", arguments: [url])
            }
        }
    }

    /// Notices that are to be tried now, those that wait longest first. An object that is consolidated again is told of when it is done.
    func dueNotices(at now: Timestamp, limit: Int) async throws(JobError) -> [Notice] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT n.id, n.job, n.number, n.target, n.attempts, j.name, j.request, o.line, o.output, o.failure, o.iteration
                    FROM notice AS n JOIN job AS j ON j.id = n.job JOIN object AS o ON o.job = n.job AND o.number = n.number
                    WHERE n.is_dead = 0 AND n.next <= ? AND o.state IN (?, ?) ORDER BY n.next, n.id LIMIT ?
                    """,
                arguments: [now.milliseconds, ObjectState.labeled.rawValue, ObjectState.failed.rawValue, limit])
            var attributes: [Int64: String] = [:]
            return try rows.map { row in
                let job: Int64 = row["job"]
                if attributes[job] == nil { attributes[job] = try Self.attribute(of: row["request"]) }
                return Notice(
                    id: row["id"], job: job, jobName: row["name"], attribute: attributes[job] ?? "", object: OutputRecord(row),
                    target: row["target"], attempts: row["attempts"])
            }
        }
    }

    private static func attribute(of request: String) throws(JobError) -> String {
        do { return try JobSettings(try JSONScanner.parse(request.utf8)).attribute } catch {
            throw JobError(.storeFailed, "the request of a job cannot be read: \(error)")
        }
    }

    /// Removes a notice that arrived, unless its object has another label by now, of which is to be told.
    func removeNotice(_ notice: Notice) async throws(JobError) {
        try await write { database in
            try database.execute(
                sql: """
                    DELETE FROM notice WHERE id = ? AND EXISTS (SELECT 1 FROM object AS o
                    WHERE o.job = notice.job AND o.number = notice.number AND o.output IS ? AND o.failure IS ?)
                    """, arguments: [notice.id, notice.object.output, notice.object.failure])
        }
    }

    /// Notes that a notice did not arrive.
    ///
    /// - Parameter next: When to try again; `nil` gives it up.
    func setNoticeFailed(_ id: Int64, _ error: String, next: Timestamp?) async throws(JobError) {
        try await write {
            try $0.execute(
                sql: "UPDATE notice SET attempts = attempts + 1, error = ?, next = ?, is_dead = ? WHERE id = ?",
                arguments: [error, next?.milliseconds ?? 0, next == nil, id])
        }
    }

    // MARK: What the owner sees

    /// Notices of a job that wait for their next try, and those that were given up.
    package func noticeCounts(of job: JobRecord) async throws(JobError) -> (waiting: Int, dead: Int) {
        try await read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT count(*) AS count, sum(is_dead) AS dead FROM notice WHERE job = ?", arguments: [job.id])
            let (count, dead): (Int, Int) = (row?["count"] ?? 0, row?["dead"] ?? 0)
            return (count - dead, dead)
        }
    }

    /// Notices that were given up, by object.
    ///
    /// - Parameter first: How many to pass over.
    package func deadNotices(of job: JobRecord, from first: Int = 0, limit: Int) async throws(JobError) -> [DeadNotice] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT number, target, attempts, error FROM notice WHERE job = ? AND is_dead = 1 ORDER BY number, target
                    LIMIT ? OFFSET ?
                    """, arguments: [job.id, limit, first]
            ).map { DeadNotice(number: $0["number"], target: $0["target"], attempts: $0["attempts"], error: $0["error"] ?? "") }
        }
    }

    /// Tries once more what was given up.
    ///
    /// - Returns: How many notices.
    package func reviveNotices(of job: JobRecord) async throws(JobError) -> Int {
        try await write { database in
            try database.execute(
                sql: "UPDATE notice SET is_dead = 0, attempts = 0, next = 0 WHERE job = ? AND is_dead = 1", arguments: [job.id])
            return database.changesCount
        }
    }
}
