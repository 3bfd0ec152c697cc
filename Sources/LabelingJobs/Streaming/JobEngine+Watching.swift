import GroundTruth
import Logging
import Storage

extension JobEngine {
    /// Takes in what lies in a job's folder `S3OutputPath/JOB/incoming`: each line of a file `*.jsonl` or `*.manifest`, and every other
    /// file as one object, by reference. Files stay as they are. Lines added to a file later are taken in too; a last line without a
    /// line end counts once its file has stayed the same for a while.
    ///
    /// - Returns: How many objects and faulty lines were new.
    func takeWatched(_ job: JobRecord) async throws(JobError) -> Int {
        let folder = job.settings.output.appending("incoming")
        let listing: ObjectListing
        do { listing = try await objects.listing(of: folder) } catch {
            logger.warning("a watched folder cannot be read", metadata: ["job": "\(job.name)", "reason": "\(error)"])
            return 0
        }
        guard case .folder(let base, let names) = listing else { return 0 }
        var count = 0
        for name in names {
            do { count += try await takeFile(base.appending(name), name, job) } catch let error as JobError {
                throw error
            } catch {
                logger.warning(
                    "a watched file cannot be read", metadata: ["job": "\(job.name)", "file": "\(name)", "reason": "\(error)"])
            }
        }
        return count
    }

    /// A file that has not changed for so long is taken for whole.
    private static let settlingSeconds = 10

    private func takeFile(_ uri: ObjectURI, _ name: String, _ job: JobRecord) async throws -> Int {
        guard let folder = objects as? FolderStore else { return 0 }
        let now = clock.now()
        let version = try folder.details(of: uri).eTag
        var file = try await store.watchedFile(name, of: job) ?? WatchedFile(name: name)
        let isWhole = file.version == version && now >= file.seen.adding(seconds: Self.settlingSeconds)
        guard file.version != version || isWhole, !(file.isSettled && file.version == version) else { return 0 }
        let count: Int
        if name.hasSuffix(".jsonl") || name.hasSuffix(".manifest") {
            count = try await takeLines(uri, &file, isWhole: isWhole, job)
        } else {
            // What is written in place may be half there.
            count = isWhole ? try await takeReference(uri, job) : 0
        }
        (file.version, file.seen, file.isSettled) = (version, now, isWhole)
        try await store.setWatchedFile(file, of: job)
        return count
    }

    private func takeReference(_ uri: ObjectURI, _ job: JobRecord) async throws(JobError) -> Int {
        let line: JSONOutput = ["source-ref": .string("\(uri)")]
        let reader = StreamReader(attribute: job.settings.attribute)
        let input = reader.line(String(decoding: line.bytes, as: UTF8.self), id: "\(uri)")
        return try await store.takeIn([input], of: job, at: clock.now()).accepted
    }

    private func takeLines(
        _ uri: ObjectURI, _ file: inout WatchedFile, isWhole: Bool, _ job: JobRecord
    ) async throws -> Int {
        let reader = StreamReader(attribute: job.settings.attribute)
        let known = file.lines
        var inputs: [StreamInput] = []
        var count = 0
        var splitter = LineSplitter()
        func keep(_ line: LineSplitter.Line) {
            guard !line.isBlank, line.number > known else { return }
            inputs.append(reader.line(String(decoding: line.bytes, as: UTF8.self), id: "\(uri)#\(line.number)"))
        }
        func flush() async throws(JobError) {
            guard !inputs.isEmpty else { return }
            let tally = try await store.takeIn(inputs, of: job, at: clock.now())
            count += tally.accepted
            inputs.removeAll(keepingCapacity: true)
        }
        try await objects.read(uri) { piece in
            for line in splitter.append(piece) {
                keep(line)
                file.lines = max(file.lines, line.number)
            }
            if inputs.count >= Self.intakeSize { try await flush() }
        }
        // A line that is still being written is no line yet.
        if isWhole, let last = splitter.finish() {
            keep(last)
            file.lines = max(file.lines, last.number)
        }
        try await flush()
        return count
    }
}
