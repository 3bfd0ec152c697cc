/// What one worker marked on one object; no spans when the worker found nothing to mark.
package struct WorkerSpans<Position: TextPosition>: Sendable {
    package let workerID: String
    package let spans: [LabeledSpan<Position>]
    /// How long the worker took, where known.
    package let seconds: Double?

    /// What the worker made of suggestions, where the answer says so.
    package let suggestionOutcomes: SuggestionOutcomes?

    package init(
        workerID: String, spans: [LabeledSpan<Position>], seconds: Double? = nil, suggestionOutcomes: SuggestionOutcomes? = nil
    ) {
        (self.workerID, self.spans) = (workerID, spans)
        (self.seconds, self.suggestionOutcomes) = (seconds, suggestionOutcomes)
    }
}
