import Dispatch

/// Threads of the engine's own. What it does waits for the disk again and again; on the threads that answer workers, of which there are as
/// many as cores, it would hold workers up.
final class EngineThreads: TaskExecutor {
    private let queue = DispatchQueue(label: "prelabel.labeling-jobs", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
