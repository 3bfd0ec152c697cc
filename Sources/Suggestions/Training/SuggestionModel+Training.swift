extension SuggestionModel {
    /// Trains a model. The same documents in the same order give the same bytes.
    ///
    /// - Parameters:
    ///   - kind: What to learn; `nil`: sentences when the spans of every document hold its text but for white space, else spans.
    ///   - source: What the model is called, at most 200 bytes of it.
    /// - Throws: ``SuggestionError`` `.noExamples`, `.tooFewDocuments` or `.tooManyLabels`.
    package static func train(
        on documents: [TrainingDocument], kind: SuggestionKind? = nil, source: String
    ) throws(SuggestionError) -> (model: SuggestionModel, report: TrainingReport) {
        let source = String(String.UnicodeScalarView(source.unicodeScalars.prefix(50)))
        switch kind ?? (documents.allSatisfy(\.isTiled) ? .sentences : .spans) {
        case .sentences: return try SentenceTraining(documents).train(source: source)
        case .spans: return try SpanTraining(documents).train(source: source)
        }
    }
}

extension TrainingReport {
    /// Cross-validation needs documents in several folds.
    static let minimumDocuments = 8

    static func checkDocuments(_ documents: [TrainingDocument]) throws(SuggestionError) {
        let count = Set(documents.map(\.text)).count
        guard count >= minimumDocuments else {
            throw SuggestionError(.tooFewDocuments, "\(count) different texts, at least \(minimumDocuments) are needed to train")
        }
    }
}
