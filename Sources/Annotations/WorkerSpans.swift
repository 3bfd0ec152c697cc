/// What one worker marked on one object; no spans when the worker found nothing to mark.
package struct WorkerSpans<Position: TextPosition>: Sendable {
    package let workerID: String
    package let spans: [LabeledSpan<Position>]
    /// How long the worker took, where known.
    package let seconds: Double?

    package init(workerID: String, spans: [LabeledSpan<Position>], seconds: Double? = nil) {
        (self.workerID, self.spans, self.seconds) = (workerID, spans, seconds)
    }
}
