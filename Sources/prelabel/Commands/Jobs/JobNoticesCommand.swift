import ArgumentParser
import GroundTruth

extension JobCommand {
    struct Notices: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the notices of a job's finished objects that were given up, as JSON Lines.",
            discussion: """
                A topic or webhook that is not reached is tried for about six hours. Each line has the object's number, the target, how often it \
                was tried and why it failed the last time. --revive tries all of them once more, from the start (`prelabel serve` does this).
                """)
        @Argument(help: "The job.") var name: String
        @Flag(help: "Try the notices once more instead.") var revive = false
        @OptionGroup var place: JobPlaceOptions

        func run() async throws {
            let place = try place.open()
            guard !revive else {
                let count = try await place.reviveNotices(of: name)
                return Terminal.say("prelabel: \(Terminal.count(count, "notice")) of \(name) will be tried once more")
            }
            let counts = try await place.forEachFailedNotice(of: name) { try Terminal.write(Array($0.raw) + [0x0A]) }
            Terminal.say(
                "prelabel: \(Terminal.count(counts.failed, "notice")) of \(name) given up, \(counts.waiting) still to be sent")
        }
    }
}
