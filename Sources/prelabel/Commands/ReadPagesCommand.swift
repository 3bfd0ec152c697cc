import ArgumentParser
import Foundation
import Pipeline
import SystemPackage

/// The inside of a reader process; see ``ReaderProcess``.
struct ReadPagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "read-pages", shouldDisplay: false)

    @Option var tessdata: String?
    @Option var language: String

    func run() throws {
        Foundation.exit(try ReaderProcess.run(tessdata: tessdata.map { FilePath($0) }, language: language))
    }

    static func poolSettings(language: String, workers: Int) throws -> ReaderPool.Settings {
        var arguments = ["read-pages", "--language", language]
        if let tessdata = Settings.tessdata(language: language) { arguments += ["--tessdata", tessdata.string] }
        return ReaderPool.Settings(executable: try Settings.executable(), arguments: arguments, workers: workers)
    }
}
