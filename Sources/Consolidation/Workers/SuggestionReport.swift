package import Annotations

/// What workers made of a model's suggestions, and how workers who had none marked.
///
/// Of the marks that stand in the end, accepted ones needed no work; those fixed, removed or added did. Agreement is the exact F1 of
/// spans, summed up over answers. Where suggestions sway workers, answers agree with the model and with one another more than they do
/// where suggestions were withheld.
package struct SuggestionReport: Sendable, Equatable {
    /// The answers to tasks of one kind.
    package struct Group: Sendable, Equatable {
        package fileprivate(set) var answers = 0
        package fileprivate(set) var outcomes = SuggestionOutcomes()
        /// Of the answers whose time is known.
        package fileprivate(set) var medianSeconds: Double?
        /// `nil` when nothing can be compared.
        package fileprivate(set) var agreementWithModel: Double?
        package fileprivate(set) var agreementBetweenWorkers: Double?
    }

    /// Where suggestions were shown.
    package private(set) var shown = Group()
    /// Where they were withheld; its outcomes have added marks only.
    package private(set) var withheld = Group()

    /// A document with what is known of its suggestions.
    package struct Document {
        let answers: [WorkerSpans<ScalarOffset>]
        let suggestions: [ScalarSpan]?
        let wereWithheld: Bool?

        /// - Parameters:
        ///   - suggestions: What a model proposes for it; `nil` when none was asked.
        ///   - wereWithheld: Whether workers did without, for answers that do not say; `nil`: those are left out.
        package init(answers: [WorkerSpans<ScalarOffset>], suggestions: [ScalarSpan]?, wereWithheld: Bool?) {
            (self.answers, self.suggestions, self.wereWithheld) = (answers, suggestions, wereWithheld)
        }

        /// `nil` when it is not known what the worker saw.
        fileprivate func outcomes(of answer: WorkerSpans<ScalarOffset>) -> SuggestionOutcomes? {
            if let outcomes = answer.suggestionOutcomes { return outcomes }
            switch (wereWithheld, suggestions) {
            case (true, _):
                var outcomes = SuggestionOutcomes()
                (outcomes.wereWithheld, outcomes.added) = (true, answer.spans.count)
                return outcomes
            case (false, let suggestions?): return SuggestionOutcomes(proposed: suggestions, marked: answer.spans)
            default: return nil
            }
        }
    }

    /// `nil` when of no answer it is known whether there were suggestions.
    package init?(_ documents: [Document]) {
        var (shown, withheld) = (GroupTally(), GroupTally())
        for document in documents {
            var (seeing, blind): ([Set<ScalarSpan>], [Set<ScalarSpan>]) = ([], [])
            for answer in document.answers {
                guard let outcomes = document.outcomes(of: answer) else { continue }
                let spans = Set(answer.spans)
                if outcomes.wereWithheld {
                    blind.append(spans)
                    withheld.add(outcomes, answer)
                    if let suggestions = document.suggestions { withheld.model.add(spans, Set(suggestions)) }
                } else {
                    seeing.append(spans)
                    shown.add(outcomes, answer)
                    shown.model.add(common: outcomes.accepted, of: outcomes.proposed + outcomes.marked)
                }
            }
            shown.addPairs(of: seeing)
            withheld.addPairs(of: blind)
        }
        guard shown.group.answers + withheld.group.answers > 0 else { return nil }
        (self.shown, self.withheld) = (shown.result, withheld.result)
    }

    /// Marks that stand and needed no work, less suggestions that had to be removed.
    package var editsSaved: Int { shown.outcomes.accepted - shown.outcomes.rejected }

    /// How much more workers agree with the model where they see what it proposes.
    package var bias: Double? {
        guard let seeing = shown.agreementWithModel, let blind = withheld.agreementWithModel else { return nil }
        return seeing - blind
    }
}

/// Sums for an exact F1.
private struct SpanAgreement {
    private var common = 0
    private var total = 0

    mutating func add(common: Int, of total: Int) {
        self.common += common
        self.total += total
    }

    mutating func add(_ left: Set<ScalarSpan>, _ right: Set<ScalarSpan>) {
        add(common: left.intersection(right).count, of: left.count + right.count)
    }

    var f1: Double? { total == 0 ? nil : 2 * Double(common) / Double(total) }
}

private struct GroupTally {
    var group = SuggestionReport.Group()
    var model = SpanAgreement()
    private var workers = SpanAgreement()
    private var seconds: [Double] = []

    mutating func add(_ outcomes: SuggestionOutcomes, _ answer: WorkerSpans<ScalarOffset>) {
        group.answers += 1
        group.outcomes += outcomes
        if let value = answer.seconds { seconds.append(value) }
    }

    mutating func addPairs(of answers: [Set<ScalarSpan>]) {
        for (index, answer) in answers.enumerated() {
            for other in answers[(index + 1)...] { workers.add(answer, other) }
        }
    }

    var result: SuggestionReport.Group {
        var group = group
        group.medianSeconds = WorkerReport.median(seconds)
        (group.agreementWithModel, group.agreementBetweenWorkers) = (model.f1, workers.f1)
        return group
    }
}
