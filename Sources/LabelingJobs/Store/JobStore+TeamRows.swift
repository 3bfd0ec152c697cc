import GRDB
import GroundTruth

extension JobStore {
    /// - Returns: The team's ARN.
    /// - Throws: ``JobError`` `.inUse`, `.invalid`.
    package func makeTeam(_ name: String, account: JobEngine.Account, at now: Timestamp) async throws(JobError) -> String {
        guard (1...63).contains(name.utf8.count), name.wholeMatch(of: #/[a-zA-Z0-9](-*[a-zA-Z0-9])*/#) != nil else {
            throw JobError(.invalid, "a team's name has 1 to 63 letters, digits and hyphens between them; found `\(name)`")
        }
        let request: JSONOutput = [
            "Description": .string("The team \(name)"), "MemberDefinitions": [["OidcMemberDefinition": ["Groups": [.string(name)]]]],
            "WorkteamName": .string(name),
        ]
        let parsed: JSONValue
        do { parsed = try JSONScanner.parse(request.bytes) } catch { preconditionFailure("our own JSON: \(error)") }
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
