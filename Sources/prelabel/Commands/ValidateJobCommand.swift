import ArgumentParser
import Consolidation
import Functions
import GroundTruth
import LabelingJobs
import Logging
import Service
import Storage

struct ValidateJobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate-job", abstract: "Reports what would make a labeling job fail, before it starts.",
        discussion: """
            FILE is a CreateLabelingJob request as JSON, as `aws sagemaker create-labeling-job --cli-input-json` takes it. Checked are its members \
            by the service's model, its work team, template (also rendered with the manifest's first line), label categories, manifest and \
            functions. Each finding is a line ERROR: what is wrong. ERROR is what the API would answer; ClientError is what the failed job would \
            say; a warning keeps no job from running. Exit code 1 with findings.
            """)

    @Argument(help: ArgumentHelp("The request; - is standard input.", valueName: "file")) var file: String
    @OptionGroup var options: PreAnnotationOptions
    @OptionGroup var jobs: JobOptions
    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let store = try storage.store()
        let handlers = [
            FunctionHandler(PreAnnotation(store: store, settings: try options.settings())),
            FunctionHandler(try ConsolidateCommand.function(storage, manifest: nil, method: .standard)),
        ]
        guard let engine = try jobs.engine(storage, objects: store, handlers: { _ in handlers }) else {
            throw CommandFailure(
                status: .configuration,
                message: "where are the work teams? Name the file of the labeling jobs with --jobs, or a data folder with --data")
        }
        let request: JSONValue
        do { request = try JSONValue.message(try await TemplateFiles.bytes(of: file), file) } catch let error as ContractError {
            throw CommandFailure(status: .badData, message: error.message)
        }
        let findings = try await JobValidation(engine: engine, handlers: handlers, logger: ConsoleLog.logger(level: .warning))
            .findings(in: request)
        for finding in findings { try Terminal.write(line: "\(finding.code): \(finding.message)") }
        Terminal.say(findings.isEmpty ? "prelabel: no findings" : "prelabel: \(Terminal.count(findings.count, "finding"))")
        if !findings.isEmpty { throw ExitCode(ExitStatus.findings.rawValue) }
    }
}
