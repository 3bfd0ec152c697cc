import ArgumentParser
import Storage
import SystemPackage

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

    func run() async throws {
        let fixtures = try fixtures()
        let folder = try DemoFolder(Settings.currentFolder.pushing(FilePath(output)))
        let demo = Demo(folder: folder, fixtures: fixtures, ownScans: try scans.map { try existingFolder($0) })
        let rows = try await demo.run()
        try Terminal.write(line: DemoTable(rows: rows, folder: output).text)
        try Terminal.write(line: nextCommand)
    }

    private func fixtures() throws -> FilePath {
        guard let fixtures = Settings.home(holding: "Fixtures") else {
            throw CommandFailure(
                status: .configuration,
                message: "the sample pages are not beside the program; set PRELABEL_HOME to the folder that holds Fixtures")
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

    /// A command that goes on from here, as it can be pasted.
    private var nextCommand: String {
        let program = ProgramArguments.name
        let data = "--data \(output)/data"
        if scans != nil { return "Next, serve the pages' tasks to a labeling job:\n  \(program) serve \(data)" }
        return "Next, split the same labels into train, dev and test parts:\n"
            + "  \(program) export s3://demo/output.manifest --format conll --split 60,20,20 --output \(output)/split \(data)"
    }
}
