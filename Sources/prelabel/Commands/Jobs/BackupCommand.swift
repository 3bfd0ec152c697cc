import ArgumentParser
import Foundation
import LabelingJobs
import Storage
import SystemPackage

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the labeling jobs into a file, as they are at one moment, while everything goes on.",
        discussion:
            "Jobs, teams, tasks and answers are in the file; page images, texts and outputs are not: they are the data folder's.")
    @Argument(help: ArgumentHelp("The file to write.", valueName: "file")) var file: String
    @OptionGroup var jobs: JobOptions
    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let target = Settings.currentFolder.pushing(FilePath(file))
        let partial = target.string + ".partial"
        try? FileManager.default.removeItem(atPath: partial)
        try await jobs.store(storage).backup(to: partial)
        try FilePath(partial).rename(to: target)
        Terminal.say("prelabel: the labeling jobs are in \(target.string)")
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Puts the labeling jobs back as a backup has them.",
        discussion:
            "What there was is kept beside them under a name that ends in .before-restore. Refused while a service uses the jobs.")
    @Argument(help: ArgumentHelp("A file that `prelabel backup` wrote.", valueName: "file")) var file: String
    @OptionGroup var jobs: JobOptions
    @OptionGroup var storage: StoreOptions

    func run() async throws {
        guard let target = try jobs.file(storage) else { throw JobOptions.noFile }
        let backup = Settings.currentFolder.pushing(FilePath(file))
        guard FileManager.default.fileExists(atPath: backup.string) else {
            throw CommandFailure(status: .missingInput, message: "there is no file \(backup.string)")
        }
        try await JobStore.restore(from: backup.string, to: target.string)
        Terminal.say("prelabel: the labeling jobs are those of \(backup.string)")
    }
}
