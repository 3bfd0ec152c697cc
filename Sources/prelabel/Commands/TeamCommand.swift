import ArgumentParser
import Foundation
import LabelingJobs

struct TeamCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "team", abstract: "Work teams: who is in them, and the links that let workers in.",
        discussion: """
            A worker is known by a mail address in the job store and nowhere else: answers and outputs carry an id. A link opens the jobs of that \
            worker's teams to whoever has it, until it expires or is renewed. What follows # in it is also the worker's token: scripts send it as \
            Authorization: Bearer TOKEN.
            """,
        subcommands: [Create.self, List.self, Add.self, Remove.self, Links.self])

    /// Where the store is, for each of the commands.
    struct Place: ParsableArguments {
        @OptionGroup var jobs: JobOptions
        @OptionGroup var storage: StoreOptions

        func store() throws -> JobStore { try jobs.store(storage) }
    }

    struct Members: ParsableArguments {
        @Option(
            name: .customLong("member"), parsing: .upToNextOption,
            help: ArgumentHelp("Mail addresses of people in the team.", valueName: "mail"))
        var mails: [String] = []

        func required() throws -> [String] {
            guard !mails.isEmpty else { throw ValidationError("--member: name at least one mail address") }
            return mails
        }
    }

    struct LinkOptions: ParsableArguments {
        @Option(help: ArgumentHelp("Where workers reach the service.", valueName: "url")) var url = "http://127.0.0.1:8080"
        @Option(help: ArgumentHelp("Days until links expire (default: they do not).", valueName: "n")) var days: Int?

        func validate() throws {
            guard days.map({ (1...3650).contains($0) }) ?? true else { throw ValidationError("--days: expected 1 to 3650") }
        }

        private var expires: Timestamp? { days.map { JobClock.system.now().adding(seconds: $0 * 86_400) } }

        /// One line a worker: mail address, tab, link.
        func write(_ workers: [Worker]) throws {
            for worker in workers {
                try Terminal.write(
                    line: "\(worker.mail ?? worker.id)\t\(WorkerLinks.link(worker.pass(for: .link, expires: expires), below: url))")
            }
        }

        func writePublic(_ store: JobStore, isNew: Bool) async throws {
            let pass = try await WorkerLinks.publicPass(store, expires: expires, isNew: isNew)
            try Terminal.write(line: "public\t\(WorkerLinks.link(pass, below: url))")
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes a team and prints its members' links.")
        @Argument(help: ArgumentHelp("Letters, digits and hyphens, at most 63.", valueName: "name")) var name: String
        @OptionGroup var members: Members
        @OptionGroup var links: LinkOptions
        @OptionGroup var place: Place

        func run() async throws {
            let store = try place.store()
            let arn = try await store.makeTeam(name, account: JobOptions.account, at: JobClock.system.now())
            Terminal.say("prelabel: made the team \(arn)")
            try links.write(
                try await store.addMembers(members.mails, to: name, region: JobOptions.account.region, at: JobClock.system.now()))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the teams: name, members, ARN; or the members of one: mail address, id. Columns are parted by tabs.")
        @Argument(help: ArgumentHelp("The team whose members are listed.", valueName: "name")) var name: String?
        @OptionGroup var place: Place

        func run() async throws {
            let store = try place.store()
            guard let name else {
                for team in try await store.teamSizes() {
                    try Terminal.write(line: "\(team.name)\t\(team.memberCount)\t\(team.arn)")
                }
                return
            }
            for worker in try await store.members(of: name) { try Terminal.write(line: "\(worker.mail ?? "")\t\(worker.id)") }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Takes people into a team and prints their links.")
        @Argument(help: ArgumentHelp("The team.", valueName: "name")) var name: String
        @OptionGroup var members: Members
        @OptionGroup var links: LinkOptions
        @OptionGroup var place: Place

        func run() async throws {
            let mails = try members.required()
            try links.write(
                try await place.store().addMembers(
                    mails, to: name, region: JobOptions.account.region, at: JobClock.system.now()))
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes people out of a team. What they answered stands, and other teams keep them.")
        @Argument(help: ArgumentHelp("The team.", valueName: "name")) var name: String
        @OptionGroup var members: Members
        @OptionGroup var place: Place

        func run() async throws { try await place.store().removeMembers(try members.required(), from: name) }
    }

    struct Links: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the links of a team's members: mail address, tab, link.",
            discussion: """
                --public is the open link for jobs of the public work team: whoever follows it becomes a worker without a name. --renew ends \
                the links and sessions there were.
                """)
        @Argument(help: ArgumentHelp("The team.", valueName: "name")) var name: String?
        @OptionGroup var members: Members
        @Flag(help: "The open link to the public work team.") var `public` = false
        @Flag(help: "End the earlier links and sessions of these people.") var renew = false
        @OptionGroup var links: LinkOptions
        @OptionGroup var place: Place

        func validate() throws {
            guard (name == nil) == `public` else { throw ValidationError("name a team, or --public") }
            guard !`public` || members.mails.isEmpty else { throw ValidationError("the public team has no --member") }
        }

        func run() async throws {
            let store = try place.store()
            guard let name else { return try await links.writePublic(store, isNew: renew) }
            var workers = try await store.members(of: name)
            for mail in members.mails where !workers.contains(where: { $0.mail == mail.lowercased() }) {
                throw CommandFailure(status: .missingInput, message: "\(mail) is not in the team \(name)")
            }
            if !members.mails.isEmpty {
                let wanted = members.mails.map { $0.lowercased() }
                workers.removeAll { !wanted.contains($0.mail ?? "") }
            }
            if renew {
                var renewed: [Worker] = []
                for worker in workers { renewed.append(try await store.renewSecret(of: worker)) }
                workers = renewed
            }
            try links.write(workers)
        }
    }
}
