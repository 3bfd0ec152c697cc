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

/// The whole way, from page scans to training data and a report.
struct Demo {
    private static let attribute = "roles"
    private static let jobName = "demo"
    private static let exportFormats = ["ground-truth", "spacy-jsonl", "spacy", "conll", "hf"]
    private static let jobARN: JSONOutput = "arn:aws:sagemaker:us-west-2:111122223333:labeling-job/demo"

    let folder: DemoFolder
    let fixtures: FilePath
    /// A person's own scans, which nobody has answered; `nil` for the sample pages.
    let ownScans: FilePath?

    /// - Returns: What was made, and where.
    func run() async throws -> [DemoTable.Row] {
        let pages = ownScans ?? fixtures.appending("pages")
        let count = try await takePages(from: pages)
        Terminal.say("Reading \(count) pages …")
        let reading = try await read(metadata: ownScans == nil ? pages.appending("metadata.csv") : nil)
        let manifest = try await folder.store.lines(of: folder.object("text/input.manifest"))
        let tasks = try await preAnnotate(manifest)
        var made: [DemoTable.Row] = [
            DemoTable.Row("pages", "\(count)", "data/demo/pages"),
            DemoTable.Row(
                "texts with page records", "\(reading.found) found, \(reading.notFound) not, \(reading.failed) failed",
                "data/demo/text"),
            DemoTable.Row("manifest", "\(manifest.count) lines", "data/demo/text/input.manifest"),
            DemoTable.Row("pre-annotation responses", "\(tasks)", "data/demo/pre-annotation.jsonl"),
        ]
        var final = manifest
        if ownScans == nil {
            final = try await consolidate(manifest, made: &made)
            try await export(made: &made)
        }
        try await report(final, made: &made)
        return made
    }

    // MARK: Steps

    private func takePages(from scans: FilePath) async throws -> Int {
        var plan = ReadingPlan(store: folder.store, root: nil)
        try await plan.add(.file(scans), typed: scans.string)
        let names = plan.sources.map(\.name)
        guard !scans.starts(with: folder.path) else {
            throw CommandFailure(status: .usage, message: "\(scans) lies in \(folder.path); name another folder with --output")
        }
        guard !names.isEmpty else {
            throw CommandFailure(status: .missingInput, message: "\(scans) holds no JPEG, PNG, TIFF or PDF file")
        }
        if case .folder(_, let present) = try await folder.store.listing(of: folder.object("pages")),
            !Set(present).isSubset(of: names)
        {
            throw CommandFailure(
                status: .usage, message: "\(folder.path) holds the pages of another demo; name another folder with --output")
        }
        return try folder.takePages(from: scans, names: names)
    }

    private func read(metadata: FilePath?) async throws -> BatchReading.Summary {
        var plan = ReadingPlan(store: folder.store, root: nil)
        let documents = OpenDocuments(store: folder.store, capacity: 8)
        try await plan.add(folder.object("pages"), typed: "pages")
        await plan.expand(.all, documents: documents)
        var settings = BatchReading.Settings(
            output: folder.object("text"), manifest: folder.object("text/input.manifest"),
            reading: ReadingSettings(region: .abstract, language: "eng"))
        if let metadata {
            settings.metadata = try await PageMetadata(from: metadata.string, in: folder.store).matched(
                to: plan.sources.map(\.name))
        }
        _ = try PageReader(tessdata: Settings.tessdata(language: "eng")?.string, language: "eng")
        let workers = max(1, min(ProcessInfo.processInfo.activeProcessorCount, plan.sources.count))
        let sources = plan.sources
        return try await ReaderPool.withReaders(try ReadPagesCommand.poolSettings(language: "eng", workers: workers)) { pool in
            var progress = ProgressBar(total: sources.count)
            defer { progress.finish() }
            return try await BatchReading(store: folder.store, pool: pool, documents: documents, settings: settings).run(
                sources, concurrency: workers + 1
            ) { page in
                progress.advance(note: page.source.name)
            }
        }
    }

    private func preAnnotate(_ manifest: [ManifestLine]) async throws -> Int {
        let function = PreAnnotation(store: folder.store, settings: PreAnnotation.Settings())
        let writer = try folder.store.writer(to: folder.object("pre-annotation.jsonl"))
        var count = 0
        for line in manifest {
            let event: JSONOutput = [
                "dataObject": .raw(line.value), "labelingJobArn": Self.jobARN, "version": "2018-10-16",
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
    private func consolidate(_ manifest: [ManifestLine], made: inout [DemoTable.Row]) async throws -> [ManifestLine] {
        let bytes = try await folder.store.get(.file(fixtures.appending("answers/answers.jsonl")), atMost: 64 << 20)
        let answers = try SampleAnswers(parsing: bytes, manifest: manifest, pagesPrefix: "\(folder.object("pages"))/")
        for page in answers.changedPages {
            Terminal.say("prelabel: \(page): its text is not the one the sample answers were made for; they are left out")
        }
        try await folder.store.put(
            JSONOutput.array(answers.objects.map(\.payload)).bytes + [0x0A], to: folder.object("answers.json"))
        let event: JSONOutput = [
            "labelAttributeName": .string(Self.attribute),
            "labelCategories": ["Background", "Objectives", "Methods", "Results", "Conclusions", "Limitations"],
            "labelingJobArn": Self.jobARN, "payload": ["s3Uri": .string("\(folder.object("answers.json"))")],
            "version": "2018-10-16",
        ]
        let function = PostAnnotation(store: folder.store, manifest: folder.object("text/input.manifest"), method: .standard)
        let response = try await function.respond(to: event.bytes, logger: ConsoleLog.logger(level: .error))
        try await folder.store.put(response.body, to: folder.object("consolidated.json"))

        var lines = manifest
        let date = Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false)) + "+0000"
        for element in try JSONScanner.parse(response.body).array ?? [] {
            guard let index = element["datasetObjectId"]?.string.flatMap({ Int($0) }),
                let label = element["consolidatedAnnotation"]?["content"]?[Self.attribute]
            else { continue }
            let line = OutputLine.labeled(
                manifest[index], attribute: Self.attribute, label: label, jobName: Self.jobName, creationDate: date)
            lines[index] = try ManifestLine(parsing: line)
        }
        let writer = try folder.store.writer(to: folder.object("output.manifest"))
        for line in lines { try writer.append(Array(line.raw) + [0x0A]) }
        try await writer.commit()
        made += [
            DemoTable.Row("sample answers (simulated)", "3 workers, \(answers.objects.count) pages", "data/demo/answers.json"),
            DemoTable.Row(
                "consolidated output manifest", "\(answers.objects.count - response.failures.count) labeled",
                "data/demo/output.manifest"),
        ]
        return lines
    }

    private func export(made: inout [DemoTable.Row]) async throws {
        for format in DataFormat.all where Self.exportFormats.contains(format.name) {
            let reader = try await DatasetReader(
                store: folder.store, input: folder.object("output.manifest"), attribute: Self.attribute)
            let summary = try await DatasetExport(
                store: folder.store, reader: reader, format: format, options: ExportOptions(attribute: Self.attribute),
                folder: folder.file("training/\(format.name)"), split: nil, seed: 0
            ).run()
            made.append(
                DemoTable.Row(
                    "training data, \(format.name)", "\(summary.documents) texts, \(summary.entities) spans",
                    "training/\(format.name)"))
        }
    }

    private func report(_ lines: [ManifestLine], made: inout [DemoTable.Row]) async throws {
        let template = try await folder.store.get(.file(fixtures.appending("report.html")), atMost: 1 << 20)
        var exported: [String: [UInt8]] = [:]
        if ownScans == nil {
            let name = "training/spacy-jsonl/all.jsonl"
            for line in try await folder.store.lines(of: folder.file(name)) { exported[line.string("id") ?? ""] = Array(line.raw) }
        }
        try await DemoReport(
            folder: folder, template: template, lines: lines, attribute: Self.attribute, exported: exported,
            isSimulated: ownScans == nil
        ).write(to: folder.file("report.html"))
        made.append(
            DemoTable.Row("report, open it in a browser", "\(min(lines.count, DemoReport.maximumPages)) pages", "report.html"))
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
