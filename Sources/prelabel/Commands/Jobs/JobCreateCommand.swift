import ArgumentParser
import Consolidation
import Foundation
import Functions
import GroundTruth
import LabelingJobs
import Service
import Storage
import SystemPackage

struct JobCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Creates a job and prints its workers' links.",
        discussion: """
            Objects of the manifest must lie in the data folder or in S3: `prelabel ocr --data DIR` writes such manifests. Files named by a path \
            are copied beside the job's outputs, s3://BUCKET/PREFIX/NAME/input/. `prelabel serve` with the same data shows the tasks. With \
            --endpoint they are files of this machine that are sent to the service, a manifest up to 1 GiB; s3:// is the service's store. \
            Whatever else Ground Truth lets one choose is chosen by its API: `aws sagemaker create-labeling-job --endpoint-url …`.
            """)

    @Argument(help: ArgumentHelp("Letters, digits and hyphens, at most 63; also the label attribute.", valueName: "name"))
    var name: String
    @Option(help: ArgumentHelp("The input manifest: a path or s3:// URI.", valueName: "uri")) var manifest: String
    @Option(help: ArgumentHelp("Labels parted by commas, or a label category file.", valueName: "labels")) var labels: String
    @Option(
        help: ArgumentHelp(
            "What workers do: spans in texts with this program's functions, or a task of Ground Truth's, TextMultiClass, "
                + "TextMultiClassMultiLabel or NamedEntityRecognition (default: spans).",
            valueName: "task"))
    var task: BuiltInTask?
    @Option(help: ArgumentHelp("The team (default: the only one there is).", valueName: "name")) var team: String?
    @Option(help: ArgumentHelp("A worker template (default: the built-in page).", valueName: "uri")) var template: String?
    @Option(help: ArgumentHelp("Answers wanted for each object, 1 to 9.", valueName: "n")) var workersPerObject = 3
    @Option(
        help: ArgumentHelp(
            "How this program's function consolidates (default: \(ConsolidationMethod.standard)); not with --task, which has AWS's way.",
            valueName: "method"))
    var method: ConsolidationMethod?
    @Option(help: ArgumentHelp("Prefix for outputs (default with a data folder: s3://labeling/jobs).", valueName: "uri"))
    var output: String?
    @Flag(help: "Only check the files and tell how much there would be to do.") var dryRun = false
    @OptionGroup var links: TeamCommand.LinkOptions
    @OptionGroup var place: JobPlaceOptions

    /// What an answer takes where no earlier answers tell.
    private static let assumedSeconds = 120.0

    func validate() throws {
        guard (1...9).contains(workersPerObject) else { throw ValidationError("--workers-per-object: expected 1 to 9") }
        guard task == nil || method == nil else {
            throw ValidationError("--method: the functions of --task consolidate in AWS's way; leave out one of the two")
        }
    }

    func run() async throws {
        let place = try place.open()
        let source = try ObjectURI(typed: manifest)
        let count = try await place.objectCount(of: source)
        let known = try await place.teams()
        let categories = try await categories(place)
        try await checkTemplate(place)
        guard !dryRun else {
            try warn(of: try? team(in: known))
            return try await tell(count, place)
        }
        let output = try outputPrefix(known)
        let team = try team(in: known)
        try warn(of: team)
        let plan = JobPlan(
            name: name, task: task, manifest: try await place.put(source, as: .manifest, of: name, below: output),
            categories: try await put(categories, place, below: output),
            template: try await putTemplate(place, below: output), output: output, teamARN: try team.text("arn"),
            workersPerObject: workersPerObject, method: (method ?? .standard).rawValue)
        let account = JobEngine.Account(region: try known.text("region"), id: JobOptions.account.id)
        let arn = try await place.create(plan.request(account))
        Terminal.say(
            "prelabel: created \(arn): \(Terminal.count(count, "object")), \(Terminal.count(count * workersPerObject, "answer")). "
                + "`prelabel serve` shows the tasks under these links:")
        try links.write(try await place.links(of: team.text("name"), days: links.days), of: place)
    }

    /// People may still come, so this is no error.
    private func warn(of team: JSONValue?) throws {
        guard let team, try team.number("members") < workersPerObject else { return }
        Terminal.say(
            "prelabel: the team \(try team.text("name")) has \(Terminal.count(try team.number("members"), "member")), and each object wants "
                + "answers of \(workersPerObject) different people: take more in, or set --workers-per-object")
    }

    private func tell(_ count: Int, _ place: JobPlace) async throws {
        let answers = count * workersPerObject
        let median = try await place.medianAnswerSeconds()
        let hours = Double(answers) * (median ?? Self.assumedSeconds) / 3600
        let basis = median.map { "\(Int($0.rounded())) seconds an answer, the median so far" } ?? "two minutes an answer, a guess"
        Terminal.say(
            "prelabel: \(Terminal.count(count, "object")) × \(workersPerObject) = \(Terminal.count(answers, "answer")), "
                + "about \((hours * 10).rounded() / 10) hours of work (\(basis)); nothing was created")
    }

    private func outputPrefix(_ known: JSONValue) throws -> ObjectURI {
        guard let prefix = output ?? known["output"]?.string else {
            throw ValidationError("--output: name an s3:// prefix for the outputs")
        }
        return try ObjectURI(received: prefix)
    }

    /// The team that is meant, of those that there are.
    private func team(in known: JSONValue) throws -> JSONValue {
        let teams = try known.list("teams")
        let names = try teams.map { try $0.text("name") }
        let all = names.joined(separator: ", ")
        if let team {
            guard let place = names.firstIndex(where: { $0.lowercased() == team.lowercased() }) else {
                throw CommandFailure(status: .missingInput, message: "there is no team \(team); there are: \(all)")
            }
            return teams[place]
        }
        guard let only = teams.first else {
            throw CommandFailure(status: .missingInput, message: "there is no team: prelabel team create NAME --member MAIL")
        }
        guard teams.count == 1 else { throw ValidationError("--team: say which; there are \(all)") }
        return only
    }

    // MARK: Files

    /// The labels as they were given.
    private enum Categories {
        case object(ObjectURI)
        case document([UInt8])
    }

    private func categories(_ place: JobPlace) async throws -> Categories {
        let isFile = labels.hasPrefix("s3://") || FileManager.default.fileExists(atPath: labels)
        guard !isFile else {
            let uri = try ObjectURI(typed: labels)
            guard isCheckedHere(uri, place) else { return .object(uri) }
            let document = try checked(try await place.bytes(of: uri, atMost: LabelCategories.maximumBytes))
            if case .file = uri { return .document(document) }
            return .object(uri)
        }
        let names = labels.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        return .document(try checked(LabelCategories.document(names, instruction: JobPlan.instruction(for: task)).bytes))
    }

    private func checked(_ document: [UInt8]) throws -> [UInt8] {
        _ = try LabelCategories(parsing: document)
        return document
    }

    private func put(_ categories: Categories, _ place: JobPlace, below output: ObjectURI) async throws -> ObjectURI {
        switch categories {
        case .object(let uri): uri
        case .document(let bytes): try await place.put(bytes, as: .categories, of: name, below: output)
        }
    }

    /// Objects are checked when the job is created; a dry run looks at those that it can read.
    private func isCheckedHere(_ uri: ObjectURI, _ place: JobPlace) -> Bool {
        if case .s3 = uri { dryRun && place.address == nil } else { true }
    }

    /// Says what is amiss with a template before anything is put anywhere.
    private func checkTemplate(_ place: JobPlace) async throws {
        guard let template else { return }
        let uri = try ObjectURI(typed: template)
        guard isCheckedHere(uri, place) else { return }
        let bytes = try await place.bytes(of: uri, atMost: JobValidation.maximumTemplateBytes)
        let findings = JobValidation.findings(inTemplate: bytes, called: template, for: task)
        let faults = findings.filter { $0.code != JobValidation.warning }
        guard faults.isEmpty else {
            throw CommandFailure(status: .badData, message: faults.map(\.message).joined(separator: "\n"))
        }
        for finding in findings { Terminal.say("prelabel: warning: \(finding.message)") }
    }

    private func putTemplate(_ place: JobPlace, below output: ObjectURI) async throws -> ObjectURI? {
        guard let template else { return nil }
        return try await place.put(try ObjectURI(typed: template), as: .template, of: name, below: output)
    }
}

extension BuiltInTask: ExpressibleByArgument {}
