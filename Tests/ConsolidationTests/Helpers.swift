import Annotations

@testable import Consolidation

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
