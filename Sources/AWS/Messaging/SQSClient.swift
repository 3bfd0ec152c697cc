/// Amazon SQS: queues and their messages.
package struct SQSClient: Sendable {
    /// A message in the hands of this receiver until its visibility timeout ends.
    package struct Message: Sendable, Hashable, Decodable {
        /// The same each time the message is handed out.
        package let id: String
        package let body: String
        package let receiptHandle: String
        enum CodingKeys: String, CodingKey { case id = "MessageId", body = "Body", receiptHandle = "ReceiptHandle" }
    }

    private struct QueueURL: Decodable {
        let url: String
        enum CodingKeys: String, CodingKey { case url = "QueueUrl" }
    }
    /// The members of all requests; each sets its own.
    private struct Request: Encodable {
        var queueName: String?
        var queueURL: String?
        var attributes: [String: String]?
        var attributeNames: [String]?
        var limit: Int?
        var visibilitySeconds: Int?
        var waitSeconds: Int?
        var receiptHandle: String?

        enum CodingKeys: String, CodingKey {
            case queueName = "QueueName", queueURL = "QueueUrl", attributes = "Attributes", attributeNames = "AttributeNames"
            case limit = "MaxNumberOfMessages", visibilitySeconds = "VisibilityTimeout", waitSeconds = "WaitTimeSeconds"
            case receiptHandle = "ReceiptHandle"
        }
    }
    private struct AttributesAnswer: Decodable {
        let attributes: [String: String]?
        enum CodingKeys: String, CodingKey { case attributes = "Attributes" }
    }
    private struct ReceiveAnswer: Decodable {
        let messages: [Message]?
        enum CodingKeys: String, CodingKey { case messages = "Messages" }
    }
    private struct Nothing: Decodable {}

    private let session: AWSSession

    package init(session: AWSSession) { self.session = session }

    /// - Returns: The queue's URL, by which all else names it.
    package func createQueue(_ name: String, attributes: [String: String] = [:]) async throws(AWSError) -> String {
        let request = Request(queueName: name, attributes: attributes.isEmpty ? nil : attributes)
        return try await call("CreateQueue", request, as: QueueURL.self, of: name).url
    }

    /// - Throws: ``AWSError``; ``AWSError/isAboutMissingQueue`` tells a queue that is not there.
    package func url(ofQueue name: String) async throws(AWSError) -> String {
        try await call("GetQueueUrl", Request(queueName: name), as: QueueURL.self, of: name).url
    }

    /// - Parameter names: Such as `QueueArn`; `All` is all.
    package func attributes(_ names: [String], of url: String) async throws(AWSError) -> [String: String] {
        let request = Request(queueURL: url, attributeNames: names)
        return try await call("GetQueueAttributes", request, as: AttributesAnswer.self, of: url).attributes ?? [:]
    }

    package func setAttributes(_ attributes: [String: String], of url: String) async throws(AWSError) {
        let request = Request(queueURL: url, attributes: attributes)
        _ = try await call("SetQueueAttributes", request, as: Nothing.self, of: url)
    }

    /// - Parameters:
    ///   - limit: 1 to 10.
    ///   - visibilitySeconds: 0 to 43,200; `nil` is the queue's own.
    ///   - waitSeconds: 0 to 20.
    package func receive(
        from url: String, limit: Int = 10, visibilitySeconds: Int? = nil, waitSeconds: Int = 0
    ) async throws(AWSError) -> [Message] {
        let request = Request(
            queueURL: url, limit: limit, visibilitySeconds: visibilitySeconds, waitSeconds: waitSeconds)
        return try await call("ReceiveMessage", request, as: ReceiveAnswer.self, of: url).messages ?? []
    }

    package func delete(_ receiptHandle: String, from url: String) async throws(AWSError) {
        _ = try await call("DeleteMessage", Request(queueURL: url, receiptHandle: receiptHandle), as: Nothing.self, of: url)
    }

    private func call<Answer: Decodable>(
        _ operation: String, _ request: Request, as: Answer.Type, of queue: String
    ) async throws(AWSError) -> Answer {
        try await session.json("AmazonSQS.\(operation)", of: "sqs", request, as: Answer.self, name: "\(operation) of \(queue)")
    }
}

extension AWSError {
    /// Whether a call of SQS failed because its queue is not there.
    package var isAboutMissingQueue: Bool {
        ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"].contains(code.rawValue)
    }
}
