import Foundation
import SystemPackage

/// A line on the terminal that shows how far a run is; nothing where standard error is no terminal.
struct ProgressBar {
    private let total: Int
    private let isShown: Bool
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var done = 0

    init(total: Int) {
        self.total = total
        isShown = Terminal.isErrorATerminal && total > 0
        start = clock.now
    }

    mutating func advance(note: String) {
        done += 1
        guard isShown else { return }
        let elapsed = (clock.now - start) / .seconds(1)
        let width = 24
        let filled = done * width / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        let rest = Int(elapsed / Double(done) * Double(total - done))
        let left = rest >= 60 ? "\(rest / 60) min \(rest % 60) s left" : "\(rest) s left"
        let rate = elapsed > 0 ? Double(done) / elapsed : 0
        draw("\r\u{1B}[K\(bar) \(done)/\(total) pages · \(String(format: "%.1f", rate))/s · \(left) · \(note.prefix(40))")
    }

    func finish() {
        if isShown { draw("\r\u{1B}[K") }
    }

    private func draw(_ text: String) { _ = try? FileDescriptor.standardError.writeAll(text.utf8) }
}
