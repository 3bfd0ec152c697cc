import ArgumentParser
import Foundation
import Functions
import GroundTruth
import Logging
import Service
import Storage

struct TemplatePreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Serves a worker template with the lines of a manifest, as workers would see it.",
        discussion: """
            The first line on standard output is {"listening":URL}; open it in a browser. Each line's task input is what `prelabel pre-annotate` \
            makes of it. The template is read anew for each page, so that edits show when the page is loaded again. An answer is shown on the page \
            and written to standard output as {"answer":…,"line":N}. It ends with SIGINT or SIGTERM.
            """)

    @Argument(help: ArgumentHelp("The template.", valueName: "file")) var file: String
    @Option(help: ArgumentHelp("The manifest whose lines are shown.", valueName: "uri")) var manifest: String
    @Option(help: ArgumentHelp("The line to begin with, from 1; blank ones are not counted.", valueName: "n")) var line = 1
    @Option(help: ArgumentHelp("A label category configuration file; its labels become `task.input.labels`.", valueName: "file"))
    var categories: String?
    @Flag(help: "Lines are task inputs themselves, as in a job without a pre-annotation function.") var withoutPreAnnotation = false
    @Option(
        help: ArgumentHelp(
            "The only hosts, parted by commas, that the template's scripts, styles and images may come from (default: any over https).",
            valueName: "hosts"))
    var hosts: HostList?
    @Option(help: ArgumentHelp("The port on 127.0.0.1; 0 is any free one.", valueName: "port")) var port = 0
    @OptionGroup var storage: StoreOptions

    func validate() throws {
        guard file != "-" else { throw ValidationError("a template that is read anew for each page cannot be standard input") }
        guard (0...65535).contains(port) else { throw ValidationError("--port: expected 0 to 65535") }
    }

    private func labels() async throws -> [String]? {
        guard let categories else { return nil }
        return try PreviewManifest.categories(in: try await TemplateFiles.bytes(of: categories), named: categories)
    }

    func run() async throws {
        let store = try storage.store()
        let lines = try await PreviewManifest.lines(of: ObjectURI(typed: manifest), in: store)
        guard lines.indices.contains(line - 1) else {
            throw CommandFailure(status: .usage, message: "--line \(line): \(manifest) has \(Terminal.count(lines.count, "line"))")
        }
        let settings = try FunctionSettings(environment: Settings.environment).preAnnotation
        let inputs = PreviewManifest(
            lines: lines, function: withoutPreAnnotation ? nil : PreAnnotation(store: store, settings: settings),
            categories: try await labels(), logger: ConsoleLog.logger(level: .warning))
        _ = try await TemplateFiles.text(of: file)
        let (routes, links) = PageFiles.routes(try PageFiles.assets(), store: store, isFolder: storage.isFolder)
        let preview = TemplatePreview(
            template: { [file] in (file, try await TemplateFiles.text(of: file)) }, input: inputs.input, firstLine: line,
            lineCount: lines.count, hosts: hosts?.hosts, pages: routes, links: links,
            now: { Int(Date().timeIntervalSince1970) },
            onAnswer: { line, answer in
                try Terminal.write(JSONOutput.object(["answer": .raw(answer), "line": .int(line)]).bytes + [0x0A])
            })
        try await preview.run(host: "127.0.0.1", port: port, logger: ConsoleLog.logger(level: .warning)) { url in
            try? Terminal.write(JSONOutput.object(["listening": .string(url)]).bytes + [0x0A])
            Terminal.say("prelabel: the preview is at \(url); Ctrl-C ends it")
        }
    }
}
