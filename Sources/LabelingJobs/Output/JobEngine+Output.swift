import GroundTruth
import Storage

extension JobEngine {
    /// Writes `output.manifest`, one line for each of the input's in its order: labeled ones with their label, failed ones with their
    /// reason, the others as they came. Then the intermediate file of the current batch, labeled lines only.
    func writeOutputs(of job: JobRecord) async throws(JobError) {
        let now = clock.now()
        // Marked first: what changes during the writing is written the next time.
        try await store.markClean(job)
        let tree = OutputTree(store: objects, settings: job.settings)
        do throws(JobError) {
            try await write(job, to: tree.manifest, tree, 0..<Int.max) { _ in true }
            // The record may be older than the batch that is open.
            let current = try await store.job(named: job.name)
            if current.iteration > 0 { try await writeIntermediate(of: current, (batchStart[job.id] ?? 0)..<Int.max) }
        } catch {
            try await store.markDirty(job)
            throw error
        }
        try await store.setWritten(job, at: now)
        try await tellListener(of: job)
    }

    /// Tells of a job's output manifest. What was told before a restart may be lost, so it is told again then.
    func tellListener(of job: JobRecord) async throws(JobError) {
        guard let listener, job.settings.task == nil || job.settings.task == .entities else { return }
        let labeled = try await store.counters(of: job).labeled
        let manifest = OutputTree(store: objects, settings: job.settings).manifest
        await listener.outputWasWritten(to: manifest, attribute: job.settings.attribute, labeled: labeled)
    }

    /// Writes the lines of the job's open batch that have a label, or a failure of consolidation.
    ///
    /// - Parameter numbers: Where the batch's objects are.
    func writeIntermediate(of job: JobRecord, _ numbers: Range<Int>) async throws(JobError) {
        let tree = OutputTree(store: objects, settings: job.settings)
        try await write(job, to: tree.intermediate(job.iteration), tree, numbers) {
            $0.isWritten && $0.iteration == job.iteration
        }
    }

    private func write(
        _ job: JobRecord, to uri: ObjectURI, _ tree: OutputTree, _ numbers: Range<Int>, where isWanted: (OutputRecord) -> Bool
    ) async throws(JobError) {
        var next = numbers.lowerBound
        try await tree.writeLines(to: uri) { () throws(JobError) in
            // A stretch without a wanted line is not the end.
            while true {
                let lines = try await store.outputLines(of: job, in: next..<numbers.upperBound, limit: Self.batchSize)
                guard let last = lines.last else { return [] }
                next = last.number + 1
                var bytes: [UInt8] = []
                for line in lines where isWanted(line) {
                    bytes += try line.written(attribute: job.settings.attribute)
                    bytes.append(0x0A)
                }
                if !bytes.isEmpty { return bytes }
            }
        }
    }
}
