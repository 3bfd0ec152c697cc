import ArgumentParser
import Foundation
import GroundTruth
import PageReading
import Pipeline
import Storage
import Synchronization
import SystemPackage

struct OCRCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ocr",
        abstract: "Reads the abstract off page images; writes texts, page records and a manifest.",
        discussion: """
            For a page INPUT/a/p1.jpg it writes OUTPUT/a/p1.jpg.txt (the text), OUTPUT/a/p1.jpg.page.json (words, boxes, confidences) and a \
            line of the manifest. Pages that an earlier run read with the same settings are left as they are. Of each page of a TIFF or PDF \
            it writes a PNG too (p1.pdf.p0001.png), and the manifest names that, with source-document and page.

            A page on which no abstract is found has an empty text and the status not-found; one that cannot be read has the status failed, and \
            the exit code is 1.
            """)

    @Argument(
        help: ArgumentHelp(
            "Images (JPEG, PNG, TIFF), PDF files, folders, s3:// prefixes; - reads URIs, paths or manifest lines from standard input.",
            valueName: "input"))
    var inputs: [String]

    @Option(help: ArgumentHelp("Folder or s3:// prefix for texts and page records.", valueName: "uri"))
    var output: String

    @Option(help: ArgumentHelp("The manifest to update (default: OUTPUT/input.manifest).", valueName: "file"))
    var manifest: String?

    @Option(
        help: ArgumentHelp("CSV or JSON Lines with the metadata of pages; the column `file` names the page.", valueName: "file"))
    var metadata: String?

    @Option(help: ArgumentHelp("What to read: abstract, page, or x,y,w,h as shares of the image.", valueName: "region"))
    var region = "abstract"

    @Option(help: ArgumentHelp("Tesseract's name of the language; several are joined by +.", valueName: "language"))
    var language = "eng"

    @Option(help: ArgumentHelp("Which pages of TIFF and PDF files, such as 1 or 1-3,5- (default: all).", valueName: "pages"))
    var pages: String?

    @Option(help: ArgumentHelp("Reader processes (default: one a core).", valueName: "n"))
    var workers: Int?

    @Option(help: ArgumentHelp("What text objects are called after their page.", valueName: "suffix"))
    var textSuffix = ".txt"

    @Option(
        help: ArgumentHelp("Name pages by their path below this folder or prefix (default: below their input).", valueName: "uri"))
    var root: String?

    @Option(help: ArgumentHelp("Draw how the abstract of the one page was found.", valueName: "file.png"))
    var explain: String?

    @Flag(help: "Read pages anew even when an earlier run read them.")
    var force = false

    @Flag(help: "Write each page's manifest line to standard output as the page is done.")
    var jsonl = false

    @OptionGroup var storage: StoreOptions

    func validate() throws {
        guard ReadingRegion(region) != nil else {
            throw ValidationError(
                "--region \(region): expected abstract, page, or x,y,w,h with shares of the image such as 0.1,0.2,0.8,0.3")
        }
        guard pages.map({ PageSelection($0) != nil }) ?? true else {
            throw ValidationError("--pages \(pages ?? ""): expected pages from 1 such as 1, 1-3 or 1,3-")
        }
        guard workers.map({ (1...256).contains($0) }) ?? true else { throw ValidationError("--workers: expected 1 to 256") }
        guard !textSuffix.isEmpty, !textSuffix.contains("/"), textSuffix != ".page.json" else {
            throw ValidationError("--text-suffix \(textSuffix): expected an ending such as .txt")
        }
        let languages = language.split(separator: "+", omittingEmptySubsequences: false)
        guard languages.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 == "_" || ($0.isASCII && $0.isLetter) } }) else {
            throw ValidationError("--language \(language): expected a name such as eng or eng+deu")
        }
    }

    func run() async throws {
        let store = try storage.store()
        let output = try ObjectURI(typed: output)
        let workers = workers ?? ProcessInfo.processInfo.activeProcessorCount
        let documents = OpenDocuments(store: store, capacity: workers + 2)
        let plan = try await plan(store, documents)
        let settings = try await settings(store, output: output, plan: plan)
        guard !plan.sources.isEmpty else { return try report(BatchReading.Summary(), plan: plan, manifest: settings.manifest) }
        guard explain == nil || plan.sources.count == 1 else {
            throw CommandFailure(
                status: .usage,
                message: "--explain draws one page, these are \(plan.sources.count); name one, with --pages for a document")
        }
        // The language is tried once here, so that a missing one is one error and not one a page.
        _ = try PageReader(tessdata: Settings.tessdata(language: language)?.string, language: language)
        let poolSettings = try ReadPagesCommand.poolSettings(language: language, workers: max(1, min(workers, plan.sources.count)))
        let explain = try explain.map { explain throws(StorageError) in try ObjectURI(typed: explain) }
        let interruption = Interruption()
        defer { interruption.end() }
        let lines = FinishedLines(isWritten: jsonl)
        let summary = try await ReaderPool.withReaders(poolSettings) { pool in
            var progress = ProgressBar(total: plan.sources.count)
            defer { progress.finish() }
            if let explain {
                try await store.put(
                    try await PageExplanation(documents: documents, pool: pool).png(of: plan.sources[0]), to: explain)
            }
            return try await BatchReading(store: store, pool: pool, documents: documents, settings: settings)
                .run(
                    plan.sources, concurrency: poolSettings.workers + 1, isStopped: { interruption.isStopped || lines.isClosed }
                ) { page in
                    if case .failed(let reason) = page.status { Terminal.say("prelabel: \(page.source.document.typed): \(reason)") }
                    try lines.write(page)
                    progress.advance(note: page.source.name)
                }
        }
        try report(summary, plan: plan, manifest: settings.manifest)
        guard summary.unread > 0 else { return }
        if lines.isClosed {
            throw CommandFailure(
                status: .inputOutput, message: "standard output was closed by its reader; \(Self.resuming(summary))")
        }
        if let exitCode = interruption.exitCode {
            Terminal.say("prelabel: stopped; \(Self.resuming(summary))")
            throw ExitCode(exitCode)
        }
    }

    private static func resuming(_ summary: BatchReading.Summary) -> String {
        "\(Terminal.count(summary.unread, "page")) not read: the same command again goes on from here"
    }

    private func plan(_ store: any ObjectStore, _ documents: OpenDocuments) async throws -> ReadingPlan {
        var plan = ReadingPlan(store: store, root: try root.map { root throws(StorageError) in try ObjectURI(typed: root) })
        for input in inputs {
            guard input == "-" else {
                try await plan.add(ObjectURI(typed: input), typed: input)
                continue
            }
            var splitter = LineSplitter()
            var lines = splitter.append(try Terminal.readInput())
            if let last = splitter.finish() { lines.append(last) }
            for line in lines { try plan.add(line: line) { try ObjectURI(typed: $0) } }
        }
        await plan.expand(pages.flatMap { PageSelection($0) } ?? .all, documents: documents)
        try plan.settle()
        return plan
    }

    private func settings(_ store: any ObjectStore, output: ObjectURI, plan: ReadingPlan) async throws -> BatchReading.Settings {
        guard let region = ReadingRegion(region) else { preconditionFailure("the region was validated") }
        let manifestURI = try manifest.map { manifest throws(StorageError) in try ObjectURI(typed: manifest) }
        var settings = BatchReading.Settings(
            output: output, manifest: manifestURI ?? output.appending("input.manifest"),
            reading: ReadingSettings(region: region, language: language))
        settings.textSuffix = textSuffix
        settings.isForced = force
        if let metadata {
            settings.metadata = try await PageMetadata(from: metadata, in: store).matched(to: plan.sources.map(\.name))
            if let first = settings.metadata.unused.first {
                let rows = Terminal.count(settings.metadata.unused.count, "row")
                Terminal.say(
                    "prelabel: \(metadata): \(rows) about no page of this run, or about several of one name; the first: \(first)")
            }
        }
        return settings
    }

    private func report(_ summary: BatchReading.Summary, plan: ReadingPlan, manifest: ObjectURI) throws {
        guard !plan.isEmpty || inputs == ["-"] else {
            Terminal.say("prelabel: \(inputs.joined(separator: ", ")): there is no JPEG, PNG, TIFF or PDF file to read")
            throw ExitCode(ExitStatus.findings.rawValue)
        }
        var parts = ["\(summary.found) found", "\(summary.notFound) not found", "\(summary.failed) failed"]
        if summary.current > 0 { parts.append("\(summary.current) of them read before") }
        if plan.skippedFiles > 0 { parts.append("\(Terminal.count(plan.skippedFiles, "other file")) skipped") }
        Terminal.say(
            "prelabel: \(Terminal.count(summary.pages, "page")): \(parts.joined(separator: ", ")); manifest \(manifest.typed)")
        for bad in plan.badLines { Terminal.say("prelabel: standard input, line \(bad.line): \(bad.reason)") }
        for document in plan.withoutSelectedPages {
            Terminal.say(
                "prelabel: \(document.document.typed): none of the pages \(pages ?? ""), it has \(Terminal.count(document.pages, "page"))"
            )
        }
        for input in plan.missingInputs { Terminal.say("prelabel: error: \(input) does not exist") }
        if !plan.missingInputs.isEmpty { throw ExitCode(ExitStatus.missingInput.rawValue) }
        if summary.failed > 0 || !plan.badLines.isEmpty || !plan.withoutSelectedPages.isEmpty {
            throw ExitCode(ExitStatus.findings.rawValue)
        }
    }
}

/// Standard output under --jsonl: one line a page as it is done, until the reader goes away.
private final class FinishedLines: Sendable {
    private let isWritten: Bool
    private let closed = Atomic(false)

    init(isWritten: Bool) { self.isWritten = isWritten }

    var isClosed: Bool { closed.load(ordering: .acquiring) }

    func write(_ page: BatchReading.Finished) throws {
        guard isWritten, !isClosed else { return }
        let line = try ManifestLine(parsing: page.line)
        do {
            try Terminal.write(line.setting(["seconds": .decimal(page.duration / .seconds(1))]) + [0x0A])
        } catch is ClosedPipe {
            closed.store(true, ordering: .releasing)
        }
    }
}

extension PageMetadata {
    /// Reads a file as typed.
    init(from name: String, in store: any ObjectStore) async throws {
        try self.init(parsing: try await store.get(ObjectURI(typed: name), atMost: 1 << 30), name: name)
    }
}
