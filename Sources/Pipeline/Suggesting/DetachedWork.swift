import Dispatch
import Synchronization

/// Long computations on a thread of their own, so that none of the shared ones is held up.
enum DetachedWork {
    /// - Returns: What `work` returns.
    /// - Throws: What `work` throws; `CancellationError` as soon as the task is cancelled: the thread's work goes on until it or the
    ///   process ends, and nobody hears of it.
    static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let waiting = Mutex<CheckedContinuation<Value, any Error>?>(nil)
        let box = Box(waiting)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                box.waiting.withLock { $0 = continuation }
                guard !Task.isCancelled else { return box.resume(.failure(CancellationError())) }
                DispatchQueue.global(qos: .background).async { box.resume(Result { try work() }) }
            }
        } onCancel: {
            box.resume(.failure(CancellationError()))
        }
    }

    /// Resumes once.
    private final class Box<Value: Sendable>: Sendable {
        let waiting: Mutex<CheckedContinuation<Value, any Error>?>

        init(_ waiting: consuming Mutex<CheckedContinuation<Value, any Error>?>) { self.waiting = waiting }

        func resume(_ result: Result<Value, any Error>) {
            let continuation = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            continuation?.resume(with: result)
        }
    }
}
