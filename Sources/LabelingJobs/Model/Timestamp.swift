import FoundationEssentials

/// A moment in milliseconds since 1970-01-01 00:00 UTC, and the forms in which Ground Truth writes one (contracts section 2).
package struct Timestamp: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    package func adding(seconds: Int) -> Timestamp { Timestamp(milliseconds: milliseconds + Int64(seconds) * 1000) }

    /// Seconds with a fraction, as the API writes times.
    package var epochSeconds: Double { Double(milliseconds) / 1000 }

    /// `2024-03-01T10:02:03+0000`, in the output of custom jobs.
    package var customDate: String { "\(written().dropLast())+0000" }
    /// `2024-03-01T10:02:03.175000`, in the output of built-in task types.
    package var builtInDate: String { "\(written(fraction: true).dropLast())000" }
    /// `2024-03-01T10:02:03.175Z`, in workers' answers.
    package var answerDate: String { written(fraction: true) }
    /// `2024-03-01_10:02:03`, in the names of output objects.
    package var fileName: String { String(written().dropLast().map { $0 == "T" ? "_" : $0 }) }

    /// Milliseconds are written as they are: a style that formats fractions of a second cuts off what a double cannot hold.
    private func written(fraction: Bool = false) -> String {
        let rest = ((milliseconds % 1000) + 1000) % 1000
        let text = Date.ISO8601FormatStyle().format(Date(timeIntervalSince1970: Double((milliseconds - rest) / 1000)))
        return fraction ? "\(text.dropLast()).\(String(1000 + rest).dropFirst())Z" : text
    }
}

/// Tells the time; tests set their own.
package struct JobClock: Sendable {
    package let now: @Sendable () -> Timestamp
    package init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    package static let system = JobClock { Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded())) }
}
