import Annotations

extension SuggestionModel {
    /// How well the model does on texts whose final spans are known: the F1 of spans with the same edges and label, which for sentences is
    /// the share of right labels. Its labels are matched to theirs by name, and their sentences are given where they are divided into some.
    ///
    /// - Returns: `nil` when there is neither a final span nor a proposed one.
    package func score(on documents: [TrainingDocument]) -> Double? {
        let mapping = mapping(to: Set(documents.flatMap { $0.spans.map(\.label) }).sorted())
        var (common, total) = (0, 0)
        for document in documents {
            let sentences = document.isTiled ? document.spans.sorted().map { $0.start..<$0.end } : nil
            let proposed = Set(mapping.map(suggest(document.text, sentences: sentences)).map(\.span))
            let gold = Set(document.spans)
            common += proposed.intersection(gold).count
            total += proposed.count + gold.count
        }
        return total == 0 ? nil : 2 * Double(common) / Double(total)
    }
}
