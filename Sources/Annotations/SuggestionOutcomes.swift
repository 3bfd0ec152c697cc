/// What a worker made of the suggestions in a task.
package struct SuggestionOutcomes: Sendable, Equatable {
    package var accepted = 0
    /// Kept with other edges or another label.
    package var fixed = 0
    package var rejected = 0
    /// Neither accepted nor rejected, and not in the answer.
    package var undecided = 0
    /// Marks that came from no suggestion.
    package var added = 0
    /// The task was one of the hidden share that gets no suggestions.
    package var wereWithheld = false

    package init() {}

    package var proposed: Int { accepted + fixed + rejected + undecided }
    /// In the answer.
    package var marked: Int { accepted + fixed + added }

    /// From an answer and what had been proposed: a proposed span that the answer has is accepted, one that touches another of the
    /// answer's spans is fixed.
    package init<Position>(proposed: [LabeledSpan<Position>], marked: [LabeledSpan<Position>]) {
        var marks = Set(marked)
        let proposals = Set(proposed).sorted()
        accepted = proposals.lazy.filter { marks.contains($0) }.count
        let open = proposals.filter { marks.remove($0) == nil }
        var rest = marks.sorted()
        for proposal in open {
            if let place = rest.firstIndex(where: { $0.start < proposal.end && proposal.start < $0.end }) {
                fixed += 1
                rest.remove(at: place)
            } else {
                rejected += 1
            }
        }
        added = rest.count
    }

    package static func += (left: inout Self, right: Self) {
        left.accepted += right.accepted
        left.fixed += right.fixed
        left.rejected += right.rejected
        left.undecided += right.undecided
        left.added += right.added
    }
}
