/// What a model says about a whole text.
package struct Proposal: Sendable, Equatable {
    package let suggestions: [Suggestion]
    /// Which share of the labels the model itself expects to be right, 0...1: of sentences the mean probability of the labels; of spans,
    /// how many are expected to be proposed and right among all that are proposed or should be. 0 when it did not see all of the text.
    package let certainty: Double

    static let nothing = Proposal(suggestions: [], certainty: 0)
}

/// How many spans are expected, and how many of the proposed ones to be right.
struct SpanExpectation {
    /// Whether or not they are proposed.
    var spans = 0.0
    var proposed = 0
    var right = 0.0

    static func += (left: inout Self, right: Self) {
        left.spans += right.spans
        left.proposed += right.proposed
        left.right += right.right
    }

    /// With what is proposed or should be as the whole, at least one: a text of which nothing is proposed is as sure as that nothing is
    /// there.
    var certainty: Double {
        let (wrong, missing) = (Double(proposed) - right, max(0, spans - right))
        return min(max(1 - (wrong + missing) / max(1, right + wrong + missing), 0), 1)
    }
}

/// What became of spans in the texts of a cross-validation, to be summed up over sentences and layers.
struct SpanTrial {
    var expectation = SpanExpectation()
    var gold = 0
    var proposed = 0
    var right = 0

    static func += (left: inout Self, right: Self) {
        left.expectation += right.expectation
        left.gold += right.gold
        left.proposed += right.proposed
        left.right += right.right
    }

    var trial: TextTrial {
        let all = gold + proposed - right
        return TextTrial(certainty: expectation.certainty, errorShare: all == 0 ? 0 : Double(all - right) / Double(all))
    }
}
