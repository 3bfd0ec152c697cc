import GRDB

/// A file of a watched folder, as it was last seen.
struct WatchedFile: Sendable {
    let name: String
    /// Empty before it was seen first.
    var version = ""
    /// When it was seen in this version first.
    var seen = Timestamp(milliseconds: 0)
    /// Lines that were taken in.
    var lines = 0
    /// Whether this version was read to its end.
    var isSettled = false
}

extension JobStore {
    func watchedFile(_ name: String, of job: JobRecord) async throws(JobError) -> WatchedFile? {
        try await read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM watched_file WHERE job = ? AND name = ?", arguments: [job.id, name])
            return row.map { row in
                WatchedFile(
                    name: name, version: row["version"], seen: Timestamp(milliseconds: row["seen"]), lines: row["lines"],
                    isSettled: row["is_settled"])
            }
        }
    }

    func setWatchedFile(_ file: WatchedFile, of job: JobRecord) async throws(JobError) {
        try await write {
            try $0.execute(
                sql: "INSERT OR REPLACE INTO watched_file (job, name, version, seen, lines, is_settled) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [job.id, file.name, file.version, file.seen.milliseconds, file.lines, file.isSettled])
        }
    }
}
