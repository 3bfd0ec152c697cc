import Annotations
import Consolidation

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed on every machine.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A span as a tuple, for short tests.
typealias Plain = (start: Int, end: Int, label: Label)

func answer(_ workerID: String, _ spans: Plain...) -> WorkerSpans<ScalarOffset> {
    WorkerSpans(
        workerID: workerID,
        spans: spans.compactMap { ScalarSpan(start: ScalarOffset($0.start), end: ScalarOffset($0.end), label: $0.label) })
}

extension ConsolidatedSpan {
    /// `5..<13 CARGO w1,w2`.
    var summary: String { "\(span.start)..<\(span.end) \(span.label) \(support.joined(separator: ","))" }
}
