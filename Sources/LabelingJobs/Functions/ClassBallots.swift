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

    /// The objects' labels; workers are weighed by what they said about all of them.
    func labeled() -> ClassLabels {
        let chances = task == .multiLabel ? severalChances() : singleChances()
        return ClassLabels(labels: labels, isMultiLabel: task == .multiLabel, voters: voters, chances: chances)
    }

    private func singleChances() -> ClassLabels.Chances {
        let votes = ballots.map { ClassVotes.Vote(object: Int($0.object), worker: Int($0.worker), choice: Int($0.choice)) }
        let model = ClassVotes(votes: votes, objectCount: numbers.count, workerCount: workers.count, classCount: labels.count)
        return numbers.indices.map { object in
            let best = model.best(of: object)
            return ClassLabels.Chance(object: Int32(object), label: Int32(best.choice), confidence: best.confidence)
        }
    }

    /// Every label is a question of its own with the answers no and yes; an object has each that at least one worker chose.
    private func severalChances() -> ClassLabels.Chances {
        var chances: ClassLabels.Chances = []
        for label in labels.indices {
            let votes = ballots.map { ballot in
                ClassVotes.Vote(
                    object: Int(ballot.object), worker: Int(ballot.worker), choice: Int(ballot.choice >> UInt64(label) & 1))
            }
            guard votes.contains(where: { $0.choice == 1 }) else { continue }
            let model = ClassVotes(votes: votes, objectCount: numbers.count, workerCount: workers.count, classCount: 2)
            var last = -1
            for vote in votes where vote.choice == 1 && vote.object != last {
                last = vote.object
                chances.append(
                    ClassLabels.Chance(object: Int32(last), label: Int32(label), confidence: model.chances[last * 2 + 1]))
            }
        }
        return chances.sorted { ($0.object, $0.label) < ($1.object, $1.label) }
    }
}
