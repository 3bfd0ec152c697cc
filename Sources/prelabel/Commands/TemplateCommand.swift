import ArgumentParser
import Foundation
import GroundTruth
import Liquid
import Service
import Storage

struct TemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template", abstract: "Renders, checks and previews worker templates.",
        subcommands: [TemplateRenderCommand.self, TemplateLintCommand.self, TemplatePreviewCommand.self])
}

struct TemplateRenderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Renders a worker template to standard output, as it is and without a newline added.",
        discussion: """
            Templates are Ground Truth's Liquid: output is escaped, and grant_read_access, to_json and skip_autoescape exist. With --plain they are \
            standard Liquid. grant_read_access leaves a URI as it is here, because nothing serves the object. With --standalone the result is a \
            whole document with the crowd elements in it, which opens from disk and shows the answer in place of sending it. A template error is \
            exit code 65.
            """)

    @Argument(help: ArgumentHelp("The template; - is standard input.", valueName: "file")) var file: String
    @Option(
        help: ArgumentHelp(
            #"All variables as one JSON object, such as {"task":{"input":…}}; - is standard input."#, valueName: "file"))
    var data: String?
    @Option(help: ArgumentHelp("The folder that include and render take files from, named as they are.", valueName: "dir"))
    var partials: String?
    @Flag(help: "Standard Liquid: nothing is escaped, and Ground Truth's filters do not exist.") var plain = false
    @Flag(help: "A document that opens from disk: the crowd elements are in it.") var standalone = false

    func validate() throws {
        if plain, standalone { throw ValidationError("--standalone is for worker templates, and --plain for other Liquid") }
        if file == "-", data == "-" { throw ValidationError("only one of the template and --data can be standard input") }
    }

    func run() async throws {
        let template = try template(try await TemplateFiles.text(of: file))
        let variables = if let data { try await TemplateFiles.variables(in: data) } else { LiquidObject() }
        let folder = try partials.map { try PartialsFolder($0) }
        let surroundings = Surroundings(
            partial: { name in try folder?.text(of: name) },
            grantReadAccess: { uri in uri },
            now: { Int(Date().timeIntervalSince1970) })
        let rendered = try template.render(variables, in: surroundings)
        try Terminal.write(standalone ? WorkerTemplate.document(rendered) : rendered)
        if template.hasLegacyVariables {
            Terminal.say("prelabel: \(file): `${…}` is not Liquid and stays as it is; see `prelabel template lint`")
        }
    }

    private func template(_ text: String) throws -> Template {
        guard standalone else { return try Template(text, name: file, dialect: plain ? .standard : .groundTruth) }
        let elements = try StandaloneElements(try PageFiles.assets())
        return try WorkerTemplate(text, name: file, crowdScriptURL: elements.scriptURL).template
    }
}

struct TemplateLintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Reports what is wrong with a worker template, as file:line: code: message.",
        discussion: """
            Parse errors, unknown filters and tags, nothing to submit or to fill in, scripts over http, ${…} of older templates, text of documents \
            or workers printed unescaped, URLs that escaping breaks, and crowd elements that are unknown, unsupported or in the wrong place. The hosts \
            that scripts and style sheets come from are named on standard error. Exit code 1 with findings.
            """)

    @Argument(help: ArgumentHelp("The template; - is standard input.", valueName: "file")) var file: String

    func run() async throws {
        let report = TemplateLint.report(on: try await TemplateFiles.text(of: file))
        for finding in report.findings { try Terminal.write(line: "\(file):\(finding.line): \(finding)") }
        if !report.hosts.isEmpty {
            Terminal.say("prelabel: scripts and style sheets come from \(report.hosts.joined(separator: ", "))")
        }
        Terminal.say(report.findings.isEmpty ? "prelabel: no findings" : "prelabel: \(report.findings.count) findings")
        if !report.findings.isEmpty { throw ExitCode(ExitStatus.findings.rawValue) }
    }
}

/// The files of the template commands. `--data` means the variables there, so the data folder comes from PRELABEL_DATA alone.
enum TemplateFiles {
    static let maximumBytes = 64 << 20

    static func text(of name: String) async throws -> String {
        let bytes = try await bytes(of: name)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(status: .badData, message: "\(name) is not UTF-8; save the template as UTF-8")
        }
        return text
    }

    static func variables(in name: String) async throws -> LiquidObject {
        do {
            let json = try JSONValue.message(try await bytes(of: name), name)
            guard json.object != nil else {
                throw CommandFailure(
                    status: .badData, message: "\(name) is \(json.kindName), expected an object with the variables")
            }
            return try LiquidObject(json)
        } catch let error as ContractError {
            throw CommandFailure(status: .badData, message: "\(name): \(error)")
        }
    }

    static func bytes(of name: String) async throws -> [UInt8] {
        guard name != "-" else { return try Terminal.readInput() }
        return try await StoreOptions.store(data: nil).get(ObjectURI(typed: name), atMost: maximumBytes)
    }
}
