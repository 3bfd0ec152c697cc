import ArgumentParser
import Foundation
import LabelingJobs
import Logging
import Service
import Storage
import SystemPackage

struct LabelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label", abstract: "Reads scans, opens a labeling job, prints the workers' links, and serves the tasks.",
        discussion: """
            Copies the scans into the data folder, reads their abstracts, makes a team and a job of one name, and serves until Control-C. Run \
            again it resumes: pages that were read, the job, its links and all answers are there. `prelabel export` of the job's output manifest \
            ends it. Scans that are new when a job of the name exists want a job of their own: --name.
            """)

    @Argument(help: ArgumentHelp("An image, a PDF or a folder of them.", valueName: "scans")) var scans: String
    @Option(help: ArgumentHelp("Labels parted by commas, or a label category file.", valueName: "labels")) var labels: String
    @Option(help: ArgumentHelp("What the job and its team are called.", valueName: "name")) var name = "label"
    @Option(
        name: .customLong("member"), parsing: .upToNextOption,
        help: ArgumentHelp("Mail addresses of the workers (default: one worker, me@localhost).", valueName: "mail"))
    var mails: [String] = []
    @Option(help: ArgumentHelp("Answers wanted for each page (default: one of each worker, at most 3).", valueName: "n"))
    var workersPerObject: Int?
    @Option(help: ArgumentHelp("The port to serve on.", valueName: "port")) var port = 8080
    @Option(help: ArgumentHelp("Where workers reach the service (default: this machine).", valueName: "url")) var url: String?
    @Option(help: ArgumentHelp("The data folder. Also PRELABEL_DATA (default: prelabel-data).", valueName: "dir")) var data: String?

    func validate() throws {
        // The links name the port before anything listens on it.
        guard (1...65535).contains(port) else { throw ValidationError("--port: expected 1 to 65535") }
        guard workersPerObject.map({ (1...9).contains($0) }) ?? true else {
            throw ValidationError("--workers-per-object: expected 1 to 9")
        }
    }

    func run() async throws {
        if let url { _ = try ServiceConfiguration.origin(parsing: url, option: "--url") }
        let data = data ?? Settings.string("DATA") ?? "prelabel-data"
        let folder = Settings.currentFolder.pushing(FilePath(data))
        let pages = "s3://labeling/scans/\(name)/"
        try copyScans(into: folder.appending("labeling/scans").appending(name))
        let texts = "s3://labeling/texts/\(name)"
        try await Self.toleratingFindings(OCRCommand.parse([pages, "--output", texts, "--data", data]))

        // What the links say holds for the sign-in of --oidc-issuer too, which the environment may ask for.
        let publicURL = url.map { ["--public-url", $0] } ?? []
        let url = url ?? "http://127.0.0.1:\(port)"
        let store = try JobOptions.open(folder.appending(".prelabel/jobs.sqlite"))
        if let job = try? await store.job(named: name) {
            let counters = try await store.counters(of: job)
            Terminal.say(
                "prelabel: the job \(name) goes on: \(counters.labeled) of \(counters.total) pages are labeled. Its links:")
            try warn(of: job, folder.appending("labeling/texts").appending(name).appending("input.manifest"), counters.total)
            try await run(TeamCommand.Links.parse([name, "--url", url, "--data", data]))
        } else {
            try await create(store, manifest: "\(texts)/input.manifest", url: url, data: data)
        }
        let output = folder.appending("labeling/jobs").appending(name).appending("manifests/output/output.manifest")
        Terminal.say(
            "prelabel: when the labels are in: prelabel export \(output.string) --format FORMAT --output DIR --data \(data)")
        // A line for each request would carry the links away; the end of the job is told.
        try await ConsoleLog.$standardLevel.withValue(.notice) {
            try await run(ServeCommand.parse(["--data", data, "--port", "\(port)"] + publicURL))
        }
    }

    /// A job keeps the pages and labels with which it began.
    private func warn(of job: JobRecord, _ manifest: FilePath, _ count: Int) throws {
        let pages = try String(contentsOfFile: manifest.string, encoding: .utf8).split(separator: "\n").count
        if pages > count {
            Terminal.say(
                "prelabel: \(pages - count) of the pages are not in this job, which keeps those it began with: --name makes another"
            )
        }
        let known = try job.categories?.labels ?? []
        let named = labels.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        if !FileManager.default.fileExists(atPath: labels), named != known {
            Terminal.say("prelabel: this job keeps its labels, \(known.joined(separator: ", ")): --name makes another")
        }
    }

    private func create(_ store: JobStore, manifest: String, url: String, data: String) async throws {
        let mails = mails.isEmpty ? ["me@localhost"] : mails
        let now = JobClock.system.now()
        if try await !store.teamSizes().contains(where: { $0.name.lowercased() == name.lowercased() }) {
            _ = try await store.makeTeam(name, account: JobOptions.account, at: now)
        }
        _ = try await store.addMembers(mails, to: name, region: JobOptions.account.region, at: now)
        let answers = workersPerObject ?? min(mails.count, 3)
        try await run(
            JobCreateCommand.parse([
                name, "--manifest", manifest, "--labels", labels, "--team", name, "--workers-per-object", "\(answers)", "--url",
                url,
                "--data", data,
            ]))
    }

    /// Copies what is not there yet; a scan that changed is copied again.
    private func copyScans(into target: FilePath) throws {
        let files = FileManager.default
        let source = Settings.currentFolder.pushing(FilePath(scans))
        var isFolder: ObjCBool = false
        guard unsafe files.fileExists(atPath: source.string, isDirectory: &isFolder) else {
            throw CommandFailure(status: .missingInput, message: "there is no \(source.string)")
        }
        guard isFolder.boolValue else {
            return try copy(source, to: target.appending(source.lastComponent?.string ?? "scan"))
        }
        for name in try files.subpathsOfDirectory(atPath: source.string).sorted() {
            let scan = source.appending(name)
            guard !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }), !scan.isFolder else { continue }
            try copy(scan, to: target.appending(name))
        }
    }

    private func copy(_ scan: FilePath, to target: FilePath) throws {
        let files = FileManager.default
        guard !files.contentsEqual(atPath: scan.string, andPath: target.string) else { return }
        try files.createDirectory(atPath: target.removingLastComponent().string, withIntermediateDirectories: true)
        try? files.removeItem(atPath: target.string)
        try files.copyItem(atPath: scan.string, toPath: target.string)
    }

    // MARK: Other commands

    private func run(_ command: sending some AsyncParsableCommand) async throws {
        var command = command
        try await command.run()
    }

    /// Pages that cannot be read cost only themselves.
    private static func toleratingFindings(_ command: sending some AsyncParsableCommand) async throws {
        var command = command
        do { try await command.run() } catch let code as ExitCode {
            guard code.rawValue == ExitStatus.findings.rawValue else { throw code }
        }
    }
}
