package import Annotations

/// From a model's labels to those of a job, by name.
///
/// Names match when they are equal without regard to case and to a plural's `s`, or mean the same part of an abstract (`aims` and
/// `Objectives`). What matches nothing is not proposed.
package struct LabelMapping: Sendable {
    private let targets: [Label: Label]
    /// Labels of the job that the model can never propose, in their order: to be named to whoever sees its suggestions.
    package let neverProposed: [Label]
    /// Labels of the model that the job does not have.
    package let unmatched: [Label]

    package init(from labels: [Label], to wanted: [Label]) {
        var targets: [Label: Label] = [:]
        for label in labels {
            targets[label] = wanted.first { $0 == label } ?? wanted.first { Self.meaning(of: $0) == Self.meaning(of: label) }
        }
        self.targets = targets
        neverProposed = wanted.filter { !targets.values.contains($0) }
        unmatched = labels.filter { targets[$0] == nil }
    }

    package func callAsFunction(_ label: Label) -> Label? { targets[label] }

    /// The suggestions whose labels the job has, under the job's names.
    package func map(_ suggestions: [Suggestion]) -> [Suggestion] {
        suggestions.compactMap { suggestion in
            targets[suggestion.span.label].flatMap {
                ScalarSpan(start: suggestion.span.start, end: suggestion.span.end, label: $0)
            }.map { Suggestion(span: $0, confidence: suggestion.confidence) }
        }
    }

    private static let synonyms = [
        ["background", "introduction", "context", "motivation"],
        ["objective", "aim", "purpose", "goal"],
        ["method", "methodology", "approach", "materials and method"],
        ["result", "finding"],
        ["conclusion", "interpretation", "discussion"],
        ["limitation"],
    ]

    private static func meaning(of label: Label) -> String {
        var name = label.name.lowercased()
        if name.utf8.count > 3, name.hasSuffix("s"), !name.hasSuffix("ss") { name.removeLast() }
        return synonyms.first { $0.contains(name) }?.first ?? name
    }
}

extension SuggestionModel {
    package func mapping(to labels: [Label]) -> LabelMapping { LabelMapping(from: self.labels, to: labels) }
}
