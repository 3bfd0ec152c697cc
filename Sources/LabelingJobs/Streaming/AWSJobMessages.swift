package import AWS
import GroundTruth

/// Amazon SNS and SQS.
package struct AWSJobMessages: JobMessages {
    /// SQS hands out so many at a time.
    private static let maximumBatch = 10

    private let topics: SNSClient
    private let queues: SQSClient

    package init(session: AWSSession) { (topics, queues) = (SNSClient(session: session), SQSClient(session: session)) }

    package func openQueue(_ name: String, on topic: String) async throws(JobError) -> StreamQueue {
        try await naming { () throws(AWSError) in
            let url = try await queues.createQueue(name)
            guard let arn = try await queues.attributes(["QueueArn"], of: url)["QueueArn"] else {
                throw AWSError(.badResponse, "GetQueueAttributes of \(name): the response has no QueueArn")
            }
            try await queues.setAttributes(
                [
                    "MessageRetentionPeriod": "\(StreamQueueSettings.retentionSeconds)",
                    "Policy": String(decoding: Self.policy(topic: topic, queue: arn).bytes, as: UTF8.self),
                ], of: url)
            return StreamQueue(queue: url, subscription: try await topics.subscribe(queue: arn, to: topic))
        }
    }

    /// Lets the topic, and nobody else, put messages into the queue.
    private static func policy(topic: String, queue: String) -> JSONOutput {
        [
            "Statement": [
                [
                    "Action": "sqs:SendMessage", "Condition": ["ArnEquals": ["aws:SourceArn": .string(topic)]], "Effect": "Allow",
                    "Principal": ["Service": "sns.amazonaws.com"], "Resource": .string(queue),
                ]
            ], "Version": "2012-10-17",
        ]
    }

    package func receive(from queue: String, limit: Int) async throws(JobError) -> [StreamMessage] {
        try await naming { () throws(AWSError) in
            var messages: [StreamMessage] = []
            while messages.count < limit {
                let batch = try await queues.receive(
                    from: queue, limit: min(Self.maximumBatch, limit - messages.count),
                    visibilitySeconds: StreamQueueSettings.visibilitySeconds)
                if batch.isEmpty { break }
                messages += batch.map { StreamMessage(id: $0.id, body: $0.body, handle: $0.receiptHandle) }
            }
            return messages
        }
    }

    package func delete(_ messages: [StreamMessage], from queue: String) async throws(JobError) {
        try await naming { () throws(AWSError) in for message in messages { try await queues.delete(message.handle, from: queue) } }
    }

    package func unsubscribe(_ subscription: String) async throws(JobError) {
        try await naming { () throws(AWSError) in try await topics.unsubscribe(subscription) }
    }

    package func publish(_ message: String, on topic: String) async throws(JobError) {
        try await naming { () throws(AWSError) in _ = try await topics.publish(message, to: topic) }
    }

    private func naming<Value>(_ body: () async throws(AWSError) -> Value) async throws(JobError) -> Value {
        do { return try await body() } catch {
            let isMissing = error.isAboutMissingQueue || ["NotFound", "NotFoundException"].contains(error.code.rawValue)
            throw JobError(isMissing ? .notFound : .messagingFailed, error.message)
        }
    }
}
