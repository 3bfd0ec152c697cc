package import Annotations

/// A model in the service of one job: what it proposes, under the job's labels.
package struct Suggester: Sendable {
    package let model: SuggestionModel
    private let mapping: LabelMapping?
    /// From which certainty on a text's suggestions may stand without workers; `nil`: none of them may.
    private let trustedCertainty: Double?
    /// Why no text is left to the model though a budget was given.
    package let trustObstacle: String?
    /// Labels that workers may look for among the suggestions and that the model can never propose: of the job, or, where its
    /// labels are not known, of the usual roles of an abstract's sentences.
    package let neverProposed: [Label]

    /// - Parameters:
    ///   - labels: The job's; none: suggestions keep the model's labels.
    ///   - errorBudget: Texts may be left to the model when, of its labels in all of them, at most this share is wrong or missing on
    ///     average, as measured on training texts that it had not seen, with a probability of 95 %; `nil`: none may.
    package init(_ model: SuggestionModel, labels: [Label] = [], errorBudget: Double? = nil) {
        self.model = model
        mapping = labels.isEmpty ? nil : model.mapping(to: labels)
        if let mapping {
            neverProposed = mapping.neverProposed
        } else {
            let never = model.mapping(to: ModelCard.roles).neverProposed
            neverProposed = model.kind == .sentences && never.count < ModelCard.roles.count ? never : []
        }
        let certainty = errorBudget.flatMap { model.contents.trust.certainty(forBudget: $0) }
        // What was measured says nothing about labels that the training data did not have.
        trustedCertainty = neverProposed.isEmpty ? certainty : nil
        if let errorBudget, trustedCertainty == nil {
            trustObstacle =
                neverProposed.isEmpty
                ? "the model was never measured to have at most \(errorBudget) of its labels wrong"
                : "the model can never propose \(neverProposed.map(\.name).joined(separator: ", "))"
        } else {
            trustObstacle = nil
        }
    }

    /// What the model proposes for a text, and whether that may stand without workers.
    package func review(_ text: DocumentText) -> (suggestions: [Suggestion], isTrusted: Bool) {
        let proposal = model.propose(text)
        guard let mapping else { return (proposal.suggestions, isTrusted(proposal)) }
        let suggestions = mapping.map(proposal.suggestions)
        return (suggestions, suggestions.count == proposal.suggestions.count && isTrusted(proposal))
    }

    private func isTrusted(_ proposal: Proposal) -> Bool { trustedCertainty.map { proposal.certainty >= $0 } ?? false }

    /// What the model proposes for a text; see ``SuggestionModel/suggest(_:sentences:)``.
    package func suggest(_ text: DocumentText, sentences: [Range<ScalarOffset>]? = nil) -> [Suggestion] {
        let suggestions = model.suggest(text, sentences: sentences)
        return mapping?.map(suggestions) ?? suggestions
    }
}
