package import Annotations
import Glibc

/// How much a model does not know about a text, and about which of its words.
package struct TextUncertainty: Sendable {
    /// The text's different words by their keys, ascending, each with the entropy in nats of what it may be labelled.
    let words: [(key: UInt64, entropy: Double)]

    /// The expected information of an answer that says everything about the text.
    package var total: Double { words.reduce(0) { $0 + $1.entropy } }

    init(_ entropies: [UInt64: Double]) {
        words = entropies.sorted { $0.key < $1.key }.map { (key: $0.key, entropy: $0.value) }
    }
}

extension SuggestionModel {
    /// A model of sentences shares the entropy of a sentence's label among its different words; a model of spans has one for each
    /// token.
    ///
    /// - Parameter sentences: As for ``suggest(_:sentences:)``.
    package func uncertainty(of text: DocumentText, sentences: [Range<ScalarOffset>]? = nil) -> TextUncertainty {
        let scalars = Scalars(text)
        var entropies: [UInt64: Double] = [:]
        switch contents.body {
        case .sentences(let chain):
            let sentences = self.sentences(of: scalars, given: sentences)
            let marginals = chain.marginals(of: SentenceFeatures.rows(of: scalars, sentences: sentences))
            for (sentence, row) in zip(sentences, marginals) {
                let words = Set(Words.words(of: scalars, in: sentence).map(\.key))
                let share = Self.entropy(row) / Double(max(1, words.count))
                for word in words { entropies[word, default: 0] += share }
            }
        case .spans(let layers, _):
            let tokens = SpanTokens(scalars)
            for layer in layers {
                for (token, row) in zip(tokens.tokens, layer.marginals(of: tokens)) {
                    entropies[token.stem, default: 0] += Self.entropy(row)
                }
            }
        }
        return TextUncertainty(entropies)
    }

    private static func entropy(_ probabilities: [Double]) -> Double {
        probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
    }
}
