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
            are copied beside the job's outputs, s3://BUCKET/PREFIX/NAME/input/. `prelabel serve` with the same data shows the tasks. \
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
    @Option(help: ArgumentHelp("How this program's function consolidates.", valueName: "method"))
    var method = ConsolidationMethod.standard
    @Option(help: ArgumentHelp("Prefix for outputs (default with a data folder: s3://labeling/jobs).", valueName: "uri"))
    var output: String?
    @Flag(help: "Only tell how much there would be to do.") var dryRun = false
    @OptionGroup var links: TeamCommand.LinkOptions
    @OptionGroup var jobs: JobOptions
    @OptionGroup var storage: StoreOptions

    /// What an answer takes where no earlier answers tell.
    private static let assumedSeconds = 120.0

    func validate() throws {
        guard (1...9).contains(workersPerObject) else { throw ValidationError("--workers-per-object: expected 1 to 9") }
    }

    func run() async throws {
        let store = try jobs.store(storage)
        let objects = try storage.store()
        let source = try ObjectURI(typed: manifest)
        let count = try await countedObjects(of: source, in: objects)
        guard !dryRun else { return try await tell(count, store) }
        let folder = try outputPrefix.appending(name).appending("input")
        let categories = folder.appending("categories.json")
        let document = try await categoriesDocument(objects)
        let teamARN = try await teamARN(store)
        let plan = JobPlan(
            name: name, task: task, manifest: try await placed(source, as: "input.manifest", in: folder, objects),
            categories: categories, template: try await placedTemplate(in: folder, objects), output: try outputPrefix,
            teamARN: teamARN, workersPerObject: workersPerObject, method: method.rawValue)
        try await objects.put(document, to: categories)
        let request = try JSONScanner.parse(plan.request(JobOptions.account).bytes)
        guard let engine = try jobs.engine(storage, objects: objects, handlers: { _ in [] }) else { throw JobOptions.noFile }
        try await JobValidation(engine: engine).check(request)
        let arn = try await engine.createLabelingJob(request)
        Terminal.say(
            "prelabel: created \(arn): \(Terminal.count(count, "object")), \(count * workersPerObject) answers. "
                + "`prelabel serve` shows the tasks under these links:")
        try links.write(try await store.members(of: String(teamARN.split(separator: "/").last ?? "")))
    }

    private func tell(_ count: Int, _ store: JobStore) async throws {
        let answers = count * workersPerObject
        let median = try await store.medianAnswerSeconds()
        let hours = Double(answers) * (median ?? Self.assumedSeconds) / 3600
        let basis = median.map { "\(Int($0.rounded())) seconds an answer, the median so far" } ?? "two minutes an answer, a guess"
        Terminal.say(
            "prelabel: \(Terminal.count(count, "object")) × \(workersPerObject) = \(Terminal.count(answers, "answer")), "
                + "about \((hours * 10).rounded() / 10) hours of work (\(basis)); nothing was created")
    }

    private var outputPrefix: ObjectURI {
        get throws {
            guard let output else {
                guard storage.isFolder else { throw ValidationError("--output: name an s3:// prefix for the outputs") }
                return .s3(bucket: "labeling", key: "jobs")
            }
            return try ObjectURI(received: output)
        }
    }

    private func countedObjects(of manifest: ObjectURI, in store: any ObjectStore) async throws -> Int {
        var count = 0
        try await store.forEachLine(of: manifest) { line in
            guard !line.isBlank else { return }
            let parsed: ManifestLine
            do { parsed = try ManifestLine(parsing: line.bytes) } catch {
                throw CommandFailure(status: .badData, message: "\(manifest):\(line.number): \(error)")
            }
            for key in ["source-ref", "text-file-s3-uri"] {
                guard let reference = parsed.string(key), !reference.hasPrefix("s3://") else { continue }
                throw CommandFailure(
                    status: .badData,
                    message:
                        "\(manifest):\(line.number): `\(key)` is \(reference), which workers' pages cannot read. Put the pages into the "
                        + "data folder and read them from there: prelabel ocr s3://BUCKET/PREFIX --output s3://BUCKET/TEXTS --data DIR"
                )
            }
            count += 1
        }
        guard count > 0 else { throw CommandFailure(status: .badData, message: "\(manifest) has no objects") }
        return count
    }

    private func teamARN(_ store: JobStore) async throws -> String {
        let teams = try await store.teamSizes()
        let known = teams.map(\.name).joined(separator: ", ")
        if let team {
            guard let found = teams.first(where: { $0.name.lowercased() == team.lowercased() }) else {
                throw CommandFailure(status: .missingInput, message: "there is no team \(team); there are: \(known)")
            }
            return found.arn
        }
        guard let only = teams.first else {
            throw CommandFailure(status: .missingInput, message: "there is no team: prelabel team create NAME --member MAIL")
        }
        guard teams.count == 1 else { throw ValidationError("--team: say which; there are \(known)") }
        return only.arn
    }

    private func categoriesDocument(_ store: any ObjectStore) async throws -> [UInt8] {
        let isFile = labels.hasPrefix("s3://") || FileManager.default.fileExists(atPath: labels)
        let bytes: [UInt8]
        if isFile {
            bytes = try await store.get(ObjectURI(typed: labels), atMost: LabelCategories.maximumBytes)
        } else {
            let names = labels.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
            bytes = LabelCategories.document(names, instruction: JobPlan.instruction(for: task)).bytes
        }
        _ = try LabelCategories(parsing: bytes)
        return bytes
    }

    private func placedTemplate(in folder: ObjectURI, _ store: any ObjectStore) async throws -> ObjectURI? {
        guard let template else { return nil }
        return try await placed(try ObjectURI(typed: template), as: "template.liquid.html", in: folder, store)
    }

    /// The object where the job reads it: as it is in the data folder or S3, a file as a copy.
    private func placed(
        _ source: ObjectURI, as name: String, in folder: ObjectURI, _ store: any ObjectStore
    ) async throws -> ObjectURI {
        guard case .file = source else { return source }
        let target = folder.appending(name)
        let writer = try store.writer(to: target)
        try await store.read(source) { try writer.append($0) }
        try await writer.commit()
        return target
    }
}

extension BuiltInTask: ExpressibleByArgument {}
