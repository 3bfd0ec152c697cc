/// The topics and queues of this program, in process.
package struct LocalJobMessages: JobMessages {
    private let messaging: LocalMessaging

    package init(_ messaging: LocalMessaging) { self.messaging = messaging }

    /// A topic of the own account that is not there yet is made: who feeds a job otherwise needs none.
    package func openQueue(_ name: String, on topic: String) async throws(JobError) -> StreamQueue {
        // arn:aws:sns:REGION:ACCOUNT:NAME
        let parts = topic.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[2] == "sns", !parts[3].isEmpty else {
            throw JobError(.notFound, "`\(topic)` is no ARN of a topic")
        }
        if parts[4] == messaging.account { try await messaging.createTopic(parts[5], region: parts[3]) }
        let queue = try await messaging.createQueue(name, region: parts[3])
        try await messaging.setAttributes(
            [("MessageRetentionPeriod", "\(StreamQueueSettings.retentionSeconds)")], of: name)
        let subscription = try await messaging.subscribe(queue: queue.arn, to: topic, isRaw: false)
        return StreamQueue(queue: name, subscription: subscription)
    }

    package func receive(from queue: String, limit: Int) async throws(JobError) -> [StreamMessage] {
        try await messaging.receive(from: queue, limit: limit, visibilitySeconds: StreamQueueSettings.visibilitySeconds)
            .map { StreamMessage(id: $0.id, body: $0.body, handle: $0.handle) }
    }

    package func delete(_ messages: [StreamMessage], from queue: String) async throws(JobError) {
        try await messaging.delete(messages.map(\.handle), from: queue)
    }

    package func unsubscribe(_ subscription: String) async throws(JobError) { try await messaging.unsubscribe(subscription) }

    package func publish(_ message: String, on topic: String) async throws(JobError) {
        try await messaging.publish(Publication(message), to: topic)
    }
}
