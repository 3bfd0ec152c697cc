import FoundationEssentials
import GRDB

/// A queue of ``LocalMessaging``.
package struct LocalQueue: Sendable {
    package let name: String
    package let arn: String
    package let created: Timestamp
    package let modified: Timestamp
    package let attributes: QueueAttributes

    init(_ row: Row) throws {
        (name, arn) = (row["name"], row["arn"])
        (created, modified) = (Timestamp(milliseconds: row["created"]), Timestamp(milliseconds: row["modified"]))
        let text: String = row["attributes"]
        attributes = try JSONDecoder().decode(QueueAttributes.self, from: Data(text.utf8))
    }
}

/// What is set for a queue. Seconds, within SQS's bounds.
package struct QueueAttributes: Codable, Hashable, Sendable {
    package private(set) var visibilityTimeout = 30
    package private(set) var retention = 345_600
    package private(set) var waitTime = 0
    package private(set) var delay = 0
    package private(set) var maximumMessageBytes = LocalMessaging.maximumMessageBytes
    /// Kept and shown; here is nobody to whom it applies.
    package private(set) var policy: String?

    package init() {}

    /// Sets attributes by their names in SQS.
    ///
    /// - Throws: ``JobError`` `.invalid` for a name that is not known here, or a value out of bounds.
    package mutating func set(_ values: [(name: String, value: String)]) throws(JobError) {
        for (name, value) in values {
            switch name {
            case "VisibilityTimeout": visibilityTimeout = try Self.number(value, 0...43_200, name)
            case "MessageRetentionPeriod": retention = try Self.number(value, 60...1_209_600, name)
            case "ReceiveMessageWaitTimeSeconds": waitTime = try Self.number(value, 0...20, name)
            case "DelaySeconds": delay = try Self.number(value, 0...900, name)
            case "MaximumMessageSize":
                maximumMessageBytes = try Self.number(value, 1024...LocalMessaging.maximumMessageBytes, name)
            case "Policy": policy = value.isEmpty ? nil : value
            default: throw JobError(.invalid, "Unknown Attribute \(name): a queue here has no such attribute to set")
            }
        }
    }

    private static func number(_ text: String, _ range: ClosedRange<Int>, _ name: String) throws(JobError) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw JobError(
                .invalid,
                "Invalid value for the parameter \(name): `\(text)`, expected \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

/// A message that a queue handed out.
package struct QueueMessage: Sendable {
    /// The same each time it is handed out.
    package let id: String
    package let body: String
    /// Handed over by a raw subscription, in the order of their names' bytes; the other ways put them into the body.
    package let attributes: [MessageAttribute]
    /// Stands for this handing out; `delete` takes it.
    package let handle: String
    package let sent: Timestamp
    /// When it was handed out first.
    package let received: Timestamp
    /// How often it was handed out.
    package let receives: Int
}

/// A queue's messages, counted.
package struct QueueCounts: Hashable, Sendable {
    package var visible = 0
    /// Handed out and neither deleted nor due again.
    package var inFlight = 0
    /// Sent with a delay that is not over.
    package var delayed = 0

    package init(visible: Int = 0, inFlight: Int = 0, delayed: Int = 0) {
        (self.visible, self.inFlight, self.delayed) = (visible, inFlight, delayed)
    }
}
