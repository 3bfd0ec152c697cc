import GRDB
import GroundTruth

extension JobStore {
    /// Makes a team as CreateWorkteam does, from its name alone.
    ///
    /// - Returns: The team's ARN.
    /// - Throws: ``JobError`` `.invalid` in the words of ``LabelingOperation/check(_:)``, `.inUse`, `.limitExceeded`.
    package func makeTeam(_ name: String, account: JobEngine.Account, at now: Timestamp) async throws(JobError) -> String {
        let request: JSONOutput = [
            "Description": .string("The team \(name)"),
            "MemberDefinitions": [["OidcMemberDefinition": ["Groups": [.string(name)]]]],
            "WorkteamName": .string(name),
        ]
        let parsed: JSONValue
        do { parsed = try JSONScanner.parse(request.bytes) } catch { preconditionFailure("our own JSON: \(error)") }
        try LabelingOperation.createWorkteam.check(parsed)
        return try await insertTeam(parsed, account: account, at: now).arn
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
