/// How often and how long a call is tried (AWS SDKs' `standard` mode: exponential backoff with full jitter).
package struct RetryPolicy: Sendable {
    package var maximumAttempts = 5
    package var baseDelay: Duration = .milliseconds(100)
    package var maximumDelay: Duration = .seconds(5)
    /// No attempt starts later than this after the call's start, or after its last progress.
    package var deadline: Duration = .seconds(60)
    /// An attempt in which nothing moves for so long has failed.
    package var stallTimeout: Duration { deadline / 3 }

    package init() {}

    /// - Parameter attempt: 1 after the first attempt failed.
    func delay(after attempt: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let ceiling = min(maximumDelay, baseDelay * (1 << min(attempt - 1, 20)))
        return ceiling * Double.random(in: 0...1, using: &generator)
    }
}

/// The attempts of one call.
struct Attempts {
    private let policy: RetryPolicy
    private var count = 0
    /// There is no further attempt: the last error goes up through all who share these attempts.
    private var isOver = false
    private var end: ContinuousClock.Instant

    init(_ policy: RetryPolicy) {
        self.policy = policy
        end = .now + policy.deadline
    }

    /// How long the attempt that starts now may take.
    var remaining: Duration { max(.milliseconds(1), end - .now) }

    /// Bytes arrived: the time starts anew, the number of attempts does not.
    mutating func noteProgress() { end = .now + policy.deadline }

    /// Waits before another attempt.
    ///
    /// - Throws: The error itself, when it is not one that time mends, or attempts or time are used up.
    mutating func waitToRetry(after error: AWSError) async throws(AWSError) {
        guard !isOver, error.isTransient else { throw error }
        count += 1
        var generator = SystemRandomNumberGenerator()
        let delay = policy.delay(after: count, using: &generator)
        guard count < policy.maximumAttempts, .now + delay < end else {
            isOver = true
            let times = count == 1 ? "" : " (tried \(count) times)"
            throw AWSError(error.code, error.message + times, status: error.status)
        }
        do {
            try await Task.sleep(for: delay)
        } catch {
            throw AWSError(.cancelled, "cancelled while waiting to try again")
        }
    }
}
