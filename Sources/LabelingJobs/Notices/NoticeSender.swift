import AWS
import Crypto
import FoundationEssentials
package import Logging
package import Transport

/// Tells topics and webhooks of finished objects, one output line each: at least once, and later again what does not arrive.
///
/// A webhook gets the line as the body of a POST. `X-Prelabel-Signature` is `sha256=` and the HMAC-SHA256, in hexadecimal, of
/// `X-Prelabel-Timestamp`, a dot and the body, under the shared secret.
package actor NoticeSender {
    /// SNS's longest message.
    private static let maximumMessageBytes = 256 << 10
    /// Notices sent at a time.
    private static let batchSize = 100
    /// After so many a notice is given up: about six hours after the first.
    static let maximumAttempts = 16
    private static let maximumDelaySeconds = 3600
    private static let deadline = Duration.seconds(10)

    /// Who is told of all jobs' objects.
    package struct Webhooks: Sendable {
        package let urls: [HTTPURL]
        package let secret: [UInt8]
        package init(urls: [HTTPURL], secret: [UInt8]) { (self.urls, self.secret) = (urls, secret) }
    }

    private let store: JobStore
    private let messages: (any JobMessages)?
    private let transport: (any HTTPTransport)?
    private let webhooks: Webhooks
    private let clock: JobClock
    private let logger: Logger
    private var hasBegun = false

    /// - Parameters:
    ///   - messages: Where topics are; `nil` leaves their notices waiting.
    ///   - transport: How webhooks are reached.
    package init(
        store: JobStore, messages: (any JobMessages)?, transport: (any HTTPTransport)?, webhooks: Webhooks,
        clock: JobClock = .system, logger: Logger
    ) {
        (self.store, self.messages, self.transport, self.webhooks) = (store, messages, transport, webhooks)
        (self.clock, self.logger) = (clock, logger)
    }

    /// Sends again and again until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do { try await advance() } catch {
                logger.error("notices cannot be sent", metadata: ["reason": "\(error)"])
            }
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
        }
    }

    /// Sends what is due, once. A target that does not answer is left alone until the next time.
    package func advance() async throws(JobError) {
        if !hasBegun {
            try await store.setWebhooks(webhooks.urls.map(\.description))
            hasBegun = true
        }
        var silent: Set<String> = []
        for notice in try await store.dueNotices(at: clock.now(), limit: Self.batchSize) where !silent.contains(notice.target) {
            do throws(JobError) {
                try await send(notice)
                try await store.removeNotice(notice)
            } catch {
                guard error.code == .messagingFailed || error.code == .notFound || error.code == .invalid else { throw error }
                silent.insert(notice.target)
                try await note(error, on: notice)
            }
        }
    }

    private func note(_ error: JobError, on notice: Notice) async throws(JobError) {
        let attempts = notice.attempts + 1
        let isDead = attempts >= Self.maximumAttempts || error.code == .invalid
        let delay = min(Self.maximumDelaySeconds, 1 << min(attempts, 20))
        try await store.setNoticeFailed(notice.id, error.message, next: isDead ? nil : clock.now().adding(seconds: delay))
        logger.warning(
            isDead ? "a notice is given up" : "a notice did not arrive",
            metadata: [
                "job": "\(notice.jobName)", "object": "\(notice.object.number)", "attempts": "\(attempts)",
                "reason": "\(error.message)",
            ])
    }

    /// - Throws: ``JobError`` `.invalid` for what can never arrive; `.messagingFailed` or `.notFound` for what may.
    private func send(_ notice: Notice) async throws(JobError) {
        let line = try notice.object.written(attribute: notice.attribute)
        guard notice.target.hasPrefix("arn:") else { return try await post(line, notice) }
        guard line.count <= Self.maximumMessageBytes else {
            throw JobError(.invalid, "the line has \(line.count) bytes; a message may have \(Self.maximumMessageBytes)")
        }
        guard let messages else { throw JobError(.messagingFailed, "there is nobody to ask for topics: no credentials of AWS") }
        try await messages.publish(String(decoding: line, as: UTF8.self), on: notice.target)
    }

    // MARK: Webhooks

    private func post(_ line: [UInt8], _ notice: Notice) async throws(JobError) {
        // An address that is no longer configured gets nothing more.
        guard let url = webhooks.urls.first(where: { "\($0)" == notice.target }), let transport else {
            throw JobError(.invalid, "the webhook is no longer configured")
        }
        let timestamp = "\(clock.now().milliseconds / 1000)"
        let request = OutgoingRequest(
            "POST", url,
            headers: [
                "Content-Type": "application/json", "X-Prelabel-Event": "object-finished", "X-Prelabel-Job": notice.jobName,
                "X-Prelabel-Object": "\(notice.object.number)", "X-Prelabel-Timestamp": timestamp,
                "X-Prelabel-Signature": "sha256=\(Self.signature(of: line, timestamp: timestamp, secret: webhooks.secret))",
            ], body: .bytes(line), deadline: Self.deadline)
        let status: Int
        do { status = try await transport.send(request).status } catch {
            throw JobError(.messagingFailed, error.message)
        }
        guard (200..<300).contains(status) else { throw JobError(.messagingFailed, "\(url.redacted) answered \(status)") }
    }

    static func signature(of body: [UInt8], timestamp: String, secret: [UInt8]) -> String {
        let signed = Array("\(timestamp).".utf8) + body
        return hexadecimal(HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret)))
    }
}
