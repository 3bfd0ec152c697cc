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
        return counts.withLock { Self.secondsBlocked(address, $0, now) }
    }

    func countFailure(_ address: String) {
        let now = clock.now()
        counts.withLock { Self.count(address, &$0, now) }
    }

    /// Counts an attempt as failed before it is known how it ends, unless the address may not try.
    ///
    /// - Returns: For how long it may not; `nil` when the attempt is counted.
    func begin(_ address: String) -> Int? {
        let now = clock.now()
        return counts.withLock { counts in
            if let seconds = Self.secondsBlocked(address, counts, now) { return seconds }
            Self.count(address, &counts, now)
            return nil
        }
    }

    private static func secondsBlocked(_ address: String, _ counts: Counts, _ now: Timestamp) -> Int? {
        let isFull = counts.windows.count >= addressesKept
        let window = counts.windows[address] ?? (isFull ? counts.windows[others] : nil)
        guard let window, window.failures >= failuresAllowed else { return nil }
        let left = end(of: window).milliseconds - now.milliseconds
        // A clock that was set back makes nobody wait longer.
        return (1...Int64(windowSeconds * 1000)).contains(left) ? Int((left + 999) / 1000) : nil
    }

    private static func count(_ address: String, _ counts: inout Counts, _ now: Timestamp) {
        forgetEnded(&counts, now)
        let isNew = counts.windows[address] == nil
        let address = isNew && counts.windows.count >= addressesKept ? others : address
        var window = counts.windows[address] ?? Window(start: now, failures: 0)
        if !isOpen(window, now) { window = Window(start: now, failures: 0) }
        window.failures += 1
        counts.windows[address] = window
    }

    /// Makes a failure undone that ``begin(_:)`` counted.
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
