/// The chain of a model of sentence roles.
enum SentenceLabeling {
    /// The first so many sentences of a text are labelled: what has more is no abstract.
    static let maximumSentences = 2_000

    /// - Returns: For each sentence its most probable label and the probability; of equal ones the first.
    static func labels(of sentences: [Range<Int>], in text: Scalars, by chain: ChainModel) -> [(label: Int, probability: Double)] {
        chain.marginals(of: SentenceFeatures.rows(of: text, sentences: sentences)).map { best(of: $0) }
    }

    static func best(of marginals: [Double]) -> (label: Int, probability: Double) {
        var best = (label: 0, probability: marginals[0])
        for (label, probability) in marginals.enumerated() where probability > best.probability { best = (label, probability) }
        return best
    }

    /// The share of labels that is expected to be right.
    ///
    /// - Parameter probabilities: Of the labels given, at least one.
    static func certainty(of probabilities: [Double]) -> Double { probabilities.reduce(0, +) / Double(probabilities.count) }
}
