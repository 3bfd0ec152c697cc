import Transport

/// Amazon SNS: topics, and what is published on them.
package struct SNSClient: Sendable {
    private static let version = "2010-03-31"

    private let session: AWSSession

    package init(session: AWSSession) { self.session = session }

    /// Makes a topic; one of this name stays as it is.
    ///
    /// - Returns: Its ARN.
    package func createTopic(_ name: String) async throws(AWSError) -> String {
        try await value("TopicArn", "CreateTopic", [("Name", name)], name: "CreateTopic of \(name)")
    }

    /// Sends what is published on a topic to a queue from now on.
    ///
    /// - Parameter isRaw: The queue gets the message itself, without SNS's envelope.
    /// - Returns: The subscription's ARN.
    package func subscribe(queue: String, to topic: String, isRaw: Bool = false) async throws(AWSError) -> String {
        var parameters = [("TopicArn", topic), ("Protocol", "sqs"), ("Endpoint", queue), ("ReturnSubscriptionArn", "true")]
        if isRaw { parameters += [("Attributes.entry.1.key", "RawMessageDelivery"), ("Attributes.entry.1.value", "true")] }
        return try await value("SubscriptionArn", "Subscribe", parameters, name: "Subscribe of \(queue) to \(topic)")
    }

    package func unsubscribe(_ subscription: String) async throws(AWSError) {
        _ = try await session.query(
            "Unsubscribe", of: "sns", version: Self.version, [("SubscriptionArn", subscription)],
            name: "Unsubscribe of \(subscription)")
    }

    /// Publishes a message, at least once: a try whose answer was lost is repeated.
    ///
    /// - Parameter message: At most 256 KB.
    /// - Returns: The message's id.
    @discardableResult
    package func publish(_ message: String, to topic: String) async throws(AWSError) -> String {
        try await value("MessageId", "Publish", [("TopicArn", topic), ("Message", message)], name: "Publish on \(topic)")
    }

    private func value(
        _ element: String, _ action: String, _ parameters: [(name: String, value: String)], name: String
    ) async throws(AWSError) -> String {
        let result = try await session.query(action, of: "sns", version: Self.version, parameters, name: name)
        guard let value = result[element]?.text, !value.isEmpty else {
            throw AWSError(.badResponse, "\(name): the response has no \(element)")
        }
        return value
    }
}
