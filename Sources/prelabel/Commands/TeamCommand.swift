import ArgumentParser
import GroundTruth
import LabelingJobs
import Service

struct TeamCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "team", abstract: "Work teams: who is in them, and the links that let workers in.",
        discussion: """
            A worker is known by a mail address in the job store and nowhere else: answers and outputs carry an id. A link opens the jobs of that \
            worker's teams to whoever has it, until it expires or is renewed. What follows # in it is also the worker's token: scripts send it as \
            Authorization: Bearer TOKEN. With --endpoint URL the teams are those of a service, on this machine or another.
            """,
        subcommands: [Create.self, List.self, Add.self, Remove.self, Delete.self, Links.self])

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
        @Option(
            help: ArgumentHelp(
                "Where workers reach the service (default: the --endpoint, else http://127.0.0.1:8080).", valueName: "url"))
        var url: String?
        @Option(help: ArgumentHelp("Days until links expire (default: they do not).", valueName: "n")) var days: Int?

        func validate() throws {
            guard days.map({ OwnerDesk.linkDays.contains($0) }) ?? true else {
                throw ValidationError("--days: expected 1 to \(OwnerDesk.linkDays.upperBound)")
            }
        }

        /// One line a worker: mail address, tab, link.
        func write(_ links: [JobPlace.Link], of place: JobPlace) throws {
            let url = url ?? place.address ?? "http://127.0.0.1:8080"
            for link in links { try Terminal.write(line: "\(link.name)\t\(WorkerLinks.link(link.pass, below: url))") }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes a team and prints its members' links.")
        @Argument(help: ArgumentHelp("Letters, digits and hyphens, at most 63.", valueName: "name")) var name: String
        @OptionGroup var members: Members
        @OptionGroup var links: LinkOptions
        @OptionGroup var place: JobPlaceOptions

        func run() async throws {
            let place = try place.open(makesFolder: true)
            // A team that could not be filled would be in the way of the next try.
            for mail in members.mails { _ = try Worker.mail(mail) }
            Terminal.say("prelabel: made the team \(try await place.makeTeam(name))")
            try links.write(try await place.add(members.mails, to: name, days: links.days), of: place)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the teams: name, members, ARN; or the members of one: mail address, id. Columns are parted by tabs.")
        @Argument(help: ArgumentHelp("The team whose members are listed.", valueName: "name")) var name: String?
        @OptionGroup var place: JobPlaceOptions

        func run() async throws {
            let place = try place.open()
            guard let name else {
                for team in try await place.teams().list("teams") {
                    try Terminal.write(line: "\(try team.text("name"))\t\(try team.number("members"))\t\(try team.text("arn"))")
                }
                return
            }
            for worker in try await place.members(of: name) {
                try Terminal.write(line: "\(worker["mail"]?.string ?? "")\t\(try worker.text("id"))")
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Takes people into a team and prints their links.")
        @Argument(help: ArgumentHelp("The team.", valueName: "name")) var name: String
        @OptionGroup var members: Members
        @OptionGroup var links: LinkOptions
        @OptionGroup var place: JobPlaceOptions

        func run() async throws {
            let (mails, place) = (try members.required(), try place.open())
            try links.write(try await place.add(mails, to: name, days: links.days), of: place)
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes people out of a team. What they answered stands, and other teams keep them.")
        @Argument(help: ArgumentHelp("The team.", valueName: "name")) var name: String
        @OptionGroup var members: Members
        @OptionGroup var place: JobPlaceOptions

        func run() async throws { try await place.open().remove(try members.required(), from: name) }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes a team that no unfinished job needs. Its people stay workers, and what they answered stands.")
        @Argument(help: ArgumentHelp("The team.", valueName: "name")) var name: String
        @OptionGroup var place: JobPlaceOptions

        func run() async throws {
            try await place.open().deleteTeam(name)
            Terminal.say("prelabel: the team \(name) is deleted")
        }
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
        @OptionGroup var place: JobPlaceOptions

        func validate() throws {
            guard (name == nil) == `public` else { throw ValidationError("name a team, or --public") }
            guard !`public` || members.mails.isEmpty else { throw ValidationError("the public team has no --member") }
        }

        func run() async throws {
            let place = try place.open()
            let found =
                if let name {
                    try await place.links(of: name, members.mails, days: links.days, isNew: renew)
                } else {
                    try await place.publicLink(days: links.days, isNew: renew)
                }
            try links.write(found, of: place)
        }
    }
}
