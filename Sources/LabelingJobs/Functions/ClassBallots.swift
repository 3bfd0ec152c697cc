import Consolidation
import GroundTruth

/// The classes that workers chose, object for object: sixteen bytes of each answer, so that a whole job's fit in memory.
struct ClassBallots: Sendable {
    private struct Ballot: Sendable {
        let object: Int32
        let worker: Int32
        /// Of a single-label task the label's place in the configuration; of a multi-label task one bit for each label.
        let choice: UInt64
    }

    private let task: BuiltInTask
    private let labels: [String]
    private var ballots: [Ballot] = []
    private var workers: [String: Int32] = [:]
    private var voters: [Int32] = []
    /// The objects' numbers in the job, in the order in which they came.
    private(set) var numbers: [Int] = []

    init(task: BuiltInTask, labels: [String]) { (self.task, self.labels) = (task, labels) }

    /// Begins an object; what is added next belongs to it.
    mutating func begin(_ number: Int) {
        numbers.append(number)
        voters.append(0)
    }

    /// Adds an answer to the object begun last. One without a known label is passed over.
    mutating func add(_ answer: AnswerRecord) {
        guard let choice = choice(in: answer) else { return }
        let worker = workers[answer.worker, default: Int32(workers.count)]
        workers[answer.worker] = worker
        ballots.append(Ballot(object: Int32(numbers.count - 1), worker: worker, choice: choice))
        voters[numbers.count - 1] += 1
    }

    private func choice(in answer: AnswerRecord) -> UInt64? {
        guard let classes = task.classes(in: answer.answer) else { return nil }
        guard task == .multiLabel else { return classes.first.flatMap(place).map { UInt64($0) } }
        return classes.compactMap(place).reduce(0) { $0 | 1 << UInt64($1) }
    }

    private func place(of label: String) -> Int? { labels.firstIndex { $0.utf8.elementsEqual(label.utf8) } }

    /// Each object's label, in order; workers are weighed by what they said about all of them.
    func labeled() -> [BuiltInConsolidation.Label] { task == .multiLabel ? severalLabels() : singleLabels() }

    private func singleLabels() -> [BuiltInConsolidation.Label] {
        let votes = ballots.map { ClassVotes.Vote(object: Int($0.object), worker: Int($0.worker), choice: Int($0.choice)) }
        let model = ClassVotes(votes: votes, objectCount: numbers.count, workerCount: workers.count, classCount: labels.count)
        return numbers.indices.map { index in
            guard voters[index] > 0 else { return noChoice }
            let best = model.best(of: index)
            return .label(
                .int(best.choice),
                metadata: [
                    "class-name": .string(labels[best.choice]),
                    "confidence": .decimal(voters[index] == 1 ? 0 : best.confidence),
                ])
        }
    }

    /// Every label is a question of its own with the answers no and yes; the line holds each that at least one worker chose.
    private func severalLabels() -> [BuiltInConsolidation.Label] {
        var chosen = [[(label: Int, confidence: Double)]](repeating: [], count: numbers.count)
        for label in labels.indices {
            let votes = ballots.map { ballot in
                ClassVotes.Vote(
                    object: Int(ballot.object), worker: Int(ballot.worker), choice: Int(ballot.choice >> UInt64(label) & 1))
            }
            guard votes.contains(where: { $0.choice == 1 }) else { continue }
            let model = ClassVotes(votes: votes, objectCount: numbers.count, workerCount: workers.count, classCount: 2)
            for vote in votes where vote.choice == 1 && chosen[vote.object].last?.label != label {
                chosen[vote.object].append((label, voters[vote.object] == 1 ? 0 : model.chances[vote.object * 2 + 1]))
            }
        }
        return numbers.indices.map { index in
            guard voters[index] > 0 else { return noChoice }
            return .label(
                .array(chosen[index].map { .int($0.label) }),
                metadata: [
                    "class-map": .object(
                        Dictionary(uniqueKeysWithValues: chosen[index].map { ("\($0.label)", .string(labels[$0.label])) })),
                    "confidence-map": .object(
                        Dictionary(uniqueKeysWithValues: chosen[index].map { ("\($0.label)", .decimal($0.confidence)) })),
                ])
        }
    }

    private var noChoice: BuiltInConsolidation.Label { .failed("no answer has a known label under `\(task.answerKey)`") }
}
