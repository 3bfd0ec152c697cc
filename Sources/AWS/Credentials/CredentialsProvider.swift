import FoundationEssentials

/// Gives out the credentials to sign with.
package protocol CredentialsProvider: Sendable {
    /// - Parameter rejected: Credentials that AWS did not take any longer; others are fetched, if there are any.
    func credentials(rejecting rejected: AWSCredentials?) async throws(AWSError) -> AWSCredentials
    /// Where they come from, for people; it never holds a secret.
    var origin: String { get }
}

/// Keeps fetched credentials until shortly before they expire. Callers that ask at the same time share one fetch.
actor CachedCredentials: CredentialsProvider {
    /// They are renewed so long before they expire; where that fails, they are used to the end.
    private static let margin: TimeInterval = 300

    nonisolated let origin: String
    private let now: @Sendable () -> Date
    private let fetch: @Sendable () async throws(AWSError) -> AWSCredentials
    private var current: AWSCredentials?
    private var running: Task<Result<AWSCredentials, AWSError>, Never>?

    init(
        origin: String, now: @escaping @Sendable () -> Date, fetch: @escaping @Sendable () async throws(AWSError) -> AWSCredentials
    ) {
        (self.origin, self.now, self.fetch) = (origin, now, fetch)
    }

    func credentials(rejecting rejected: AWSCredentials?) async throws(AWSError) -> AWSCredentials {
        if let rejected, rejected == current { current = nil }
        if let current, secondsLeft(current) > Self.margin { return current }
        switch await renewed() {
        case .success(let credentials): return credentials
        case .failure(let error):
            if let current, secondsLeft(current) > 0 { return current }
            throw error
        }
    }

    /// One fetch for all who wait. It runs in a task of its own, since its first caller may be cancelled and the others not.
    private func renewed() async -> Result<AWSCredentials, AWSError> {
        if let running { return await running.value }
        let fetch = fetch
        let task = Task { () -> Result<AWSCredentials, AWSError> in
            do throws(AWSError) { return .success(try await fetch()) } catch { return .failure(error) }
        }
        running = task
        let result = await task.value
        running = nil
        if case .success(let credentials) = result { current = credentials }
        return result
    }

    private func secondsLeft(_ credentials: AWSCredentials) -> TimeInterval {
        credentials.expiration?.timeIntervalSince(now()) ?? .infinity
    }
}
