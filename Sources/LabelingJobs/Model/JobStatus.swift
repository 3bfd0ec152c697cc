/// A job's `LabelingJobStatus`. The last three are final.
package enum JobStatus: String, Sendable {
    case initializing = "Initializing", inProgress = "InProgress", stopping = "Stopping"
    case completed = "Completed", failed = "Failed", stopped = "Stopped"

    package var isFinal: Bool { [.completed, .failed, .stopped].contains(self) }
}

/// Where an object stands on its way to a label.
package enum ObjectState: Int, Sendable, CaseIterable {
    /// Not sent out yet.
    case new = 0
    /// Workers can take it.
    case available = 1
    /// It takes no more answers and waits for consolidation.
    case answered = 2
    /// A consolidation function has its answers.
    case consolidating = 3
    case labeled = 4
    case failed = 5
    /// The pre-annotation function wants no annotation.
    case excluded = 6
    /// Its line came with the label attribute: a chained or resumed job leaves it as it is.
    case carried = 7

    /// The state that a word, as it is shown to people, stands for.
    package init?(_ word: String) {
        guard let state = Self.allCases.first(where: { "\($0)" == word }) else { return nil }
        self = state
    }

    /// All of them, for people.
    package static var words: String { allCases.map { "\($0)" }.joined(separator: ", ") }

    package var isDone: Bool { rawValue >= Self.labeled.rawValue }

    /// With workers or with consolidation.
    static let pending: [ObjectState] = [.available, .answered, .consolidating]
    /// Without a result yet.
    static let unfinished: [ObjectState] = pending + [.new]
}

/// What a worker has to do with an object.
package enum TaskState: Int, Sendable {
    case accepted = 0
    case submitted = 1
    case declined = 2
    case released = 3
    case expired = 4
    /// Answered by a worker whose answers the owner does not want.
    case excluded = 5
}

/// A job's objects, counted as `LabelCounters` has them.
package struct LabelCounters: Hashable, Sendable {
    package var labeled = 0
    package var failed = 0
    /// Objects still to be labeled; excluded and carried ones are not among them.
    package var unlabeled = 0
    /// Objects in the hands of workers.
    package var pending = 0
    package var total = 0
}
