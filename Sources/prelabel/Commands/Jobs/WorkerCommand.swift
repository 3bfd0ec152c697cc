import ArgumentParser
import GroundTruth
import LabelingJobs

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Looks after the people who label.", subcommands: [Forget.self])

    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes a person's identity and answers.",
            discussion: """
                Name and mail, memberships, answers with all their versions and drafts go from the store; files in the outputs of jobs that name \
                the worker's id are rewritten without it, and the jobs' objects are consolidated again from the answers that are left \
                (`prelabel serve` does this). The receipt on standard output names the jobs and files, and nothing of the person but the id. Run \
                again after an error, it goes on where it was. Backups made before still hold the person.
                """)
        @Argument(help: "The worker's id.") var id: String
        @OptionGroup var jobs: JobOptions
        @OptionGroup var storage: StoreOptions

        func run() async throws {
            let store = try jobs.store(storage)
            let objects = try storage.store()
            let now = JobClock.system.now()
            let removed = try await store.forget(id, at: now)
            var files: [JSONOutput] = []
            for job in try await store.jobs() {
                for uri in try await WorkerErasure(store: objects, worker: id).erase(from: job) { files.append(.string("\(uri)")) }
            }
            let receipt: JSONOutput = [
                "answers": .int(removed.map(\.answers).reduce(0, +)), "date": .string(now.answerDate), "files": .array(files),
                "jobs": .array(removed.map { .string($0.job) }), "worker": .string(id),
            ]
            try Terminal.write(receipt.bytes + [0x0A])
        }
    }
}
