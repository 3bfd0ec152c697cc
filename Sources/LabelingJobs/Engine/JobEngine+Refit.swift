import GroundTruth

/// How reliable a worker is should rest on all answers of a job, and not on the order in which objects were finished. So what weighs
/// workers consolidates the labeled objects again when a job ends: the result does not depend on which objects came together.
extension JobEngine {
    /// Objects that an own function is asked about at once.
    private static let refitBatchSize = 2000

    func refit(_ job: JobRecord) async throws(JobError) {
        switch job.settings.after {
        case .builtIn(let task) where task != .entities: try await refitClasses(of: job, task)
        case .named(let function) where functions.isOwn(function): try await refit(job, by: function)
        case .builtIn, .named, .none: break
        }
    }

    private func refitClasses(of job: JobRecord, _ task: BuiltInTask) async throws(JobError) {
        guard let categories = try job.categories else { return }
        let ballots = try await store.ballots(of: job, task, labels: categories.labels)
        let (labels, numbers) = (ballots.labeled(), ballots.numbers)
        for start in stride(from: 0, to: labels.count, by: Self.batchSize) {
            let range = start..<min(start + Self.batchSize, labels.count)
            let records = try await store.objects(of: job, numbered: Array(numbers[range]))
            var outcomes: [(number: Int, outcome: ConsolidatedObject)] = []
            for (record, label) in zip(records, labels[range]) {
                outcomes.append((record.number, outcome(label, try record.manifestLine, job, task)))
            }
            try await store.setConsolidated(outcomes, of: job, at: clock.now())
        }
    }

    private func refit(_ job: JobRecord, by function: String) async throws(JobError) {
        let tree = OutputTree(store: objects, settings: job.settings)
        var next = 0
        while true {
            let labeled = try await store.labeled(of: job, from: next, limit: Self.refitBatchSize)
            guard let last = labeled.last else { return }
            next = last.object.number + 1
            var batch: [Answered] = []
            for (object, answers) in labeled { batch.append((object, try object.manifestLine, answers)) }
            let outcomes = try await ask(function, about: batch, of: job, max(1, job.iteration), tree)
            try await store.setConsolidated(outcomes, of: job, at: clock.now())
        }
    }
}
