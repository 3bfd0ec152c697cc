/// A hidden share of the tasks, which get no suggestions: what workers do there shows the bias that suggestions cause elsewhere.
///
/// A hash of the text decides, so that every run, machine and report chooses the same tasks.
package struct BlindShare: Sendable, Equatable {
    package static let none = BlindShare(0)

    /// 0...1.
    package let share: Double

    package init(_ share: Double) { self.share = share }

    /// - Parameter textSHA256: In hex, as a task's `text-sha256`.
    package func contains(textSHA256: String) -> Bool {
        guard share > 0, let bits = UInt64(textSHA256.prefix(13), radix: 16) else { return false }
        // 13 digits are 52 bits, which a Double holds exactly.
        return Double(bits) / Double(1 << 52) < share
    }
}
