import GRDB

/// What a worker's call has to know of a job: a few columns, read in the call's own transaction.
struct OpenJob {
    let id: Int64
    let name: String
    let status: JobStatus
    let taskSeconds: Int
    let availabilitySeconds: Int

    private static let columns = "id, name, status, task_seconds, availability_seconds"

    /// - Throws: ``JobError`` `.notFound`.
    static func named(_ name: String, in database: Database) throws -> OpenJob {
        let statement = try database.cachedStatement(sql: "SELECT \(columns) FROM job WHERE key = ?")
        guard let row = try Row.fetchOne(statement, arguments: [name.lowercased()]) else { throw JobError.noJob(name) }
        return try OpenJob(row)
    }

    private init(_ row: Row) throws(JobError) {
        (id, name) = (row["id"], row["name"])
        status = try JobStatus(stored: row["status"], of: name)
        (taskSeconds, availabilitySeconds) = (row["task_seconds"], row["availability_seconds"])
    }
}

extension JobError {
    static func noJob(_ name: String) -> JobError { JobError(.notFound, "No labeling job found with the name \(name)") }
}

extension JobStatus {
    init(stored: String, of job: String) throws(JobError) {
        guard let status = JobStatus(rawValue: stored) else {
            throw JobError(.storeFailed, "job \(job) has a status that is none: `\(stored)`")
        }
        self = status
    }
}
