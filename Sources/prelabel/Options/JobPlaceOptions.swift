import ArgumentParser
import LabelingJobs
import Service
import Storage
import SystemPackage

/// Where the labeling jobs of a command are: in a data folder, in a file, or at a service.
struct JobPlaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The address of a `prelabel serve`: the command works on its jobs, in place of a data folder's. Also PRELABEL_ENDPOINT. The key \
            is the first of PRELABEL_API_KEYS, else the secret of the first of PRELABEL_ACCESS_KEYS.
            """, valueName: "url"))
    var endpoint: String?
    @OptionGroup var jobs: JobOptions
    @OptionGroup var storage: StoreOptions

    func validate() throws {
        guard endpoint != nil, let other = storage.data != nil ? "--data" : jobs.jobs != nil ? "--jobs" : nil else { return }
        throw ValidationError("--endpoint and \(other): the jobs are at one place; name one")
    }

    /// What is typed counts before what is set.
    ///
    /// - Parameter makesFolder: Whether the command begins something, for which a data folder is made.
    /// - Throws: ``CommandFailure`` with 78 where it is not said which, or two places are set; with 66 where there is no such folder.
    func open(makesFolder: Bool = false) throws -> JobPlace {
        if let endpoint { return try JobPlace(ServiceClient(address: endpoint)) }
        if storage.data == nil, jobs.jobs == nil, let endpoint = Settings.string("ENDPOINT") {
            if let other = ["JOBS", "DATA"].first(where: { Settings.string($0) != nil }) {
                throw CommandFailure(
                    status: .configuration,
                    message:
                        "PRELABEL_ENDPOINT and PRELABEL_\(other) are both set, and the jobs are at one place: name it with "
                        + "--endpoint or --data")
            }
            return try JobPlace(ServiceClient(address: endpoint))
        }
        if let folder = storage.folder, !makesFolder, !folder.isFolder {
            throw CommandFailure(
                status: .missingInput,
                message: "there is no data folder \(folder.string): name another with --data; `prelabel team create` makes one")
        }
        guard let engine = try jobs.engine(storage, objects: storage.store(), handlers: { _ in [] }) else {
            throw CommandFailure(
                status: .configuration,
                message: "where are the labeling jobs? Name a data folder with --data, their file with --jobs, or a service with "
                    + "--endpoint"
            )
        }
        return JobPlace(engine)
    }
}
