import Synchronization

/// What the caller's task and curl's thread share of one exchange. The thread fills it; the task waits and takes.
final class Exchange: Sendable {
    /// Bytes that wait for the caller before curl is told to pause.
    static let bufferedBytes = 1 << 18

    private struct State {
        var head: (status: Int, headers: HTTPHeaders)?
        var buffer: [UInt8] = []
        var isPaused = false
        /// `nil` while the exchange runs.
        var ending: Result<Void, TransportError>?
        var waiter: CheckedContinuation<Void, Never>?
        /// Something came that the waiter has not been told of.
        var hasNews = false
    }

    let request: OutgoingRequest
    private let state = Mutex(State())

    init(request: OutgoingRequest) { self.request = request }

    // MARK: The caller's side

    /// Waits for the response's head.
    func head() async throws(TransportError) -> (status: Int, headers: HTTPHeaders) {
        await wait { $0.head != nil || $0.ending != nil }
        let (head, ending) = state.withLock { ($0.head, $0.ending) }
        if let head { return head }
        if case .failure(let error) = ending { throw error }
        throw TransportError(.connectionLost, "\(request.name): the response has no head")
    }

    /// Waits for bytes, and takes all there are.
    ///
    /// - Parameter resume: Called when curl was told to pause.
    func nextPiece(resume: () -> Void) async throws(TransportError) -> [UInt8]? {
        await wait { !$0.buffer.isEmpty || $0.ending != nil }
        let (piece, wasPaused, ending) = state.withLock { state in
            defer { (state.buffer, state.isPaused) = ([], false) }
            return (state.buffer, state.isPaused, state.ending)
        }
        if wasPaused { resume() }
        if !piece.isEmpty { return piece }
        if case .failure(let error) = ending { throw error }
        return nil
    }

    private func wait(until isReady: @Sendable (borrowing State) -> Bool) async {
        while !state.withLock({ isReady($0) }) {
            await withCheckedContinuation { continuation in
                let isReadyNow = state.withLock { state in
                    guard !isReady(state) else { return true }
                    precondition(state.waiter == nil, "two tasks read one response")
                    state.waiter = continuation
                    return false
                }
                if isReadyNow { continuation.resume() }
            }
        }
    }

    // MARK: The thread's side

    var isEnded: Bool { state.withLock { $0.ending != nil } }
    /// Whether curl waits for the caller.
    var isPaused: Bool { state.withLock(\.isPaused) }

    func receive(status: Int, headers: HTTPHeaders) {
        change { $0.head = (status, headers) }
    }

    /// - Returns: Whether the bytes were taken; when not, curl is to pause and offer them again.
    func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        change { state in
            guard state.buffer.count < Self.bufferedBytes else {
                state.isPaused = true
                return false
            }
            state.buffer.append(contentsOf: bytes)
            return true
        }
    }

    /// Ends the exchange, unless it has ended. What came before a failure can still be read.
    func end(_ ending: Result<Void, TransportError>) {
        change { state in
            guard state.ending == nil else { return }
            state.ending = ending
        }
        wake()
    }

    /// Ends the exchange of a caller that wants no more of it.
    func cancel() {
        change { state in
            (state.head, state.buffer) = (nil, [])
            state.ending = .failure(TransportError(.cancelled, "\(request.name): cancelled"))
        }
        wake()
    }

    private func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        state.withLock { state in
            state.hasNews = true
            return body(&state)
        }
    }

    /// Tells the waiting task of what came. Called once curl has done what it can at the moment, so that a small response arrives in one
    /// go: each waking of a task costs tens of microseconds.
    func wake() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.hasNews else { return nil }
            defer { (state.waiter, state.hasNews) = (nil, false) }
            return state.waiter
        }
        waiter?.resume()
    }
}
