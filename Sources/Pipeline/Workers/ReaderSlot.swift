import Subprocess
import Synchronization
import SystemPackage

/// One place for a reader process: it starts one when a page comes, and another after a crash.
struct ReaderSlot {
    let settings: ReaderPool.Settings
    let queue: ReaderQueue

    private enum End {
        case queueClosed
        case died(isTimeOut: Bool)
        /// The deadline came while the answer did: the page is read, the process is gone.
        case lost
    }

    func run() async {
        while let first = await queue.next() {
            let current = CurrentJob(first)
            do {
                let result = try await runProcess(current)
                if case .died(let isTimeOut) = result.end {
                    current.job.finish(.failure(failure(result.status, isTimeOut: isTimeOut)))
                }
            } catch {
                current.job.finish(.failure(ReaderPool.Failure(message: "the page reader cannot run: \(error)")))
            }
        }
    }

    /// The page that a process has in work; finishing it again does nothing.
    private final class CurrentJob: Sendable {
        private let state: Mutex<ReaderJob>
        init(_ job: ReaderJob) { state = Mutex(job) }
        var job: ReaderJob {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    /// Feeds one process with pages until it dies or no more come.
    private func runProcess(_ current: CurrentJob) async throws -> (end: End, status: TerminationStatus) {
        var platformOptions = PlatformOptions()
        // Ctrl-C in the terminal goes to the owner, which decides about pages in work.
        platformOptions.processGroupID = 0
        let result = try await Subprocess.run(
            .path(settings.executable), arguments: Arguments(settings.arguments),
            // OpenMP makes Tesseract five times slower, and only before the start is it in time to say so. A crash is to end the
            // process at once, without Swift's backtrace.
            environment: .inherit.updating(["OMP_THREAD_LIMIT": "1", "SWIFT_BACKTRACE": "enable=no"]),
            platformOptions: platformOptions, input: .inputWriter, output: .sequence,
            // Not discarded here: that takes a /dev/null, which a bare root folder does not have. The reader sees to it.
            error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
        ) { execution in
            var output = FrameStream(execution.standardOutput)
            while true {
                let deadline = settings.deadline
                let (page, isTimeOut) = await withTaskGroup(of: Bool.self) { group in
                    group.addTask {
                        guard (try? await Task.sleep(for: deadline)) != nil else { return false }
                        try? execution.send(signal: .kill)
                        return true
                    }
                    let page = await exchange(current.job, input: execution.standardInputWriter, output: &output)
                    group.cancelAll()
                    return (page, await group.next() ?? false)
                }
                guard let page else {
                    try? execution.send(signal: .kill)
                    return End.died(isTimeOut: isTimeOut)
                }
                current.job.finish(page)
                guard !isTimeOut else { return End.lost }
                guard let next = await queue.next() else {
                    try await execution.standardInputWriter.finish()
                    return End.queueClosed
                }
                current.job = next
            }
        }
        return (result.closureResult, result.terminationStatus)
    }

    /// - Returns: `nil` when the process ended, or answered what no reader of ours answers.
    private func exchange(
        _ job: ReaderJob, input: StandardInputWriter, output: inout FrameStream
    ) async -> Result<ReaderPool.Page, ReaderPool.Failure>? {
        do {
            for payload in [job.request.json, job.image] {
                _ = try await input.write(Frame.header(of: payload))
                if !payload.isEmpty { _ = try await input.write(payload) }
            }
            guard let answer = try await output.next(), let png = try await output.next(), let reply = ReaderReply(json: answer)
            else { return nil }
            switch reply {
            case .content(let content): return .success(ReaderPool.Page(content: content, png: png.isEmpty ? nil : png))
            case .failure(let code, let message): return .failure(ReaderPool.Failure(message: message, code: code))
            }
        } catch {
            return nil
        }
    }

    private func failure(_ status: TerminationStatus, isTimeOut: Bool) -> ReaderPool.Failure {
        if isTimeOut { return ReaderPool.Failure(message: "not read within \(settings.deadline); the reader was stopped") }
        return switch status {
        case .exited(let code): ReaderPool.Failure(message: "the page reader ended with exit code \(code) on this page")
        case .signaled(let signal): ReaderPool.Failure(message: "the page reader crashed on this page (signal \(signal))")
        }
    }
}

/// The frames of a reader's standard output.
private struct FrameStream {
    private var pieces: SubprocessOutputSequence.Iterator
    private var pending: [UInt8] = []

    init(_ output: SubprocessOutputSequence) { pieces = output.makeAsyncIterator() }

    /// - Returns: `nil` at the end of output, or after a length that cannot be.
    mutating func next() async throws -> [UInt8]? {
        guard try await fill(4), let length = Frame.length(pending.prefix(4)), try await fill(4 + length) else { return nil }
        let payload = Array(pending[4..<4 + length])
        pending.removeFirst(4 + length)
        return payload
    }

    private mutating func fill(_ count: Int) async throws -> Bool {
        while pending.count < count {
            guard let piece = try await pieces.next() else { return false }
            unsafe piece.withUnsafeBytes { unsafe pending.append(contentsOf: $0) }
        }
        return true
    }
}
