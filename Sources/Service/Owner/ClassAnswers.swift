import Annotations
import Consolidation
import GroundTruth
import LabelingJobs

/// The answers of a classification job as documents of one token that is wholly marked, so that reports say of classes what they say of
/// spans. With one class an object the exact F1 of two workers is the share of objects that they put in the same class, and Fleiss' kappa
/// over tokens is that over objects; with several the kappa of all labels together means nothing, that of each label does.
struct ClassAnswers: Sendable {
    let task: BuiltInTask

    func documents(_ records: [AnsweredRecord]) -> [AnsweredDocument<ScalarOffset>] {
        let token = ScalarOffset(0)..<ScalarOffset(1)
        return records.map { record in
            let answers = record.answers.compactMap { worker, answer, seconds -> WorkerSpans<ScalarOffset>? in
                guard let classes = task.classes(in: answer) else { return nil }
                let spans = classes.compactMap { LabeledSpan(start: token.lowerBound, end: token.upperBound, label: Label($0)) }
                return WorkerSpans(workerID: worker, spans: spans, seconds: seconds)
            }
            return AnsweredDocument(id: "\(record.number)", tokens: [token], answers: answers)
        }
    }
}
