/// What one worker marked on one object; no spans when the worker found nothing to mark.
package struct WorkerSpans<Position: TextPosition>: Sendable {
    package let workerID: String
    package let spans: [LabeledSpan<Position>]

    package init(workerID: String, spans: [LabeledSpan<Position>]) { (self.workerID, self.spans) = (workerID, spans) }
}
