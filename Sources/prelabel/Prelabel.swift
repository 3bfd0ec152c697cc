import ArgumentParser
import Foundation

/// Scanned papers in, NER training data out.
@main
struct Prelabel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prelabel",
        abstract: "Turns scanned papers into NER training data.",
        discussion: """
            Reads the abstract off each page image, writes an augmented manifest, answers Amazon SageMaker Ground Truth's pre- and \
            post-annotation calls, consolidates what several workers marked, and exports training data.

            Exit codes: 0 done, 1 done with findings, 64 usage, 65 bad data, 66 missing input, 69 unavailable, 70 a fault of ours, 74 input or \
            output, 78 configuration.
            """,
        version: "0.1.0",
        subcommands: [
            OCRCommand.self, ManifestCommand.self, PreAnnotateCommand.self, ConsolidateCommand.self, AgreementCommand.self,
            ImportCommand.self, CheckCommand.self, ExportCommand.self, TrainCommand.self, SuggestCommand.self, TemplateCommand.self,
            LabelCommand.self, ServeCommand.self, TeamCommand.self, JobCommand.self, ValidateJobCommand.self, WorkerCommand.self,
            BackupCommand.self,
            RestoreCommand.self, LambdaCommand.self, ConfigCommand.self, DemoCommand.self, PresignCommand.self,
            ReadPagesCommand.self,
        ])

    static func main() async {
        // A reader that went away shows as an error of the write, not as the end of this process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot(Array(ProgramArguments.all.dropFirst()))
            do {
                _ = try Settings.file.get()
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
            } catch {
                finish(with: error)
            }
        } catch {
            exit(withError: error)
        }
    }

    /// Ends with the exit code and the sentence for an error of a command.
    private static func finish(with error: any Error) -> Never {
        switch error {
        // Help, usage and exit codes are the argument parser's; for errors it does not know it has the general code.
        case _ where exitCode(for: error) != .failure || error is ExitCode: exit(withError: error)
        case is ClosedPipe: Foundation.exit(0)
        default:
            Terminal.say("prelabel: error: \(ExitStatus.message(of: error))")
            Foundation.exit(ExitStatus(of: error).rawValue)
        }
    }
}
