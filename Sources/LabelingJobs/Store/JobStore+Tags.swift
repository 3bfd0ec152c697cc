import GRDB

extension JobStore {
    /// A resource's tags, in the order of their keys' bytes.
    ///
    /// - Throws: ``JobError`` `.notFound` when there is no job and no team of this ARN.
    package func tags(of arn: String) async throws(JobError) -> [ResourceTag] {
        try await read { database in
            try Self.requireResource(arn, in: database)
            return try Self.tags(of: arn, in: database)
        }
    }

    /// Adds tags; the value of a key that is there already is replaced.
    ///
    /// - Returns: All tags of the resource.
    /// - Throws: ``JobError`` `.notFound`, `.limitExceeded`.
    package func addTags(_ tags: [ResourceTag], to arn: String) async throws(JobError) -> [ResourceTag] {
        try await write { database in
            try Self.requireResource(arn, in: database)
            try Self.addTags(tags, to: arn, in: database)
            return try Self.tags(of: arn, in: database)
        }
    }

    /// Removes tags; keys that are not there do not matter.
    package func removeTags(_ keys: [String], from arn: String) async throws(JobError) {
        try await write { database in
            try Self.requireResource(arn, in: database)
            for key in keys {
                try database.execute(sql: "DELETE FROM tag WHERE arn = ? AND key = ?", arguments: [arn, key])
            }
        }
    }

    // MARK: Inside a transaction

    static func addTags(_ tags: [ResourceTag], to arn: String, in database: Database) throws {
        for tag in tags {
            try database.execute(
                sql: "INSERT OR REPLACE INTO tag (arn, key, value) VALUES (?, ?, ?)", arguments: [arn, tag.key, tag.value])
        }
        let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM tag WHERE arn = ?", arguments: [arn]) ?? 0
        guard count <= ResourceTag.maximumCount else {
            throw JobError(
                .limitExceeded, "\(arn) would have \(count) tags, a resource takes \(ResourceTag.maximumCount)")
        }
    }

    private static func tags(of arn: String, in database: Database) throws -> [ResourceTag] {
        try Row.fetchAll(database, sql: "SELECT key, value FROM tag WHERE arn = ? ORDER BY key", arguments: [arn])
            .map { ResourceTag(key: $0["key"], value: $0["value"]) }
    }

    private static func requireResource(_ arn: String, in database: Database) throws {
        let sql = "SELECT 1 FROM job WHERE arn = ? UNION ALL SELECT 1 FROM team WHERE arn = ?"
        guard try Bool.fetchOne(database, sql: sql, arguments: [arn, arn]) != nil else {
            throw JobError(.notFound, "There is no labeling job or work team \(arn)")
        }
    }
}
