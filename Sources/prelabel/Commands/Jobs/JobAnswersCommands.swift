import ArgumentParser
import Service

extension JobCommand {
    struct ExcludeWorker: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Leaves a worker's answers out of a job.",
            discussion: """
                The answers stay in the store and count no more. Their objects are consolidated again without them, also in a job that has ended; \
                an object with no answer left goes to workers again, or fails when the job has ended.
                """)
        @Argument(help: "The job.") var name: String
        @Argument(help: "The worker's id.") var worker: String
        @OptionGroup var place: JobPlaceOptions

        func run() async throws {
            let count = try await place.open().exclude(worker, from: name)
            Terminal.say("prelabel: \(Terminal.count(count, "answer")) of \(worker) left out of \(name)")
        }
    }

    struct MoreAnswers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends objects of a job in progress to more workers.",
            discussion: "Without --object, all objects that have a label or have failed.")
        @Argument(help: "The job.") var name: String
        @Option(help: ArgumentHelp("How many more answers.", valueName: "n")) var count = 1
        @Option(help: ArgumentHelp("An object's number, from 0; may be given several times.", valueName: "n")) var object: [Int] =
            []
        @OptionGroup var place: JobPlaceOptions

        func validate() throws {
            guard OwnerDesk.moreAnswers.contains(count) else { throw ValidationError("--count: expected 1 to 9") }
        }

        func run() async throws {
            let raised = try await place.open().wantMore(count, for: object.isEmpty ? nil : object, of: name)
            Terminal.say("prelabel: \(Terminal.count(raised, "object")) of \(name) went out again")
        }
    }
}
