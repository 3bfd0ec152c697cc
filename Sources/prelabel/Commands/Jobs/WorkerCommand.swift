import ArgumentParser
import GroundTruth

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
        @OptionGroup var place: JobPlaceOptions

        func run() async throws {
            try Terminal.write(Array(try await place.open().forget(id).raw) + [0x0A])
        }
    }
}
