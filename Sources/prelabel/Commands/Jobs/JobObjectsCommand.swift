import ArgumentParser
import GroundTruth
import LabelingJobs

struct JobObjectsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "objects", abstract: "Lists a job's objects as JSON Lines.",
        discussion: """
            Each line has the object's number (from 0), state, batch, the answers it has and wants, what it is (source-ref, or the beginning of \
            the text), why it failed, and what was amiss with the message that it came in.

            --refused lists the messages of a streaming job that are no objects instead, with the reasons.
            """)

    @Argument(help: "The job.") var name: String
    @Option(help: "Only objects in this state: new, available, answered, consolidating, labeled, failed, excluded or carried.")
    var state: ObjectState?
    @Flag(help: "List messages that were refused.") var refused = false
    @OptionGroup var place: JobPlaceOptions

    func run() async throws {
        let place = try place.open()
        let write: (JSONValue) throws -> Void = { try Terminal.write(Array($0.raw) + [0x0A]) }
        if refused {
            try await place.forEachRefused(of: name, write)
        } else {
            try await place.forEachObject(of: name, in: state, write)
        }
    }
}

extension ObjectState: ExpressibleByArgument {
    public static var allValueStrings: [String] { allCases.map { "\($0)" } }

    public init?(argument: String) {
        self.init(argument)
    }
}
