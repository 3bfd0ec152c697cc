import Annotations
package import Consolidation
package import Functions
package import GroundTruth
import Storage
package import TrainingData

extension CrowdOutcome {
    /// What workers made of suggestions; `nil` when of no answer it is known whether there were any.
    ///
    /// - Parameter blindShare: The share of tasks without suggestions, where answers do not say themselves what they saw: then the
    ///   `suggestions` of a record count as what workers saw, unless it belongs to this share. `nil`: such answers are left out.
    package func suggestionReport(blindShare: BlindShare? = nil) throws(RecordError) -> SuggestionReport? {
        let isSaid = self.documents.contains { document in document.answers.contains { $0.suggestionOutcomes != nil } }
        guard isSaid || blindShare != nil else { return nil }
        var documents: [SuggestionReport.Document] = []
        for index in self.documents.indices {
            let record = try record(index)
            let answers = self.documents[index].answers.filter { !$0.workerID.utf8.elementsEqual((modelWorker ?? "").utf8) }
            documents.append(
                SuggestionReport.Document(
                    answers: answers, suggestions: try record.suggestions()?.map(\.span),
                    wereWithheld: blindShare.map { $0.contains(textSHA256: sha256Hex(record.text.bytes)) }))
        }
        return SuggestionReport(documents)
    }
}

extension SuggestionReport {
    package var json: JSONOutput {
        [
            "bias": bias.map { .decimal($0) } ?? .null, "edits-saved": .int(editsSaved), "shown": .object(shown.members),
            "withheld": .object(withheld.members),
        ]
    }
}

extension SuggestionReport.Group {
    fileprivate var members: [String: JSONOutput] {
        [
            "accepted": .int(outcomes.accepted), "added": .int(outcomes.added),
            "agreement-between-workers": agreementBetweenWorkers.map { .decimal($0) } ?? .null,
            "agreement-with-model": agreementWithModel.map { .decimal($0) } ?? .null, "answers": .int(answers),
            "fixed": .int(outcomes.fixed), "median-seconds": medianSeconds.map { .decimal($0) } ?? .null,
            "rejected": .int(outcomes.rejected), "undecided": .int(outcomes.undecided),
        ]
    }
}
