import ArgumentParser
import Functions
import GroundTruth
import Pipeline
import Storage

struct ManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest", abstract: "Builds, checks, repairs and joins augmented manifests.",
        subcommands: [ManifestBuildCommand.self, ManifestValidateCommand.self, ManifestMergeCommand.self])
}

struct ManifestBuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Makes a manifest of images and of texts that exist already.",
        discussion:
            "The image a/p1.jpg goes with the text a/p1.jpg.txt, by the full path below both folders. What has no partner is a finding."
    )

    @Option(help: ArgumentHelp("Folder or s3:// prefix with images.", valueName: "uri")) var images: String
    @Option(help: ArgumentHelp("Folder or s3:// prefix with texts.", valueName: "uri")) var texts: String
    @Option(help: ArgumentHelp("What texts are called after their image.", valueName: "suffix")) var textSuffix = ".txt"
    @Option(
        help: ArgumentHelp("CSV or JSON Lines with the metadata of images; the column `file` names the image.", valueName: "file"))
    var metadata: String?
    @Option(help: ArgumentHelp("The manifest to write.", valueName: "file")) var output: String
    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let store = try storage.store()
        let metadata: PageMetadata? = if let metadata { try await PageMetadata(from: metadata, in: store) } else { nil }
        let outcome = try await ManifestBuild(store: store).run(
            images: ObjectURI(typed: images), texts: ObjectURI(typed: texts), textSuffix: textSuffix, metadata: metadata,
            output: ObjectURI(typed: output))
        for finding in outcome.findings { try Terminal.write(line: finding) }
        Terminal.say("prelabel: \(Terminal.count(outcome.lines, "line")) in \(output)")
        if !outcome.findings.isEmpty { throw ExitCode(ExitStatus.findings.rawValue) }
    }
}

struct ManifestValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Reports what Ground Truth would not take, as file:line: code: message.",
        discussion: """
            With --repair it also writes the manifest anew: lines in Python quoting become strict JSON, everything else stays byte for byte; a byte \
            order mark and blank lines go. A line that cannot be rewritten without loss is refused by name and is not in the new file.
            """)

    @Argument(help: ArgumentHelp("The manifest; - is standard input.", valueName: "file")) var file: String
    @Option(help: ArgumentHelp("Write the repaired manifest here.", valueName: "out")) var repair: String?
    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let store = try storage.store()
        let writer = try repair.map { try store.writer(to: try ObjectURI(typed: $0)) }
        var validator = ManifestValidator(repairs: writer != nil)
        var findings = 0
        var rewritten = 0
        func check(_ line: LineSplitter.Line) throws {
            let outcome = validator.check(line)
            for finding in outcome.findings { try Terminal.write(line: "\(file):\(finding.line): \(finding)") }
            findings += outcome.findings.count
            guard let writer, let repaired = outcome.repaired else { return }
            if repaired != line.bytes { rewritten += 1 }
            try writer.append(repaired + [0x0A])
        }
        if file == "-" {
            var splitter = LineSplitter()
            for line in splitter.append(try Terminal.readInput()) { try check(line) }
            if let last = splitter.finish() { try check(last) }
        } else {
            try await store.forEachLine(of: ObjectURI(typed: file)) { try check($0) }
        }
        try await writer?.commit()
        if let repair { Terminal.say("prelabel: \(Terminal.count(rewritten, "line")) rewritten in \(repair)") }
        Terminal.say(findings == 0 ? "prelabel: no findings" : "prelabel: \(Terminal.count(findings, "finding"))")
        if findings > 0 { throw ExitCode(ExitStatus.findings.rawValue) }
    }
}

struct ManifestMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Joins manifests line by line and unites their attributes.",
        discussion: """
            Lines with the same value under the key become one line; keys that only later files have are added to the first file's line. Where two \
            files differ, that is a finding and the earlier value stays, unless --prefer names the file whose values win.
            """)

    @Argument(help: ArgumentHelp("Manifests, in the order of their weight.", valueName: "file")) var files: [String]
    @Option(help: ArgumentHelp("The manifest to write.", valueName: "file")) var output: String
    @Option(help: ArgumentHelp("The key that names an object.", valueName: "key")) var key = "source-ref"
    @Option(help: ArgumentHelp("The file whose values win.", valueName: "file")) var prefer: String?
    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let store = try storage.store()
        let inputs = try files.map { ManifestMerge.Input(uri: try ObjectURI(typed: $0), name: $0) }
        let preferred = try prefer.map { prefer throws(StorageError) in try ObjectURI(typed: prefer) }
        guard preferred == nil || inputs.contains(where: { $0.uri == preferred }) else {
            throw CommandFailure(status: .usage, message: "--prefer \(prefer ?? ""): expected one of the files to merge")
        }
        var findings: [ManifestMerge.Finding] = []
        let lines = try await ManifestMerge(store: store, key: key, preferred: preferred)
            .run(inputs, output: ObjectURI(typed: output)) { findings.append($0) }
        for finding in findings { try Terminal.write(line: "\(finding)") }
        let tail = findings.isEmpty ? "" : ", \(Terminal.count(findings.count, "finding"))"
        Terminal.say("prelabel: \(Terminal.count(lines, "line")) in \(output)\(tail)")
        if !findings.isEmpty { throw ExitCode(ExitStatus.findings.rawValue) }
    }
}
