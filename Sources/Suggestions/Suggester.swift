package import Annotations

/// A model in the service of one job: what it proposes, under the job's labels.
package struct Suggester: Sendable {
    package let model: SuggestionModel
    private let mapping: LabelMapping?
    /// Labels that workers may look for among the suggestions and that the model can never propose: of the job, or, where its
    /// labels are not known, of the usual roles of an abstract's sentences.
    package let neverProposed: [Label]

    /// - Parameter labels: The job's; none: suggestions keep the model's labels.
    package init(_ model: SuggestionModel, labels: [Label] = []) {
        self.model = model
        mapping = labels.isEmpty ? nil : model.mapping(to: labels)
        if let mapping {
            neverProposed = mapping.neverProposed
        } else {
            let never = model.mapping(to: ModelCard.roles).neverProposed
            neverProposed = model.kind == .sentences && never.count < ModelCard.roles.count ? never : []
        }
    }

    /// What the model proposes for a text; see ``SuggestionModel/suggest(_:sentences:)``.
    package func suggest(_ text: DocumentText, sentences: [Range<ScalarOffset>]? = nil) -> [Suggestion] {
        let suggestions = model.suggest(text, sentences: sentences)
        return mapping?.map(suggestions) ?? suggestions
    }
}
