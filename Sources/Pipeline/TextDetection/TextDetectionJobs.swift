import FoundationEssentials

/// Asynchronous text detection: jobs by id, for as long as Textract keeps them, in the memory of this process.
package actor TextDetectionJobs {
    package enum State: Sendable {
        case inProgress
        case done(TextDetection.Result)
        case failed(String)
    }

    /// What a job was asked; the same token with another request is refused.
    package struct Request: Hashable, Sendable {
        package let document: String
        package let jobTag: String?
        /// The topic on which the job's end is published.
        package let topic: String?
        package init(document: String, jobTag: String?, topic: String? = nil) {
            (self.document, self.jobTag, self.topic) = (document, jobTag, topic)
        }
    }

    package enum StartError: Error, Sendable { case tokenReused, tooManyJobs }

    /// Results wait for their reader in memory; when there are as many, a new job takes the place of the oldest result.
    package static let maximumJobs = 1000
    package static let lifetime: Duration = .seconds(7 * 24 * 3600)

    private struct Job {
        let request: Request
        let start: ContinuousClock.Instant
        var state: State
    }

    /// Told of the end of each job that names a topic; the next job waits for it.
    package typealias WhenDone = @Sendable (_ id: String, Request, State) async -> Void

    private let detection: TextDetection
    private let whenDone: WhenDone
    private let clock = ContinuousClock()
    private var jobs: [String: Job] = [:]
    private var idOfToken: [String: String] = [:]
    private var waiting: [String] = []
    private var wakeUp: CheckedContinuation<Void, Never>?

    package init(detection: TextDetection, whenDone: @escaping WhenDone = { _, _, _ in }) {
        (self.detection, self.whenDone) = (detection, whenDone)
    }

    /// - Parameter token: The caller's; a second start with it is the same job.
    /// - Returns: The job's id.
    package func start(_ request: Request, token: String?) throws(StartError) -> String {
        forgetOldJobs()
        if let token, let id = idOfToken[token], let job = jobs[id] {
            guard job.request == request else { throw .tokenReused }
            return id
        }
        if jobs.count >= Self.maximumJobs { forgetOldestResult() }
        guard jobs.count < Self.maximumJobs else { throw .tooManyJobs }
        let id = UUID().uuidString.lowercased()
        jobs[id] = Job(request: request, start: clock.now, state: .inProgress)
        if let token { idOfToken[token] = id }
        waiting.append(id)
        wakeUp?.resume()
        wakeUp = nil
        return id
    }

    /// - Returns: `nil` for an id that is not known, or no more.
    package func state(of id: String) -> State? {
        forgetOldJobs()
        return jobs[id]?.state
    }

    /// Works on jobs, one document at a time, until cancelled.
    package func run() async {
        await withTaskCancellationHandler {
            while !Task.isCancelled {
                guard !waiting.isEmpty else {
                    await withCheckedContinuation { wakeUp = $0 }
                    continue
                }
                let id = waiting.removeFirst()
                guard let request = jobs[id]?.request else { continue }
                let state: State
                do throws(TextDetection.Failure) {
                    let bytes = try await detection.object(request.document, atMost: TextDetection.maximumDocumentBytes)
                    state = .done(try await detection.detect(bytes, maximumPages: PDFDocument.maximumPages))
                } catch {
                    state = .failed(error.message)
                }
                jobs[id]?.state = state
                if request.topic != nil { await whenDone(id, request, state) }
            }
        } onCancel: {
            Task { await self.wake() }
        }
    }

    private func wake() {
        wakeUp?.resume()
        wakeUp = nil
    }

    /// Makes room: of the jobs that are done, the one that was started first goes.
    private func forgetOldestResult() {
        let done = jobs.filter { job in
            if case .inProgress = job.value.state { false } else { true }
        }
        guard let oldest = done.min(by: { ($0.value.start, $0.key) < ($1.value.start, $1.key) }) else { return }
        jobs[oldest.key] = nil
        idOfToken = idOfToken.filter { $0.value != oldest.key }
    }

    private func forgetOldJobs() {
        let now = clock.now
        jobs = jobs.filter { now - $0.value.start < Self.lifetime }
        idOfToken = idOfToken.filter { jobs[$0.value] != nil }
    }
}
