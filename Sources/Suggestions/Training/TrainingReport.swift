package import Annotations

/// What training found out, for the model's card.
package struct TrainingReport: Sendable, Equatable {
    package var documents = 0
    /// Sentences, or spans.
    package var examples = 0
    /// The factor of the L2 penalty that was chosen.
    package var penalty = 0.0
    package var features = 0
    /// By cross-validation in the training data, in the order of the model's labels.
    package var scores: [LabelScore] = []
    /// Whether the scores are of a part of the training data, as all of them were too many.
    package var isScoredOnPart = false
    /// Which share of the texts could be left to the model, for each of ``budgets``.
    package var trustedShares: [Double] = []
    /// Documents whose spans do not tile them, left out of a model of sentences.
    package var documentsLeftOut = 0
    /// Spans that overlap a longer one of the same layer, or lie in no single sentence; left out.
    package var spansLeftOut = 0
    /// Below this probability no span is proposed; 0 for sentences.
    package var threshold = 0.0

    /// Shares of wrong labels for which ``trustedShares`` are told.
    package static let budgets = [0.01, 0.02, 0.05, 0.1, 0.2]

    /// Notes the shares, and how certain a model must be.
    mutating func judge(_ trials: [TextTrial]) -> TrustCurve {
        let curve = TrustCurve(trials)
        trustedShares = Self.budgets.map { budget in
            guard let least = curve.certainty(forBudget: budget) else { return 0 }
            return Double(trials.lazy.filter { $0.certainty >= least }.count) / Double(trials.count)
        }
        return curve
    }

    package struct LabelScore: Sendable, Equatable {
        package let label: Label
        package var gold = 0
        package var proposed = 0
        package var right = 0

        package var precision: Double { proposed == 0 ? 0 : Double(right) / Double(proposed) }
        package var recall: Double { gold == 0 ? 0 : Double(right) / Double(gold) }
        package var f1: Double { gold + proposed == 0 ? 0 : 2 * Double(right) / Double(gold + proposed) }
    }

    /// Over all labels: the accuracy for sentences, the strict F1 for spans.
    package var score: Double {
        let sums = scores.reduce(into: (gold: 0, proposed: 0, right: 0)) {
            $0 = ($0.gold + $1.gold, $0.proposed + $1.proposed, $0.right + $1.right)
        }
        return sums.gold + sums.proposed == 0 ? 0 : 2 * Double(sums.right) / Double(sums.gold + sums.proposed)
    }
}
