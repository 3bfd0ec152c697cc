import DequeModule
import Synchronization

/// Pages that wait for a reader, and readers that wait for a page.
actor ReaderQueue {
    private var jobs: Deque<ReaderJob> = []
    private var idle: Deque<CheckedContinuation<ReaderJob?, Never>> = []
    private var isClosed = false

    func submit(_ request: ReaderRequest, image: [UInt8]) async -> Result<ReaderPool.Page, ReaderPool.Failure> {
        await withCheckedContinuation { continuation in
            let job = ReaderJob(request: request, image: image, continuation: continuation)
            if isClosed {
                job.finish(.failure(ReaderPool.Failure(message: "the readers were stopped")))
            } else if let reader = idle.popFirst() {
                reader.resume(returning: job)
            } else {
                jobs.append(job)
            }
        }
    }

    /// - Returns: `nil` once the queue is closed and empty.
    func next() async -> ReaderJob? {
        if let job = jobs.popFirst() { return job }
        if isClosed { return nil }
        return await withCheckedContinuation { idle.append($0) }
    }

    func close() {
        isClosed = true
        for reader in idle { reader.resume(returning: nil) }
        idle.removeAll()
        for job in jobs { job.finish(.failure(ReaderPool.Failure(message: "the readers were stopped"))) }
        jobs.removeAll()
    }
}

/// A page on its way through a reader; it is finished exactly once.
final class ReaderJob: Sendable {
    let request: ReaderRequest
    let image: [UInt8]
    private let continuation: Mutex<CheckedContinuation<Result<ReaderPool.Page, ReaderPool.Failure>, Never>?>

    init(
        request: ReaderRequest, image: [UInt8],
        continuation: CheckedContinuation<Result<ReaderPool.Page, ReaderPool.Failure>, Never>
    ) {
        (self.request, self.image) = (request, image)
        self.continuation = Mutex(continuation)
    }

    func finish(_ result: Result<ReaderPool.Page, ReaderPool.Failure>) {
        let waiting = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        waiting?.resume(returning: result)
    }
}
