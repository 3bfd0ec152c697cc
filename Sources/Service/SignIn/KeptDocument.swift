import LabelingJobs

/// What a provider publishes, kept for an hour, and for a day while it cannot be fetched anew. Callers that ask at the same time share
/// one fetch, and between two fetches, good or bad, lie some seconds, so that nobody can have the provider asked without end.
actor KeptDocument<Value: Sendable> {
    private static var lifetimeSeconds: Int { 3600 }
    private static var staleSeconds: Int { 86_400 }
    private static var restSeconds: Int { 10 }

    private let clock: JobClock
    private let fetch: @Sendable () async throws(OIDCError) -> Value
    private var good: (value: Value, time: Timestamp)?
    private var last: (result: Result<Value, OIDCError>, time: Timestamp)?
    private var running: Task<Result<Value, OIDCError>, Never>?

    init(clock: JobClock, fetch: @escaping @Sendable () async throws(OIDCError) -> Value) {
        (self.clock, self.fetch) = (clock, fetch)
    }

    /// - Parameter suffices: What is kept is fetched again when this says no of it.
    func value(where suffices: @Sendable (Value) -> Bool = { _ in true }) async throws(OIDCError) -> Value {
        let now = clock.now()
        if let good, now < good.time.adding(seconds: Self.lifetimeSeconds), suffices(good.value) { return good.value }
        let isResting = last.map { now < $0.time.adding(seconds: Self.restSeconds) } ?? false
        let result = if isResting, let last { last.result } else { await fetched() }
        if case .failure = result, let good, now < good.time.adding(seconds: Self.staleSeconds) { return good.value }
        return try result.get()
    }

    /// It runs in a task of its own, since its first caller may be cancelled and the others not.
    private func fetched() async -> Result<Value, OIDCError> {
        if let running { return await running.value }
        let fetch = fetch
        let task = Task { () -> Result<Value, OIDCError> in
            do throws(OIDCError) { return .success(try await fetch()) } catch { return .failure(error) }
        }
        running = task
        let result = await task.value
        running = nil
        last = (result, clock.now())
        if case .success(let value) = result { good = (value, clock.now()) }
        return result
    }
}
