import CCurl
import Glibc
import Synchronization

/// The thread on which curl works, with an inbox for what others ask of it.
///
/// Tasks can run on the same thread: what they send and get then crosses no other, which for a small exchange is most of its time.
///
/// Unchecked: the multi handle is used by the thread alone, but for `curl_multi_wakeup`, which curl allows from any thread; it is freed
/// when nobody, the thread included, holds the loop any longer.
final class CurlLoop: @unchecked Sendable {
    enum Command: Sendable {
        case start(Exchange)
        case resume(Exchange)
        case cancel(Exchange)
        case run(UnownedJob)
        case stop
    }

    private static let isCurlReady: Bool = prelabel_global_init() == CURLE_OK

    private let settings: TransportSettings
    private let multi: UnsafeMutableRawPointer
    private let inbox = Mutex<[Command]>([])
    /// Used by the thread alone.
    private var transfers: [ObjectIdentifier: CurlTransfer] = [:]
    private var isStopping = false
    private let thread = Mutex<pthread_t?>(nil)

    init(settings: TransportSettings) {
        guard Self.isCurlReady, let multi = curl_multi_init() else { preconditionFailure("libcurl cannot be set up") }
        (self.settings, self.multi) = (settings, multi)
    }

    deinit { curl_multi_cleanup(multi) }

    // MARK: From any thread

    func start() {
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { loop in
                guard let loop else { return nil }
                Unmanaged<CurlLoop>.fromOpaque(loop).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        precondition(result == 0, "no thread can be started (error \(result))")
        pthread_detach(thread)
    }

    func stop() { post(.stop) }

    func post(_ command: Command) {
        inbox.withLock { $0.append(command) }
        // The thread looks into the inbox before it waits.
        if !isOnThread { curl_multi_wakeup(multi) }
    }

    private var isOnThread: Bool {
        let thread = thread.withLock(\.self)
        return thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false
    }

    // MARK: On the thread

    private func run() {
        thread.withLock { $0 = pthread_self() }
        while true {
            let commands = takeInbox()
            for command in commands { obey(command) }
            if isStopping { return endAll() }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            collectFinished()
            endStalled()
            for transfer in transfers.values { transfer.exchange.wake() }
            guard inbox.withLock(\.isEmpty) else { continue }
            let isWatching = transfers.values.contains { $0.exchange.request.stallTimeout != nil }
            curl_multi_poll(multi, nil, 0, isWatching ? 250 : 60_000, nil)
        }
    }

    private func takeInbox() -> [Command] {
        inbox.withLock { inbox in
            defer { inbox = [] }
            return inbox
        }
    }

    private func obey(_ command: Command) {
        switch command {
        case .start(let exchange):
            guard !exchange.isEnded else { return }
            do throws(TransportError) {
                let transfer = try CurlTransfer(exchange: exchange, settings: settings)
                transfers[ObjectIdentifier(exchange)] = transfer
                curl_multi_add_handle(multi, transfer.easy)
            } catch {
                exchange.end(.failure(error))
            }
        case .resume(let exchange):
            if let transfer = transfers[ObjectIdentifier(exchange)] { curl_easy_pause(transfer.easy, prelabel_pause_none()) }
        case .cancel(let exchange): remove(ObjectIdentifier(exchange))
        case .run(let job): job.runSynchronously(on: asUnownedTaskExecutor())
        case .stop: isStopping = true
        }
    }

    private func collectFinished() {
        var remaining: Int32 = 0
        var finished: [(easy: UnsafeMutableRawPointer?, code: CURLcode)] = []
        // What a message points to is gone once its handle is removed.
        while let message = curl_multi_info_read(multi, &remaining)?.pointee {
            if message.msg == CURLMSG_DONE { finished.append((message.easy_handle, message.data.result)) }
        }
        for (easy, code) in finished {
            guard let (id, transfer) = transfers.first(where: { $0.value.easy == easy }) else { continue }
            let ending = transfer.ending(code)
            remove(id)
            transfer.exchange.end(ending)
        }
    }

    private func endStalled() {
        let now = ContinuousClock.now
        for (id, transfer) in transfers where transfer.isStalled(at: now) {
            let name = transfer.exchange.request.name
            remove(id)
            transfer.exchange.end(.failure(TransportError(.timedOut, "\(name): nothing moved for too long")))
        }
    }

    private func remove(_ id: ObjectIdentifier) {
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        curl_multi_remove_handle(multi, transfer.easy)
    }

    private func endAll() {
        for (id, transfer) in transfers {
            let name = transfer.exchange.request.name
            remove(id)
            transfer.exchange.end(.failure(TransportError(.cancelled, "\(name): the transport was stopped")))
        }
        // Tasks that waited here learn of it here.
        while case let commands = takeInbox(), !commands.isEmpty {
            for case .run(let job) in commands { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }
}

extension CurlLoop: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) { post(.run(UnownedJob(job))) }
}
