package import Annotations

extension WorkerAnswer {
    /// The answer's spans in scalars of a text; those that do not fit it cost themselves only.
    ///
    /// - Parameter seedTokens: The text's tokens, made once for all answers that need them.
    /// - Returns: The spans, and a sentence for each that is left out, those of reading the answer not among them.
    package func spans(
        in text: DocumentText, seedTokens: inout SeedTokenization?
    ) -> (spans: [ScalarSpan], rejected: [String]) {
        var spans: [ScalarSpan] = []
        var rejected: [String] = []
        func check(_ span: () throws(TextError) -> ScalarSpan) {
            do throws(TextError) { spans.append(try span()) } catch { rejected.append(error.message) }
        }
        switch marks {
        case .characters(let marks):
            for mark in marks { check { () throws(TextError) in try text.scalar(mark) } }
        case .tokens(let marks):
            let tokens = seedTokens ?? SeedTokenization(text)
            seedTokens = tokens
            for mark in marks { check { () throws(TextError) in try tokens.scalar(mark.span, surface: mark.surface) } }
        }
        return (spans, rejected)
    }
}
