package import Annotations

extension WorkerAnswer {
    /// The answer without spans of labels that are not the job's: a page, or whoever sends answers without one, may send any text. Each
    /// such span costs itself only and is named in ``rejected``.
    package func limited(to labels: Set<Label>) -> WorkerAnswer {
        var unknown: [String] = []
        func isKnown<Position>(_ span: LabeledSpan<Position>) -> Bool {
            if labels.contains(span.label) { return true }
            unknown.append("\(span.start.rawValue)..<\(span.end.rawValue): `\(span.label)` is none of the job's labels")
            return false
        }
        let known: Marks =
            switch marks {
            case .characters(let spans): .characters(spans.filter(isKnown))
            case .tokens(let spans): .tokens(spans.filter { isKnown($0.span) })
            }
        var answer = self
        (answer.marks, answer.rejected) = (known, rejected + unknown)
        return answer
    }
}
