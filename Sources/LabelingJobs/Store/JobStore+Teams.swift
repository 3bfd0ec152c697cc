import GRDB
package import GroundTruth

extension JobStore {
    /// Teams that a store takes.
    static let maximumTeams = 1000

    /// - Parameters:
    ///   - request: A CreateWorkteam request.
    ///   - account: Where the team seems to live, for its ARN.
    /// - Throws: ``JobError`` `.invalid` for a request without a name, `.inUse` when a team has it, in any case, `.limitExceeded`.
    @discardableResult
    package func insertTeam(
        _ request: JSONValue, account: JobEngine.Account, at now: Timestamp
    ) async throws(JobError) -> TeamRecord {
        guard let name = request.present("WorkteamName")?.string else { throw JobError(.invalid, "WorkteamName must be given") }
        let tags = try ResourceTag.tags(in: request)
        let arn = Workteam.arn(name, in: account)
        let text = String(decoding: request.raw, as: UTF8.self)
        return try await write { database in
            if try Bool.fetchOne(database, sql: "SELECT 1 FROM team WHERE key = ?", arguments: [name.lowercased()]) != nil {
                throw JobError(.inUse, "There is a work team \(name) already")
            }
            guard try Int.fetchOne(database, sql: "SELECT count(*) FROM team") ?? 0 < Self.maximumTeams else {
                throw JobError(.limitExceeded, "There are \(Self.maximumTeams) work teams, the most that are kept")
            }
            try database.execute(
                sql: "INSERT INTO team (name, key, arn, request, created, modified) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [name, name.lowercased(), arn, text, now.milliseconds, now.milliseconds])
            try Self.addTags(tags, to: arn, in: database)
            return try Self.team("key = ?", name.lowercased(), in: database)
        }
    }

    /// - Throws: ``JobError`` `.notFound`.
    package func team(named name: String) async throws(JobError) -> TeamRecord {
        try await read { try Self.team("key = ?", name.lowercased(), called: name, in: $0) }
    }

    /// - Throws: ``JobError`` `.notFound`.
    package func team(arn: String) async throws(JobError) -> TeamRecord {
        try await read { try Self.team("arn = ?", arn, in: $0) }
    }

    /// All teams, the oldest first.
    package func teams() async throws(JobError) -> [TeamRecord] {
        try await read { try Row.fetchAll($0, sql: "SELECT * FROM team ORDER BY created, id").map { try TeamRecord($0) } }
    }

    /// Replaces members of a team's request.
    ///
    /// - Parameter changes: An UpdateWorkteam request.
    /// - Throws: ``JobError`` `.notFound`.
    package func updateTeam(
        named name: String, _ changes: JSONValue, at now: Timestamp
    ) async throws(JobError) -> TeamRecord {
        try await write { database in
            let team = try Self.team("key = ?", name.lowercased(), called: name, in: database)
            var additions: [String: JSONOutput] = [:]
            for member in TeamRecord.changeableMembers {
                if let value = changes.present(member) { additions[member] = .raw(value) }
            }
            let text = String(decoding: team.request.setting(additions), as: UTF8.self)
            try database.execute(
                sql: "UPDATE team SET request = ?, modified = ? WHERE id = ?", arguments: [text, now.milliseconds, team.id])
            return try Self.team("id = ?", team.id, in: database)
        }
    }

    /// Deletes a team that no unfinished job needs.
    ///
    /// - Throws: ``JobError`` `.notFound`, or `.inUse` that names a job.
    package func deleteTeam(named name: String) async throws(JobError) {
        try await write { database in
            let team = try Self.team("key = ?", name.lowercased(), called: name, in: database)
            let job = try String.fetchOne(
                database,
                sql: "SELECT name FROM job WHERE workteam = ? AND status IN (?, ?, ?) ORDER BY id LIMIT 1",
                arguments: [
                    team.arn, JobStatus.initializing.rawValue, JobStatus.inProgress.rawValue, JobStatus.stopping.rawValue,
                ])
            if let job { throw JobError(.inUse, "The work team \(team.name) has the labeling job \(job); stop it first") }
            try database.execute(sql: "DELETE FROM team WHERE id = ?", arguments: [team.id])
            try database.execute(sql: "DELETE FROM tag WHERE arn = ?", arguments: [team.arn])
        }
    }

    private static func team(
        _ condition: String, _ value: any DatabaseValueConvertible & Sendable, called name: String? = nil, in database: Database
    ) throws -> TeamRecord {
        let row = try Row.fetchOne(database, sql: "SELECT * FROM team WHERE \(condition)", arguments: [value])
        guard let row else { throw JobError(.notFound, "There is no work team \(name ?? "\(value)")") }
        return try TeamRecord(row)
    }
}

extension TeamRecord {
    static let changeableMembers = [
        "Description", "MemberDefinitions", "NotificationConfiguration", "WorkerAccessConfiguration",
    ]

    init(_ row: Row) throws(JobError) {
        (id, name, arn) = (row["id"], row["name"], row["arn"])
        do { request = try JSONScanner.parse(Array((row["request"] as String).utf8)) } catch {
            throw JobError(.storeFailed, "the request of team \(name) cannot be read: \(error)")
        }
        (created, modified) = (Timestamp(milliseconds: row["created"]), Timestamp(milliseconds: row["modified"]))
    }
}
