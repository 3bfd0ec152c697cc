import LabelingJobs

/// What a provider publishes, kept for an hour. Callers that ask at the same time share one fetch, and between two fetches, good or bad,
/// lie some seconds, so that nobody can have the provider asked without end.
actor KeptDocument<Value: Sendable> {
    private static var lifetimeSeconds: Int { 3600 }
    private static var restSeconds: Int { 10 }

    private let clock: JobClock
    private let fetch: @Sendable () async throws(OIDCError) -> Value
    private var last: (result: Result<Value, OIDCError>, time: Timestamp)?
    private var running: Task<Result<Value, OIDCError>, Never>?

    init(clock: JobClock, fetch: @escaping @Sendable () async throws(OIDCError) -> Value) {
        (self.clock, self.fetch) = (clock, fetch)
    }

    /// - Parameter suffices: What is kept is fetched again when this says no of it.
    func value(where suffices: @Sendable (Value) -> Bool = { _ in true }) async throws(OIDCError) -> Value {
        if let last {
            let now = clock.now()
            func isYounger(than seconds: Int) -> Bool { now < last.time.adding(seconds: seconds) }
            if case .success(let value) = last.result, isYounger(than: Self.lifetimeSeconds), suffices(value) { return value }
            if isYounger(than: Self.restSeconds) { return try last.result.get() }
        }
        return try await fetched().get()
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
        return result
    }
}
