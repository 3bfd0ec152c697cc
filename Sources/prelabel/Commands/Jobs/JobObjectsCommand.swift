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
        guard !refused else {
            return try await place.forEachRefused(of: name) { try Terminal.write(Array($0.raw) + [0x0A]) }
        }
        try await place.forEachObject(of: name, in: state) { object in
            try Terminal.write(JSONOutput.object(try members(of: object)).bytes + [0x0A])
        }
    }

    private func members(of object: JSONValue) throws -> [String: JSONOutput] {
        let line = try ManifestLine(parsing: object.text("line").utf8)
        var members: [String: JSONOutput] = [:]
        for key in ["answers", "batch", "number", "wanted"] { members[key] = .int(try object.number(key)) }
        members["state"] = .string(try object.text("state"))
        members["source-ref"] = line.string("source-ref").map { .string($0) }
        members["source"] = line.string("source").map { .string(String($0.prefix(60))) }
        members["failure-reason"] = object["failure"]?.string.map { .string($0) }
        members["warning"] = object["warning"]?.string.map { .string($0) }
        return members
    }
}

extension ObjectState: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(argument)
    }
}
