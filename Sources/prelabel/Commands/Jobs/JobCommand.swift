import ArgumentParser
import GroundTruth
import LabelingJobs

struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Creates labeling jobs and looks after them.",
        discussion: """
            Jobs are kept beside the data (--data DIR) or in the file that --jobs names; `prelabel serve` with the same data moves them on. The \
            same jobs are seen and created through SageMaker's API on `serve`.
            """,
        subcommands: [
            JobCreateCommand.self, List.self, Describe.self, Stop.self, JobObjectsCommand.self, ExcludeWorker.self,
            MoreAnswers.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the jobs: name, status, labeled, failed, still to do.")
        @OptionGroup var jobs: JobOptions
        @OptionGroup var storage: StoreOptions

        func run() async throws {
            let store = try jobs.store(storage)
            for job in try await store.jobs() {
                let counters = try await store.counters(of: job)
                try Terminal.write(
                    line: "\(job.name)\t\(job.status.rawValue)\t\(counters.labeled)\t\(counters.failed)\t\(counters.unlabeled)")
            }
        }
    }

    struct Describe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tells all about a job.")
        @Argument(help: "The job.") var name: String
        @OptionGroup var jobs: JobOptions
        @OptionGroup var storage: StoreOptions

        func run() async throws {
            let store = try jobs.store(storage)
            let job = try await store.job(named: name)
            let counters = try await store.counters(of: job)
            var rows = [
                ("name", job.name), ("arn", job.arn), ("status", job.status.rawValue),
                ("created", job.created.answerDate), ("changed", job.modified.answerDate),
                ("labeled", "\(counters.labeled) of \(counters.total)"), ("failed", "\(counters.failed)"),
                ("still to do", "\(counters.unlabeled), \(counters.pending) of them with workers"),
                ("team", job.settings.workteamARN), ("answers an object", "\(job.settings.workersPerObject)"),
                ("output", "\(job.settings.outputManifest)"),
            ]
            if let reason = job.failureReason { rows.append(("failure", reason)) }
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
        @OptionGroup var jobs: JobOptions
        @OptionGroup var storage: StoreOptions

        func run() async throws {
            let store = try jobs.store(storage)
            try await store.stopJob(named: name, at: JobClock.system.now())
            Terminal.say("prelabel: \(name) is \(try await store.job(named: name).status.rawValue); `prelabel serve` ends it")
        }
    }
}
