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

    /// Lines read from the store at a time.
    private static let pageSize = 1000

    @Argument(help: "The job.") var name: String
    @Option(help: "Only objects in this state: new, available, answered, consolidating, labeled, failed, excluded or carried.")
    var state: ObjectState?
    @Flag(help: "List messages that were refused.") var refused = false
    @OptionGroup var jobs: JobOptions
    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let store = try jobs.store(storage)
        let job = try await store.job(named: name)
        guard !refused else { return try await listRefused(job, store) }
        var next = 0
        while true {
            let objects = try await store.objects(of: job, in: state.map { [$0] }, from: next, limit: Self.pageSize)
            guard let last = objects.last else { return }
            let warnings = try await store.warnings(of: job, in: next...last.number)
            next = last.number + 1
            for object in objects {
                var members = try members(of: object)
                members["warning"] = warnings[object.number].map { .string($0) }
                try Terminal.write(JSONOutput.object(members).bytes + [0x0A])
            }
        }
    }

    private func listRefused(_ job: JobRecord, _ store: JobStore) async throws {
        for refused in try await store.rejections(of: job, limit: .max) {
            let members: JSONOutput = [
                "body": .string(refused.body), "message": .string(refused.message), "reason": .string(refused.reason),
                "received": .string(refused.received.answerDate),
            ]
            try Terminal.write(members.bytes + [0x0A])
        }
    }

    private func members(of object: ObjectSummary) throws -> [String: JSONOutput] {
        let line = try ManifestLine(parsing: object.line.utf8)
        var members: [String: JSONOutput] = [
            "answers": .int(object.answers), "batch": .int(object.batch), "number": .int(object.number),
            "state": .string("\(object.state)"),
            "wanted": .int(object.wanted),
        ]
        if let reference = line.string("source-ref") { members["source-ref"] = .string(reference) }
        if let source = line.string("source") { members["source"] = .string(String(source.prefix(60))) }
        if let failure = object.failure { members["failure-reason"] = .string(failure) }
        return members
    }
}

extension ObjectState: ExpressibleByArgument {
    public init?(argument: String) {
        guard let state = Self.allCases.first(where: { "\($0)" == argument }) else { return nil }
        self = state
    }
}
