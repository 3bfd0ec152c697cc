import ArgumentParser
import Consolidation
import Foundation
import Functions
import GroundTruth
import Logging
import PageReading
import Pipeline
import Storage
import SystemPackage
import TrainingData

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Goes the whole way, from page scans to training data, on sample pages or your own.",
        discussion: """
            On the sample pages: texts, manifest, pre-annotation responses, the answers of three simulated workers, consolidated labels, training \
            data, and report.html, which shows all of it. On a folder of your own: everything up to the workers' answers. All results but the \
            creation dates in output.manifest and in the ground-truth export are the same in every run.
            """)

    @Argument(help: ArgumentHelp("A folder of page scans (default: the sample pages).", valueName: "folder")) var scans: String?
    @Option(help: ArgumentHelp("The folder to write into.", valueName: "dir")) var output = "demo-output"

    private static let attribute = "roles"
    private static let jobName = "demo"

    func run() async throws {
        let fixtures = try fixtures()
        let pages = try scans.map { try existingFolder($0) } ?? fixtures.appending("pages")
        let demo = try DemoFolder(Settings.currentFolder.pushing(FilePath(output)))
        let count = try await takePages(from: pages, into: demo)

        Terminal.say("Reading \(count) pages …")
        let reading = try await read(demo, metadata: scans == nil ? pages.appending("metadata.csv") : nil)
        let manifest = try await demo.store.lines(of: demo.object("text/input.manifest"))
        let tasks = try await preAnnotate(manifest, demo)
        var made: [DemoTable.Row] = [
            DemoTable.Row("pages", "\(count)", "data/demo/pages"),
            DemoTable.Row("texts with page records", "\(reading.found) found, \(reading.notFound) not, \(reading.failed) failed", "data/demo/text"),
            DemoTable.Row("manifest", "\(manifest.count) lines", "data/demo/text/input.manifest"),
            DemoTable.Row("pre-annotation responses", "\(tasks)", "data/demo/pre-annotation.jsonl"),
        ]
        var final = manifest
        if scans == nil {
            final = try await consolidate(manifest, fixtures: fixtures, demo, made: &made)
            try await export(demo, made: &made)
        }
        try await report(final, fixtures: fixtures, demo, made: &made)
        try Terminal.write(line: DemoTable(rows: made, folder: output).text)
        try Terminal.write(line: nextCommand(made))
    }

    // MARK: Steps

    private func fixtures() throws -> FilePath {
        guard let fixtures = Settings.home(holding: "Fixtures") else {
            throw CommandFailure(
                status: .configuration, message: "the sample pages are not beside the program; set PRELABEL_HOME to the folder that holds Fixtures")
        }
        return fixtures
    }

    private func existingFolder(_ name: String) throws -> FilePath {
        let folder = Settings.currentFolder.pushing(FilePath(name))
        guard folder.isFolder else {
            throw CommandFailure(status: .missingInput, message: "\(name) is no folder of page scans")
        }
        return folder
    }

    private func takePages(from folder: FilePath, into demo: DemoFolder) async throws -> Int {
        var plan = ReadingPlan(store: demo.store, root: nil)
        try await plan.add(.file(folder), typed: folder.string)
        guard !plan.sources.isEmpty else {
            throw CommandFailure(status: .missingInput, message: "\(folder) holds no JPEG, PNG or TIFF image")
        }
        return try demo.takePages(from: folder, names: plan.sources.map(\.name))
    }

    private func read(_ demo: DemoFolder, metadata: FilePath?) async throws -> BatchReading.Summary {
        var plan = ReadingPlan(store: demo.store, root: nil)
        try await plan.add(demo.object("pages"), typed: "pages")
        var settings = BatchReading.Settings(
            output: demo.object("text"), manifest: demo.object("text/input.manifest"),
            reading: ReadingSettings(region: .abstract, language: "eng"))
        if let metadata { settings.metadata = try await PageMetadata(from: metadata.string, in: demo.store) }
        _ = try PageReader(tessdata: Settings.tessdata(language: "eng")?.string, language: "eng")
        let workers = max(1, min(ProcessInfo.processInfo.activeProcessorCount, plan.sources.count))
        let sources = plan.sources
        return try await ReaderPool.withReaders(try ReadPagesCommand.poolSettings(language: "eng", workers: workers)) { pool in
            var progress = ProgressBar(total: sources.count)
            defer { progress.finish() }
            return try await BatchReading(store: demo.store, pool: pool, settings: settings).run(sources, concurrency: workers + 1) { page in
                progress.advance(note: page.source.name)
            }
        }
    }

    private func preAnnotate(_ manifest: [ManifestLine], _ demo: DemoFolder) async throws -> Int {
        let function = PreAnnotation(store: demo.store, settings: PreAnnotation.Settings())
        let writer = try demo.store.writer(to: demo.object("pre-annotation.jsonl"))
        var count = 0
        for line in manifest {
            let event: JSONOutput = [
                "dataObject": .raw(line.value), "labelingJobArn": "arn:aws:sagemaker:us-west-2:111122223333:labeling-job/demo", "version": "2018-10-16",
            ]
            do {
                try writer.append(try await function.respond(to: event.bytes, logger: ConsoleLog.logger(level: .error)))
                count += 1
            } catch let error as FunctionError {
                Terminal.say("prelabel: \(line.string("source-ref") ?? ""): \(error)")
            }
        }
        try await writer.commit()
        return count
    }

    /// Answers, consolidated labels and the output manifest.
    private func consolidate(
        _ manifest: [ManifestLine], fixtures: FilePath, _ demo: DemoFolder, made: inout [DemoTable.Row]
    ) async throws -> [ManifestLine] {
        let bytes = try await demo.store.get(.file(fixtures.appending("answers/answers.jsonl")), atMost: 64 << 20)
        let answers = try SampleAnswers(parsing: bytes, manifest: manifest, pagesPrefix: "\(demo.object("pages"))/")
        for page in answers.changedPages {
            Terminal.say("prelabel: \(page): its text is not the one the sample answers were made for; they are left out")
        }
        try await demo.store.put(JSONOutput.array(answers.objects.map(\.payload)).bytes + [0x0A], to: demo.object("answers.json"))
        let event: JSONOutput = [
            "labelAttributeName": .string(Self.attribute), "labelCategories": ["Background", "Objectives", "Methods", "Results", "Conclusions", "Limitations"],
            "labelingJobArn": "arn:aws:sagemaker:us-west-2:111122223333:labeling-job/demo", "payload": ["s3Uri": .string("\(demo.object("answers.json"))")],
            "version": "2018-10-16",
        ]
        let function = PostAnnotation(store: demo.store, manifest: demo.object("text/input.manifest"), method: .standard)
        let response = try await function.respond(to: event.bytes, logger: ConsoleLog.logger(level: .error))
        try await demo.store.put(response.body, to: demo.object("consolidated.json"))

        var lines = manifest
        let date = Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false))
        for element in try JSONScanner.parse(response.body).array ?? [] {
            guard let index = element["datasetObjectId"]?.string.flatMap({ Int($0) }),
                let label = element["consolidatedAnnotation"]?["content"]?[Self.attribute]
            else { continue }
            let line = OutputLine.labeled(manifest[index], attribute: Self.attribute, label: label, jobName: Self.jobName, creationDate: date)
            lines[index] = try ManifestLine(parsing: line)
        }
        let writer = try demo.store.writer(to: demo.object("output.manifest"))
        for line in lines { try writer.append(Array(line.raw) + [0x0A]) }
        try await writer.commit()
        made += [
            DemoTable.Row("sample answers (simulated)", "3 workers, \(answers.objects.count) pages", "data/demo/answers.json"),
            DemoTable.Row("consolidated output manifest", "\(answers.objects.count - response.failures.count) labeled", "data/demo/output.manifest"),
        ]
        return lines
    }

    private func export(_ demo: DemoFolder, made: inout [DemoTable.Row]) async throws {
        for format in ExportFormat.allCases {
            let reader = try await DatasetReader(store: demo.store, input: demo.object("output.manifest"), attribute: Self.attribute)
            let summary = try await DatasetExport(
                store: demo.store, reader: reader, exporter: format.exporter(attribute: Self.attribute),
                folder: demo.file("training/\(format.rawValue)"), split: nil, seed: 0
            ).run()
            made.append(DemoTable.Row("training data, \(format.rawValue)", "\(summary.documents) texts, \(summary.entities) spans", "training/\(format.rawValue)"))
        }
    }

    private func report(_ lines: [ManifestLine], fixtures: FilePath, _ demo: DemoFolder, made: inout [DemoTable.Row]) async throws {
        let template = try await demo.store.get(.file(fixtures.appending("report.html")), atMost: 1 << 20)
        var exported: [String: [UInt8]] = [:]
        if scans == nil {
            let name = "training/\(ExportFormat.spacyJSONL.rawValue)/all.jsonl"
            for line in try await demo.store.lines(of: demo.file(name)) { exported[line.string("id") ?? ""] = Array(line.raw) }
        }
        try await DemoReport(
            folder: demo, template: template, lines: lines, attribute: Self.attribute, exported: exported, isSimulated: scans == nil
        ).write(to: demo.file("report.html"))
        made.append(DemoTable.Row("report, open it in a browser", "\(min(lines.count, DemoReport.maximumPages)) pages", "report.html"))
    }

    /// A command that goes on from here, as it can be pasted.
    private func nextCommand(_ made: [DemoTable.Row]) -> String {
        let program = CommandLine.arguments[0]
        let data = "--data \(output)/data"
        if scans != nil {
            return "Next, serve the pages' tasks to a labeling job:\n  \(program) serve \(data)"
        }
        return "Next, split the same labels into train, dev and test parts:\n"
            + "  \(program) export s3://demo/output.manifest --format conll --split 60,20,20 --output \(output)/split \(data)"
    }
}

/// What the demo made, and where.
private struct DemoTable {
    struct Row {
        let what: String
        let count: String
        let place: String
        init(_ what: String, _ count: String, _ place: String) { (self.what, self.count, self.place) = (what, count, place) }
    }

    let rows: [Row]
    let folder: String

    var text: String {
        let first = rows.map(\.what.count).max() ?? 0
        let second = rows.map(\.count.count).max() ?? 0
        let lines = rows.map { row in
            row.what.padding(toLength: first, withPad: " ", startingAt: 0) + "  "
                + row.count.padding(toLength: second, withPad: " ", startingAt: 0) + "  \(folder)/\(row.place)"
        }
        return lines.joined(separator: "\n")
    }
}

extension FolderStore {
    /// The lines of a manifest of ours, all at once.
    fileprivate func lines(of uri: ObjectURI) async throws -> [ManifestLine] {
        var lines: [ManifestLine] = []
        try await forEachLine(of: uri) { lines.append(try ManifestLine(parsing: $0.bytes)) }
        return lines
    }
}
