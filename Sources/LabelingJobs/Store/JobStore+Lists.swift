import FoundationEssentials
import GRDB
import GroundTruth

/// What of a list is wanted, and in which order.
package struct ListQuery: Sendable {
    package enum SortKey: String, Sendable {
        case name = "Name"
        case created = "CreationTime"
        case status = "Status"

        /// The column that is compared; names without regard to case, as they are unique.
        fileprivate var column: String {
            switch self {
            case .name: "key"
            case .created: "created"
            case .status: "status"
            }
        }
    }

    package var sortKey = SortKey.created
    package var isDescending = false
    package var maximumCount = 100
    package var after: ListPosition?
    /// Exclusive.
    package var createdAfter: Timestamp?
    /// Exclusive.
    package var createdBefore: Timestamp?
    /// Exclusive.
    package var modifiedAfter: Timestamp?
    /// Exclusive.
    package var modifiedBefore: Timestamp?
    /// A part of the name, without regard to case.
    package var nameContains: String?

    package init() {}

    /// The conditions that hold for jobs and teams.
    fileprivate var filter: ListFilter {
        var filter = ListFilter()
        filter.add("created > ?", createdAfter?.milliseconds)
        filter.add("created < ?", createdBefore?.milliseconds)
        filter.add("modified > ?", modifiedAfter?.milliseconds)
        filter.add("modified < ?", modifiedBefore?.milliseconds)
        filter.add("instr(key, ?) > 0", nameContains?.lowercased())
        if let after {
            filter.conditions.append("(\(sortKey.column), id) \(isDescending ? "<" : ">") (?, ?)")
            filter.arguments += sortKey == .created ? [Int64(after.value)] : [after.value]
            filter.arguments += [after.id]
        }
        return filter
    }

    /// One row more than wanted, which tells whether there is another page.
    fileprivate func rows(of table: String, _ filter: ListFilter, in database: Database) throws -> (
        rows: [Row], next: ListPosition?
    ) {
        let condition = filter.conditions.isEmpty ? "" : "WHERE \(filter.conditions.joined(separator: " AND "))"
        let direction = isDescending ? "DESC" : "ASC"
        let found = try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM \(table) \(condition) ORDER BY \(sortKey.column) \(direction), id \(direction)
                LIMIT \(maximumCount + 1)
                """, arguments: filter.arguments)
        let rows = Array(found.prefix(maximumCount))
        guard found.count > rows.count, let last = rows.last else { return (rows, nil) }
        let value: String = sortKey == .created ? "\(last["created"] as Int64)" : last[sortKey.column]
        return (rows, ListPosition(order: order, value: value, id: last["id"]))
    }

    /// What a position is good for.
    fileprivate var order: String { "\(sortKey.rawValue) \(isDescending ? "Descending" : "Ascending")" }
}

private struct ListFilter {
    var conditions: [String] = []
    var arguments = StatementArguments()

    mutating func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
        guard let value else { return }
        conditions.append(condition)
        arguments += [value]
    }
}

/// Where a page of a list ended. The next one goes on behind it, whatever was added or removed in between.
package struct ListPosition: Sendable {
    fileprivate let order: String
    fileprivate let value: String
    fileprivate let id: Int64

    /// As `NextToken`.
    package var token: String {
        Data(JSONOutput.array([.string(order), .string(value), .int(Int(id))]).bytes).base64EncodedString()
    }

    fileprivate init(order: String, value: String, id: Int64) { (self.order, self.value, self.id) = (order, value, id) }

    /// - Parameter query: The list that the token must be of: one in another order does not go on here.
    /// - Throws: ``JobError`` `.invalid`.
    package init(token: String, of query: ListQuery) throws(JobError) {
        guard let data = Data(base64Encoded: token), let parts = try? JSONScanner.parse(Array(data)).array, parts.count == 3,
            let order = parts[0].string, order == query.order, let value = parts[1].string, let id = parts[2].int,
            query.sortKey != .created || Int64(value) != nil
        else { throw JobError(.invalid, "NextToken is not from a list in this order") }
        self.init(order: order, value: value, id: Int64(id))
    }
}

extension JobStore {
    /// Jobs, a page of them.
    ///
    /// - Parameters:
    ///   - team: The ARN of the team whose jobs are wanted.
    ///   - referenceContains: A part of ``JobRecord/referenceCode``.
    package func jobs(
        _ query: ListQuery, status: JobStatus? = nil, team: String? = nil, referenceContains: String? = nil
    ) async throws(JobError) -> (jobs: [JobRecord], next: ListPosition?) {
        try await read { database in
            var filter = query.filter
            filter.add("status = ?", status?.rawValue)
            filter.add("workteam = ?", team)
            filter.add("instr(\(JobRecord.referenceExpression), ?) > 0", referenceContains)
            let (rows, next) = try query.rows(of: "job", filter, in: database)
            return (try rows.map { try JobRecord($0) }, next)
        }
    }

    /// Teams, a page of them.
    package func teams(_ query: ListQuery) async throws(JobError) -> (teams: [TeamRecord], next: ListPosition?) {
        try await read { database in
            let (rows, next) = try query.rows(of: "team", query.filter, in: database)
            return (try rows.map { try TeamRecord($0) }, next)
        }
    }
}
