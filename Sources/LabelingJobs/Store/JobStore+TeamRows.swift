import GRDB

extension JobStore {
    /// - Returns: The team's ARN.
    /// - Throws: ``JobError`` `.inUse`, `.invalid`.
    package func makeTeam(_ name: String, account: JobEngine.Account, at now: Timestamp) async throws(JobError) -> String {
        guard (1...63).contains(name.utf8.count), name.wholeMatch(of: #/[a-zA-Z0-9](-*[a-zA-Z0-9])*/#) != nil else {
            throw JobError(.invalid, "a team's name has 1 to 63 letters, digits and hyphens between them; found `\(name)`")
        }
        let arn = "arn:aws:sagemaker:\(account.region):\(account.id):workteam/private-crowd/\(name)"
        try await write { database in
            if try Bool.fetchOne(database, sql: "SELECT 1 FROM team WHERE key = ?", arguments: [name.lowercased()]) != nil {
                throw JobError(.inUse, "there is a team \(name)")
            }
            try database.execute(
                sql: "INSERT INTO team (name, key, arn, request, created, modified) VALUES (?, ?, ?, '{}', ?, ?)",
                arguments: [name, name.lowercased(), arn, now.milliseconds, now.milliseconds])
        }
        return arn
    }

    package func teamSizes() async throws(JobError) -> [(name: String, arn: String, memberCount: Int)] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT name, arn, (SELECT count(*) FROM member WHERE team = id) AS size FROM team ORDER BY key"
            ).map { ($0["name"], $0["arn"], $0["size"]) }
        }
    }
}
