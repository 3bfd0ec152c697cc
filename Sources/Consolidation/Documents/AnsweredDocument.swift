package import Annotations

/// A document, and what each of its workers marked on it.
package struct AnsweredDocument<Position: TextPosition>: Sendable {
    package let id: String
    /// Where the document's tokens lie, ascending and apart. Empty when they are not known: then the stretches between the edges of
    /// spans take their place.
    package let tokens: [Range<Position>]
    /// The tokens' texts, evidence for methods that read words; empty when not known.
    package let words: [String]
    /// One element for each worker who saw the document, in any order; results do not depend on it.
    package let answers: [WorkerSpans<Position>]

    /// - Precondition: `words` is empty or has one element for each token.
    package init(id: String, tokens: [Range<Position>] = [], words: [String] = [], answers: [WorkerSpans<Position>]) {
        precondition(words.isEmpty || words.count == tokens.count, "\(words.count) words for \(tokens.count) tokens of \(id)")
        (self.id, self.tokens, self.words, self.answers) = (id, tokens, words, answers)
    }

    /// The document without the answers of some workers.
    package func excluding(workerIDs: Set<String>) -> Self {
        Self(id: id, tokens: tokens, words: words, answers: answers.filter { !workerIDs.contains($0.workerID) })
    }
}

extension AnsweredDocument where Position == ScalarOffset {
    /// - Parameter tokens: Where the tokens lie, when the record says so; else ``Tokenizer`` finds them.
    package init(id: String, text: DocumentText, tokens: [Range<ScalarOffset>]? = nil, answers: [WorkerSpans<ScalarOffset>]) {
        let tokens = tokens ?? Tokenizer.tokens(of: text)
        self.init(id: id, tokens: tokens, words: tokens.map { text.slice($0) }, answers: answers)
    }
}
