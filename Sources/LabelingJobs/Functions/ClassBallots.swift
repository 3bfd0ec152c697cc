import Consolidation
import GroundTruth

/// The classes that workers chose, object for object: eight bytes of each answer, sixteen where it may name several labels, so that a
/// whole job's fit in memory.
struct ClassBallots: Sendable {
    private let task: BuiltInTask
    private let labels: [String]
    /// In a single-label task the choice is the label's place in the configuration, in a multi-label one it is in ``chosen``.
    private var votes: [ClassVotes.Vote] = []
    /// One bit for each label, beside each vote; empty in a single-label task.
    private var chosen: [UInt64] = []
    private var workers: [String: Int32] = [:]
    /// How many votes each object has.
    private var voters: [Int32] = []
    /// The objects' numbers in the job, in the order in which they came.
    private(set) var numbers: [Int] = []

    /// - Parameters:
    ///   - objectCount: Objects that are likely to come.
    ///   - answersPerObject: Answers to each.
    init(task: BuiltInTask, labels: [String], objectCount: Int = 0, answersPerObject: Int = 1) {
        (self.task, self.labels) = (task, labels)
        votes.reserveCapacity(objectCount * answersPerObject)
        if task == .multiLabel { chosen.reserveCapacity(objectCount * answersPerObject) }
        numbers.reserveCapacity(objectCount)
        voters.reserveCapacity(objectCount)
    }

    /// Begins an object; what is added next belongs to it.
    mutating func begin(_ number: Int) {
        numbers.append(number)
        voters.append(0)
    }

    /// Adds an answer to the object begun last. One without a known label is passed over.
    mutating func add(_ answer: AnswerRecord) {
        guard let classes = task.classes(in: answer.answer) else { return }
        let places = classes.compactMap(place)
        guard task == .multiLabel || !places.isEmpty else { return }
        let worker = workers[answer.worker, default: Int32(workers.count)]
        workers[answer.worker] = worker
        let choice = task == .multiLabel ? 0 : places[0]
        votes.append(ClassVotes.Vote(worker: Int(worker), choice: choice))
        if task == .multiLabel { chosen.append(places.reduce(0) { $0 | 1 << UInt64($1) }) }
        voters[numbers.count - 1] += 1
    }

    private func place(of label: String) -> Int? { labels.firstIndex { $0.utf8.elementsEqual(label.utf8) } }

    /// The objects' labels; workers are weighed by what they said about all of them.
    func labeled() -> ClassLabels {
        let chances = task == .multiLabel ? severalChances() : singleChances()
        return ClassLabels(labels: labels, isMultiLabel: task == .multiLabel, voters: voters, chances: chances)
    }

    private func singleChances() -> ClassLabels.Chances {
        let model = ClassVotes(votes: votes, counts: voters, workerCount: workers.count, classCount: labels.count)
        return numbers.indices.map { object in
            let best = model.best(of: object)
            return ClassLabels.Chance(object: Int32(object), label: Int32(best.choice), confidence: best.confidence)
        }
    }

    /// Every label is a question of its own with the answers no and yes; an object has each that at least one worker chose.
    private func severalChances() -> ClassLabels.Chances {
        var chances: ClassLabels.Chances = []
        for label in labels.indices {
            let votes = zip(votes, chosen).map { vote, chosen in
                ClassVotes.Vote(worker: vote.worker, choice: Int(chosen >> UInt64(label) & 1))
            }
            guard votes.contains(where: { $0.choice == 1 }) else { continue }
            let model = ClassVotes(votes: votes, counts: voters, workerCount: workers.count, classCount: 2)
            var next = 0
            for (object, count) in voters.enumerated() {
                defer { next += Int(count) }
                guard votes[next..<(next + Int(count))].contains(where: { $0.choice == 1 }) else { continue }
                chances.append(
                    ClassLabels.Chance(object: Int32(object), label: Int32(label), confidence: model.chances[object * 2 + 1]))
            }
        }
        return chances.sorted { ($0.object, $0.label) < ($1.object, $1.label) }
    }
}
