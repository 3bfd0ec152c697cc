import GRDB

extension JobStore {
    /// As DescribeLabelingJob has them.
    package func counters(of job: JobRecord) async throws(JobError) -> LabelCounters {
        let counts = try await read { try Self.objectCounts(of: job.id, in: $0) }
        var counters = LabelCounters()
        for (state, count) in counts {
            counters.total += count
            switch state {
            case .labeled: counters.labeled += count
            case .failed: counters.failed += count
            case .new: counters.unlabeled += count
            case .available, .answered, .consolidating:
                counters.unlabeled += count
                counters.pending += count
            case .excluded, .carried: break
            }
        }
        return counters
    }

    func count(of job: JobRecord, in states: [ObjectState]) async throws(JobError) -> Int {
        try await read { try Self.count(of: job.id, in: states, $0) }
    }

    static func count(of job: Int64, in states: [ObjectState], _ database: Database) throws -> Int {
        let counts = try objectCounts(of: job, in: database)
        return states.reduce(0) { $0 + (counts[$1] ?? 0) }
    }

    /// How many objects of a job are in each state. The store keeps count (``Schema``): a job of 100,000 is not gone through whenever
    /// a worker asks for a task.
    static func objectCounts(of job: Int64, in database: Database) throws -> [ObjectState: Int] {
        let statement = try database.cachedStatement(sql: "SELECT state, count FROM object_count WHERE job = ?")
        var counts: [ObjectState: Int] = [:]
        for row in try Row.fetchAll(statement, arguments: [job]) {
            if let state = ObjectState(rawValue: row["state"]) { counts[state] = row["count"] }
        }
        return counts
    }
}
