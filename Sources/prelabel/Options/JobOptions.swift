import ArgumentParser
import Functions
import LabelingJobs
import Logging
import Storage
import SystemPackage

/// Where labeling jobs are kept.
struct JobOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file of the labeling jobs. Also PRELABEL_JOBS. Without it .prelabel/jobs.sqlite in the data folder.",
            valueName: "file"))
    var jobs: String?
    @Flag(
        help: """
            Take jobs that ask for a KMS key though the data folder cannot encrypt; their outputs carry the key's name only. Also \
            PRELABEL_ALLOW_UNENCRYPTED.
            """)
    var allowUnencrypted = false

    /// - Returns: `nil` where no file is named and there is no data folder.
    /// - Throws: ``CommandFailure``.
    func file(_ storage: StoreOptions) throws -> FilePath? {
        if let typed = jobs ?? Settings.string("JOBS") { return Settings.currentFolder.pushing(FilePath(typed)) }
        return storage.folder.map { $0.appending(".prelabel/jobs.sqlite") }
    }

    /// Opens the store, and makes it where there is none.
    ///
    /// - Throws: ``CommandFailure`` with 78 where it is not said which, or when a newer program made it.
    func store(_ storage: StoreOptions) throws -> JobStore {
        guard let file = try file(storage) else { throw Self.noFile }
        return try Self.open(file)
    }

    static var noFile: CommandFailure {
        CommandFailure(
            status: .configuration,
            message: "where are the labeling jobs? Name their file with --jobs, or a data folder with --data")
    }

    static func open(_ file: FilePath) throws -> JobStore {
        do { return try JobStore(path: file.string) } catch {
            throw CommandFailure(status: error.code == .storeTooNew ? .configuration : .inputOutput, message: error.message)
        }
    }

    /// - Throws: ``CommandFailure`` with 78.
    func allowsUnencrypted() throws -> Bool { allowUnencrypted ? true : try Settings.flag("ALLOW_UNENCRYPTED") ?? false }

    /// Where jobs, teams, topics and queues of this program seem to live.
    static var account: JobEngine.Account {
        JobEngine.Account(region: Settings.environment["AWS_REGION"] ?? "us-east-1", id: "000000000000")
    }

    /// What moves the jobs on; `nil` where there is neither a file nor a data folder.
    ///
    /// - Parameters:
    ///   - objects: Asked for once the jobs' file is open, which makes its folder where there is none.
    ///   - listener: Hears of the jobs' outputs.
    ///   - handlers: The functions that jobs may name, given how they find a job's manifest.
    func engine(
        _ storage: StoreOptions, objects: @autoclosure () throws -> any ObjectStore, listener: (any OutputListener)? = nil,
        handlers: (LabelingJobManifests) -> [FunctionHandler]
    ) throws -> JobEngine? {
        guard let file = try file(storage) else { return nil }
        let store = try Self.open(file)
        let manifests = LabelingJobManifests { arn in
            let name = arn.split(separator: "/").last.map(String.init) ?? arn
            return try await store.job(named: name).settings.manifest.map { "\($0)" }
        }
        let logger = ConsoleLog.logger()
        return JobEngine(
            store: store, objects: try objects(),
            functions: LocalFunctions(
                handlers: handlers(manifests), logger: logger, elsewhere: Streams.session.map { LambdaFunctions(session: $0) }),
            account: Self.account, encryption: storage.isFolder ? (try allowsUnencrypted() ? .waived : .refused) : .available,
            messages: Streams.messages(store, isFolder: storage.isFolder), watchesFolders: storage.isFolder, listener: listener,
            logger: logger)
    }
}
