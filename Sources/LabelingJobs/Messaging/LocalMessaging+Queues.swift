import FoundationEssentials
import GRDB

extension LocalMessaging {
    /// Makes a queue. One that is there stays as it is, and must have the attributes that are given.
    ///
    /// - Throws: ``JobError`` `.invalid`, or `.inUse` for other attributes than it has.
    @discardableResult
    package func createQueue(
        _ name: String, region: String, attributes: [(name: String, value: String)] = []
    ) async throws(JobError) -> LocalQueue {
        guard Self.isName(name, atMost: 80) else {
            throw JobError(.invalid, "`\(name)` is no name of a queue: 1 to 80 letters, digits, hyphens and underscores")
        }
        var wanted = QueueAttributes()
        try wanted.set(attributes)
        let (new, arn, now) = (wanted, "arn:aws:sqs:\(region):\(account):\(name)", clock.now())
        return try await store.write { database in
            if let known = try Self.knownQueue(named: name, in: database) {
                var same = known.attributes
                try same.set(attributes)
                guard same == known.attributes else {
                    throw JobError(.inUse, "A queue already exists with the same name and a different value for an attribute")
                }
                return known
            }
            try database.execute(
                sql: "INSERT INTO queue (name, arn, attributes, created, modified) VALUES (?, ?, ?, ?, ?)",
                arguments: [name, arn, try new.text, now.milliseconds, now.milliseconds])
            return try Self.queue(named: name, in: database)
        }
    }

    /// - Throws: ``JobError`` `.notFound`.
    package func queue(_ name: String) async throws(JobError) -> LocalQueue {
        try await store.read { try Self.queue(named: name, in: $0) }
    }

    package func setAttributes(_ values: [(name: String, value: String)], of queue: String) async throws(JobError) {
        let now = clock.now()
        try await store.write { database in
            var attributes = try Self.queue(named: queue, in: database).attributes
            try attributes.set(values)
            try database.execute(
                sql: "UPDATE queue SET attributes = ?, modified = ? WHERE name = ?",
                arguments: [try attributes.text, now.milliseconds, queue])
        }
    }

    /// Removes a queue with its messages.
    package func deleteQueue(_ name: String) async throws(JobError) {
        try await store.write { database in
            _ = try Self.queue(named: name, in: database)
            try database.execute(sql: "DELETE FROM queue WHERE name = ?", arguments: [name])
        }
    }

    package func counts(of queue: String) async throws(JobError) -> QueueCounts {
        let now = clock.now()
        return try await store.write { database in
            try Self.removeExpired(try Self.queue(named: queue, in: database), at: now, in: database)
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT visible <= ? AS isVisible, receives > 0 AS isReceived, count(*) AS n FROM message WHERE queue = ? GROUP BY 1, 2
                    """, arguments: [now.milliseconds, queue])
            var counts = QueueCounts()
            for row in rows {
                let (isVisible, isReceived, count): (Bool, Bool, Int) = (row["isVisible"], row["isReceived"], row["n"])
                if isVisible {
                    counts.visible += count
                } else if isReceived {
                    counts.inFlight += count
                } else {
                    counts.delayed += count
                }
            }
            return counts
        }
    }

    // MARK: Messages

    /// - Parameter delaySeconds: 0 to 900; `nil` is the queue's own.
    /// - Returns: The message's id.
    @discardableResult
    package func send(_ body: String, to queue: String, delaySeconds: Int? = nil) async throws(JobError) -> String {
        try Self.check(message: body)
        let now = clock.now()
        return try await store.write { database in
            try Self.insert(body, into: try Self.queue(named: queue, in: database), at: now, delaySeconds, in: database)
        }
    }

    /// Hands messages out. Each stays hidden for the visibility timeout and is then handed out again, unless it is deleted.
    ///
    /// - Parameters:
    ///   - limit: 1 to 10.
    ///   - visibilitySeconds: 0 to 43,200; `nil` is the queue's own.
    package func receive(
        from name: String, limit: Int, visibilitySeconds: Int? = nil
    ) async throws(JobError) -> [QueueMessage] {
        let now = clock.now()
        return try await store.write { database in
            let queue = try Self.queue(named: name, in: database)
            try Self.removeExpired(queue, at: now, in: database)
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM message WHERE queue = ? AND visible <= ? ORDER BY visible, id LIMIT ?",
                arguments: [name, now.milliseconds, limit])
            return try rows.map { row in
                let handle = Self.makeID()
                let hidden = now.adding(seconds: visibilitySeconds ?? queue.attributes.visibilityTimeout)
                let first: Int64 = row["received"] ?? now.milliseconds
                try database.execute(
                    sql: "UPDATE message SET visible = ?, handle = ?, receives = receives + 1, received = ? WHERE id = ?",
                    arguments: [hidden.milliseconds, handle, first, row["id"] as Int64])
                let attributes: String? = row["attributes"]
                return QueueMessage(
                    id: row["uuid"], body: row["body"],
                    attributes: try attributes.map { try JSONDecoder().decode([MessageAttribute].self, from: Data($0.utf8)) } ?? [],
                    handle: handle, sent: Timestamp(milliseconds: row["sent"]),
                    received: Timestamp(milliseconds: first), receives: row["receives"] + 1)
            }
        }
    }

    /// Deletes messages that were handed out. A handle of an earlier handing out deletes nothing, as with SQS.
    package func delete(_ handles: [String], from queue: String) async throws(JobError) {
        try await store.write { database in
            _ = try Self.queue(named: queue, in: database)
            for handle in handles {
                try database.execute(sql: "DELETE FROM message WHERE queue = ? AND handle = ?", arguments: [queue, handle])
            }
        }
    }

    /// Sets how long from now a message that was handed out stays hidden.
    ///
    /// - Throws: ``JobError`` `.leaseEnded` for a message that is not in anybody's hands.
    package func changeVisibility(of handle: String, in queue: String, seconds: Int) async throws(JobError) {
        let now = clock.now()
        try await store.write { database in
            _ = try Self.queue(named: queue, in: database)
            try database.execute(
                sql: "UPDATE message SET visible = ? WHERE queue = ? AND handle = ? AND visible > ?",
                arguments: [now.adding(seconds: seconds).milliseconds, queue, handle, now.milliseconds])
            guard database.changesCount > 0 else {
                throw JobError(.leaseEnded, "the receipt handle stands for no message that is in flight")
            }
        }
    }

    // MARK: Inside a transaction

    @discardableResult
    static func insert(
        _ body: String, into queue: LocalQueue, at now: Timestamp, _ delaySeconds: Int? = nil, attributes: [MessageAttribute] = [],
        in database: Database
    ) throws -> String {
        let id = makeID()
        let visible = now.adding(seconds: delaySeconds ?? queue.attributes.delay)
        let document = attributes.isEmpty ? nil : String(decoding: try JSONEncoder().encode(attributes), as: UTF8.self)
        try database.execute(
            sql: "INSERT INTO message (queue, uuid, body, sent, visible, attributes) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [queue.name, id, body, now.milliseconds, visible.milliseconds, document])
        return id
    }

    static func queue(named name: String, in database: Database) throws -> LocalQueue {
        guard let queue = try knownQueue(named: name, in: database) else {
            throw JobError(.notFound, "there is no queue \(name)")
        }
        return queue
    }

    private static func knownQueue(named name: String, in database: Database) throws -> LocalQueue? {
        try Row.fetchOne(database, sql: "SELECT * FROM queue WHERE name = ?", arguments: [name]).map { try LocalQueue($0) }
    }

    private static func removeExpired(_ queue: LocalQueue, at now: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "DELETE FROM message WHERE queue = ? AND sent <= ?",
            arguments: [queue.name, now.adding(seconds: -queue.attributes.retention).milliseconds])
    }
}
