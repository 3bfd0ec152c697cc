/// Topics and queues, as streaming jobs need them: those of ``LocalMessaging``, or AWS's.
package protocol JobMessages: Sendable {
    /// Makes a queue that keeps messages for fourteen days and gets what is published on a topic; one that is there is used.
    ///
    /// - Throws: ``JobError`` `.notFound` for a topic that is not there, or another.
    func openQueue(_ name: String, on topic: String) async throws(JobError) -> StreamQueue

    /// - Returns: The next messages, perhaps fewer than there are; each is hidden from others for a while.
    /// - Throws: ``JobError`` `.notFound` when the queue is gone, or another.
    func receive(from queue: String, limit: Int) async throws(JobError) -> [StreamMessage]

    func delete(_ messages: [StreamMessage], from queue: String) async throws(JobError)

    func unsubscribe(_ subscription: String) async throws(JobError)

    /// - Throws: ``JobError`` `.notFound` for a topic that is not there, or another.
    func publish(_ message: String, on topic: String) async throws(JobError)
}

/// A queue that is subscribed to a topic.
package struct StreamQueue: Hashable, Sendable {
    /// Its name or URL.
    package let queue: String
    package let subscription: String
    package init(queue: String, subscription: String) { (self.queue, self.subscription) = (queue, subscription) }
}

/// A message in the hands of whoever received it.
package struct StreamMessage: Hashable, Sendable {
    /// The same each time it is handed out.
    package let id: String
    package let body: String
    package let handle: String
    package init(id: String, body: String, handle: String) { (self.id, self.body, self.handle) = (id, body, handle) }
}

/// How a queue of a streaming job is set up (contracts section 16).
enum StreamQueueSettings {
    static let retentionSeconds = 1_209_600
    /// Long enough to store what was received, short enough to see it again soon after a crash.
    static let visibilitySeconds = 60
}
