import ArgumentParser
import GroundTruth
import LabelingJobs

struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Creates labeling jobs and looks after them.",
        discussion: """
            Jobs are kept beside the data (--data DIR) or in the file that --jobs names; `prelabel serve` with the same data moves them on. With \
            --endpoint URL each of these commands asks a service for the same, on this machine or another. The same jobs are seen and created \
            through SageMaker's API on `serve`.
            """,
        subcommands: [
            JobCreateCommand.self, List.self, Describe.self, Stop.self, JobObjectsCommand.self, ExcludeWorker.self,
            MoreAnswers.self, Notices.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the jobs: name, status, labeled, failed, still to do.")
        @OptionGroup var place: JobPlaceOptions

        func run() async throws {
            for job in try await place.open().jobs().reversed() {
                let counters = try job.part("counters")
                let counts = try ["labeled", "failed", "unlabeled"].map { "\(try counters.number($0))" }
                try Terminal.write(line: ([try job.text("name"), try job.text("status")] + counts).joined(separator: "\t"))
            }
        }
    }

    struct Describe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tells all about a job.")
        @Argument(help: "The job.") var name: String
        @OptionGroup var place: JobPlaceOptions

        func run() async throws {
            let job = try await place.open().job(name)
            let (counters, settings) = (try job.part("counters"), try JobSettings(try job.part("request")))
            func count(_ kind: String) throws -> String { "\(try counters.number(kind))" }
            var rows = try [
                ("name", job.text("name")), ("arn", job.text("arn")), ("status", job.text("status")),
                ("created", job.text("created")), ("changed", job.text("modified")),
                ("labeled", "\(count("labeled")) of \(count("total"))"), ("failed", count("failed")),
                ("still to do", "\(count("unlabeled")), \(count("pending")) of them with workers"),
                ("team", settings.workteamARN), ("answers an object", "\(settings.workersPerObject)"),
                ("output", job.text("output")),
            ]
            if let reason = job["failureReason"]?.string { rows.append(("failure", reason)) }
            let width = rows.map(\.0.count).max() ?? 0
            for (key, value) in rows {
                try Terminal.write(line: "\(key)\(String(repeating: " ", count: width - key.count))  \(value)")
            }
        }
    }

    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stops a job: what is answered is consolidated, the rest stays as it came.")
        @Argument(help: "The job.") var name: String
        @OptionGroup var place: JobPlaceOptions

        func run() async throws {
            Terminal.say("prelabel: \(name) is \(try await place.open().stop(name)); `prelabel serve` ends it")
        }
    }
}
