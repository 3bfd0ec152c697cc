import GroundTruth
import LabelingJobs
import Service
import Storage
import SystemPackage
import Transport

/// Where the labeling jobs are: in a file at hand, or at a service. Both give the documents of ``OwnerDesk``, from which commands
/// print, and throw the same errors.
struct JobPlace: Sendable {
    private enum Place: Sendable {
        case here(OwnerDesk)
        case service(ServiceClient)
    }

    private let place: Place
    /// Files that a person names.
    private let files: any ObjectStore

    init(_ engine: JobEngine) { (place, files) = (.here(OwnerDesk(engine: engine)), engine.objects) }

    init(_ service: ServiceClient) throws { (place, files) = (.service(service), try FolderStore(data: nil)) }

    /// The service's address.
    var address: String? { if case .service(let service) = place { service.address.redacted } else { nil } }

    func answer(
        _ request: @autoclosure () -> ServiceRequest, here: (OwnerDesk) async throws -> JSONOutput
    ) async throws -> JSONValue {
        switch place {
        case .here(let desk): try JSONScanner.parse(try await here(desk).bytes)
        case .service(let service): try await service.answer(to: request())
        }
    }

    // MARK: Jobs

    /// The newest first.
    func jobs() async throws -> [JSONValue] { try await answer(.get("jobs")) { try await $0.jobs() }.list("jobs") }

    func job(_ name: String) async throws -> JSONValue { try await answer(.get("jobs", name)) { try await $0.job(name) } }

    /// - Returns: The job's status then.
    func stop(_ job: String) async throws -> String {
        try await answer(.post("jobs", job, "stop")) { try await $0.stop(job) }.text("status")
    }

    func forEachObject(of job: String, in state: ObjectState?, _ body: (JSONValue) throws -> Void) async throws {
        try await forEach("objects") { first in
            var query = [("from", "\(first)")]
            if let state { query.append(("state", "\(state)")) }
            return try await answer(.get("jobs", job, "listing", query: query)) {
                try await $0.listing(of: job, in: state, from: first)
            }
        } body: {
            try body($0)
        }
    }

    /// Messages of a streaming job that are no objects.
    func forEachRefused(of job: String, _ body: (JSONValue) throws -> Void) async throws {
        try await forEach("refused") { first in
            try await answer(.get("jobs", job, "refused", query: [("from", "\(first)")])) {
                try await $0.refused(of: job, from: first)
            }
        } body: {
            try body($0)
        }
    }

    /// - Returns: How many answers were left out.
    func exclude(_ worker: String, from job: String) async throws -> Int {
        try await answer(.post("jobs", job, "exclude", body: ["worker": .string(worker)])) {
            try await $0.exclude(worker, from: job)
        }.number("answers")
    }

    /// - Returns: How many objects went out again.
    func wantMore(_ count: Int, for objects: [Int]?, of job: String) async throws -> Int {
        let body: JSONOutput = ["count": .int(count), "objects": objects.map { .array($0.map { .int($0) }) } ?? .null]
        return try await answer(.post("jobs", job, "more-answers", body: body)) {
            try await $0.wantMore(count, for: objects, of: job)
        }.number("objects")
    }

    /// Notices that were given up.
    ///
    /// - Returns: How many those are, and how many wait for their next try.
    func forEachFailedNotice(of job: String, _ body: (JSONValue) throws -> Void) async throws -> (failed: Int, waiting: Int) {
        var counts = (failed: 0, waiting: 0)
        try await forEach("failed") { first in
            let page = try await answer(.get("jobs", job, "notices", query: [("from", "\(first)")])) {
                try await $0.notices(of: job, from: first)
            }
            counts = (try page.number("failedCount"), try page.number("waiting"))
            return page
        } body: {
            try body($0)
        }
        return counts
    }

    /// - Returns: How many notices are tried once more.
    func reviveNotices(of job: String) async throws -> Int {
        try await answer(.post("jobs", job, "notices", "revive")) { try await $0.reviveNotices(of: job) }.number("revived")
    }

    /// Goes through a list page by page.
    private func forEach(
        _ list: String, page: (_ first: Int) async throws -> JSONValue, body: (JSONValue) throws -> Void
    ) async throws {
        var next: Int? = 0
        while let first = next {
            let document = try await page(first)
            for entry in try document.list(list) { try body(entry) }
            next = document["next"]?.int
            guard next.map({ $0 > first }) ?? true else { throw JSONValue.strange("next") }
        }
    }

    // MARK: New jobs

    /// - Returns: Seconds; `nil` where too few answers tell it.
    func medianAnswerSeconds() async throws -> Double? {
        try await answer(.get("effort")) { try await $0.effort(of: nil) }["medianAnswerSeconds"]?.double
    }

    func objectCount(of manifest: ObjectURI) async throws -> Int {
        // A file is here, wherever the jobs are.
        if case .file = manifest { return try await OwnerDesk.countObjects(of: manifest, in: files) }
        return try await answer(.get("effort", query: [("manifest", "\(manifest)")])) {
            try await $0.effort(of: manifest)
        }.number("objects")
    }

    /// A file or object that a person names.
    func bytes(of file: ObjectURI, atMost maximumBytes: Int) async throws -> [UInt8] {
        try await files.get(file, atMost: maximumBytes)
    }

    /// Copies a file to where the job reads it; an object stays where it is.
    func put(
        _ source: ObjectURI, as input: OwnerDesk.Input, of job: String, below output: ObjectURI
    ) async throws -> ObjectURI {
        guard case .file(let path) = source else { return source }
        switch place {
        case .here(let desk):
            let target = try await desk.place(of: input, of: job, below: output)
            let writer = try desk.objects.writer(to: target)
            try await files.read(source) { try writer.append($0) }
            try await writer.commit()
            return target
        case .service(let service):
            let length = try await files.info(of: source).size
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            defer { try? file.close() }
            return try await upload(
                .source(length: length) { offset, count in
                    let piece = try file.read(upTo: count, at: Int64(offset))
                    UploadProgress.show(path, from: offset, to: offset + piece.count, of: length)
                    return piece
                }, input, job, output, service)
        }
    }

    func put(
        _ bytes: [UInt8], as input: OwnerDesk.Input, of job: String, below output: ObjectURI
    ) async throws -> ObjectURI {
        switch place {
        case .here(let desk):
            let target = try await desk.place(of: input, of: job, below: output)
            try await desk.objects.put(bytes, to: target)
            return target
        case .service(let service): return try await upload(.bytes(bytes), input, job, output, service)
        }
    }

    private func upload(
        _ body: OutgoingRequest.Body, _ input: OwnerDesk.Input, _ job: String, _ output: ObjectURI, _ service: ServiceClient
    ) async throws -> ObjectURI {
        let request = ServiceRequest.put(
            "jobs", job, "input", input.rawValue, query: [("output", "\(output)")], body: body)
        return try ObjectURI(received: try await service.answer(to: request).text("uri"))
    }

    /// - Parameter request: A CreateLabelingJob request.
    /// - Returns: The job's ARN.
    func create(_ request: JSONOutput) async throws -> String {
        try await answer(.post("jobs", body: request)) {
            try await $0.create(try JSONScanner.parse(request.bytes))
        }.text("LabelingJobArn")
    }
}
