import LabelingJobs
import Synchronization

/// Counts failed attempts to sign in by address: thirty in a minute, then none more for the rest of it.
///
/// Memory is bounded. Once ten thousand addresses have failed within a minute, further ones are counted as one.
final class SignInLimit: Sendable {
    static let failuresAllowed = 30
    static let windowSeconds = 60
    static let addressesKept = 10_000
    /// The addresses that are counted as one.
    private static let others = ""

    private struct Window {
        let start: Timestamp
        var failures: Int
    }

    private struct Counts {
        var windows: [String: Window] = [:]
        /// Before this there is nothing to forget.
        var firstEnd: Timestamp?
    }

    private let clock: JobClock
    private let counts = Mutex(Counts())

    init(clock: JobClock) { self.clock = clock }

    /// For how long an address may not try; `nil` when it may.
    func secondsBlocked(_ address: String) -> Int? {
        let now = clock.now()
        return counts.withLock { counts in
            let isFull = counts.windows.count >= Self.addressesKept
            let window = counts.windows[address] ?? (isFull ? counts.windows[Self.others] : nil)
            guard let window, window.failures >= Self.failuresAllowed else { return nil }
            let left = Self.end(of: window).milliseconds - now.milliseconds
            // A clock that was set back makes nobody wait longer.
            return (1...Int64(Self.windowSeconds * 1000)).contains(left) ? Int((left + 999) / 1000) : nil
        }
    }

    func countFailure(_ address: String) {
        let now = clock.now()
        counts.withLock { counts in
            Self.forgetEnded(&counts, now)
            let isNew = counts.windows[address] == nil
            let address = isNew && counts.windows.count >= Self.addressesKept ? Self.others : address
            var window = counts.windows[address] ?? Window(start: now, failures: 0)
            if !Self.isOpen(window, now) { window = Window(start: now, failures: 0) }
            window.failures += 1
            counts.windows[address] = window
        }
    }

    /// Makes a failure undone that was counted before it was known how the attempt would end.
    func takeBack(_ address: String) {
        counts.withLock { counts in
            let counted = counts.windows[address] == nil ? Self.others : address
            counts.windows[counted]?.failures -= 1
        }
    }

    /// Walks over all addresses only when it is full, and one of them can be forgotten.
    private static func forgetEnded(_ counts: inout Counts, _ now: Timestamp) {
        guard counts.windows.count >= addressesKept, counts.firstEnd.map({ now >= $0 }) ?? true else { return }
        counts.windows = counts.windows.filter { isOpen($0.value, now) }
        counts.firstEnd = counts.windows.values.map { end(of: $0) }.min()
    }

    private static func end(of window: Window) -> Timestamp { window.start.adding(seconds: windowSeconds) }

    private static func isOpen(_ window: Window, _ now: Timestamp) -> Bool { window.start <= now && now < end(of: window) }
}
