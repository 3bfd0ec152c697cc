import FoundationEssentials
import GRDB
import GroundTruth

/// What is published on a topic.
package struct Publication: Sendable {
    package let message: String
    /// 1 to 100 characters on one line.
    package var subject: String?
    package var attributes: [MessageAttribute] = []
    /// Where the service is reached, for the envelope's `UnsubscribeURL`.
    package var origin = "http://localhost"

    package init(_ message: String) { self.message = message }
}

extension LocalMessaging {
    /// Makes a topic; one that is there stays.
    ///
    /// - Returns: Its ARN.
    /// - Throws: ``JobError`` `.invalid` for what is no name.
    @discardableResult
    package func createTopic(_ name: String, region: String) async throws(JobError) -> String {
        guard Self.isName(name, atMost: 256) else {
            throw JobError(.invalid, "`\(name)` is no name of a topic: 1 to 256 letters, digits, hyphens and underscores")
        }
        let arn = "arn:aws:sns:\(region):\(account):\(name)"
        try await store.write { try $0.execute(sql: "INSERT OR IGNORE INTO topic (arn) VALUES (?)", arguments: [arn]) }
        return arn
    }

    package func hasTopic(_ arn: String) async throws(JobError) -> Bool { try await store.read { try Self.isTopic(arn, in: $0) } }

    /// Sends what is published on a topic to a queue from now on. A queue is subscribed once.
    ///
    /// - Parameter isRaw: The queue gets the message itself, without SNS's envelope.
    /// - Returns: The subscription's ARN.
    /// - Throws: ``JobError`` `.notFound` for a topic or a queue that is not there.
    package func subscribe(queue arn: String, to topic: String, isRaw: Bool) async throws(JobError) -> String {
        try await store.write { database in
            try Self.requireTopic(topic, in: database)
            guard let queue = try String.fetchOne(database, sql: "SELECT name FROM queue WHERE arn = ?", arguments: [arn]) else {
                throw JobError(.notFound, "there is no queue \(arn)")
            }
            let known = try String.fetchOne(
                database, sql: "SELECT arn FROM subscription WHERE topic = ? AND queue = ?", arguments: [topic, queue])
            let subscription = known ?? "\(topic):\(Self.makeID())"
            try database.execute(
                sql: "INSERT OR REPLACE INTO subscription (arn, topic, queue, raw) VALUES (?, ?, ?, ?)",
                arguments: [subscription, topic, queue, isRaw])
            return subscription
        }
    }

    package func unsubscribe(_ subscription: String) async throws(JobError) {
        try await store.write { try $0.execute(sql: "DELETE FROM subscription WHERE arn = ?", arguments: [subscription]) }
    }

    /// Attributes that a message of a queue has at most. Amazon SNS takes more, and loses such a message where it is delivered raw; here
    /// it is refused.
    private static let maximumRawAttributes = 10

    /// - Returns: The message's id, which is the same in all queues.
    /// - Throws: ``JobError`` `.notFound`, or `.invalid` for an empty or too long message, a subject that is none, or more attributes
    ///   than a raw subscription takes.
    @discardableResult
    package func publish(_ publication: Publication, to topic: String) async throws(JobError) -> String {
        try Self.check(message: publication.message, attributes: publication.attributes)
        if let subject = publication.subject { try Self.check(subject: subject) }
        let (id, now) = (Self.makeID(), clock.now())
        try await store.write { database in
            try Self.requireTopic(topic, in: database)
            let rows = try Row.fetchAll(
                database,
                sql:
                    "SELECT s.arn, s.queue, s.raw FROM subscription AS s JOIN queue AS q ON q.name = s.queue WHERE topic = ? ORDER BY s.arn",
                arguments: [topic])
            for row in rows {
                let (subscription, queue, isRaw): (String, String, Bool) = (row["arn"], row["queue"], row["raw"])
                guard !isRaw || publication.attributes.count <= Self.maximumRawAttributes else {
                    throw JobError(
                        .invalid,
                        "MessageAttributes: there are \(publication.attributes.count); the raw subscription \(subscription) takes "
                            + "\(Self.maximumRawAttributes)")
                }
                let body = isRaw ? publication.message : Self.envelope(publication, id, topic, subscription, at: now)
                try Self.insert(
                    body, into: Self.queue(named: queue, in: database), at: now, attributes: isRaw ? publication.attributes : [],
                    in: database)
            }
        }
        return id
    }

    private static func check(subject: String) throws(JobError) {
        guard (1...100).contains(subject.unicodeScalars.count),
            !subject.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else {
            throw JobError(
                .invalid,
                "Subject: it has \(subject.unicodeScalars.count) characters; expected 1 to 100, without line breaks and control characters"
            )
        }
    }

    private static func isTopic(_ arn: String, in database: Database) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT 1 FROM topic WHERE arn = ?", arguments: [arn]) ?? false
    }

    private static func requireTopic(_ arn: String, in database: Database) throws {
        guard try isTopic(arn, in: database) else { throw JobError(.notFound, "Topic does not exist: \(arn)") }
    }

    /// What SNS puts into a queue (contracts section 17). It is not signed: nothing but this program writes to these queues.
    private static func envelope(
        _ publication: Publication, _ id: String, _ topic: String, _ subscription: String, at now: Timestamp
    ) -> String {
        var members: [String: JSONOutput] = [
            "Message": .string(publication.message), "MessageId": .string(id), "Signature": "", "SignatureVersion": "1",
            "SigningCertURL": "", "Timestamp": .string(now.answerDate), "TopicArn": .string(topic), "Type": "Notification",
            "UnsubscribeURL": .string("\(publication.origin)/?Action=Unsubscribe&SubscriptionArn=\(subscription)"),
        ]
        members["Subject"] = publication.subject.map { .string($0) }
        if !publication.attributes.isEmpty {
            let values = publication.attributes.map {
                ($0.name, ["Type": .string($0.type), "Value": .string($0.value)] as JSONOutput)
            }
            members["MessageAttributes"] = .object(Dictionary(values) { $1 })
        }
        return String(decoding: JSONOutput.object(members).bytes, as: UTF8.self)
    }
}
