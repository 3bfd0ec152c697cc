import FoundationEssentials
import GroundTruth
import LabelingJobs
import Logging
import Storage
import Synchronization
import SystemPackage

/// A clock that stands still until it is told to move.
final class TestClock: Sendable {
    private let milliseconds = Mutex<Int64>(1_709_287_323_000)
    var clock: JobClock { JobClock { Timestamp(milliseconds: self.milliseconds.withLock { $0 }) } }
    var now: Timestamp { clock.now() }
    func pass(seconds: Int) { milliseconds.withLock { $0 += Int64(seconds) * 1000 } }
}

/// A function that is a closure.
struct TestFunctions: JobFunctions {
    func isOwn(_ function: String) -> Bool { function.hasPrefix("own-") }

    let body: @Sendable (_ function: String, _ event: JSONValue) throws -> JSONOutput

    func invoke(_ function: String, event: [UInt8]) async throws(JobError) -> [UInt8] {
        do { return try body(function, try JSONScanner.parse(event)).bytes } catch {
            throw JobError(.functionFailed, "\(error)")
        }
    }
}

let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A data folder with a job store and an engine over it, there as long as a test runs.
final class Bench: Sendable {
    let folder: FilePath
    let objects: FolderStore
    let store: JobStore
    let engine: JobEngine
    let clock = TestClock()

    init(
        encryption: JobEngine.Encryption = .refused, listener: (any OutputListener)? = nil,
        functions: @escaping @Sendable (String, JSONValue) throws -> JSONOutput = { name, _ in
            throw JobError(.functionFailed, "no function \(name)")
        }
    ) throws {
        folder = FilePath(FileManager.default.temporaryDirectory.path).appending("prelabel-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        objects = try FolderStore(data: folder)
        store = try JobStore(path: folder.appending("jobs.sqlite").string)
        engine = JobEngine(
            store: store, objects: objects, functions: TestFunctions(body: functions),
            account: JobEngine.Account(region: "us-west-2", id: "111122223333"), encryption: encryption, clock: clock.clock,
            listener: listener, logger: silent)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.string) }

    func put(_ text: String, to uri: String) async throws { try await objects.put(Array(text.utf8), to: ObjectURI(received: uri)) }

    func text(of uri: String) async throws -> String {
        String(decoding: try await objects.get(ObjectURI(received: uri), atMost: 1 << 20), as: UTF8.self)
    }

    /// The lines of the output manifest, parsed.
    func output(_ job: String = "demo") async throws -> [JSONValue] {
        let text = try await text(of: "s3://bench/out/\(job)/manifests/output/output.manifest")
        return try text.split(separator: "\n").map { try JSONScanner.parse($0.utf8) }
    }

    func names(below uri: String) async throws -> [String] {
        guard case .folder(_, let names) = try await objects.listing(of: ObjectURI(received: uri)) else { return [] }
        return names
    }

    /// Puts a manifest of as many `source` lines, and categories, where ``request(_:)`` looks for them.
    func putInput(_ count: Int, labels: [String] = ["person", "animal", "plant"]) async throws {
        let lines = (0..<count).map { #"{"source":"text \#($0)","weight":1.0}"# + "\n" }
        try await put(lines.joined(), to: "s3://bench/in.manifest")
        let categories: JSONOutput = ["document-version": "2018-11-28", "labels": .array(labels.map { ["label": .string($0)] })]
        try await put(String(decoding: categories.bytes, as: UTF8.self), to: "s3://bench/categories.json")
    }

    func start(_ request: JSONValue) async throws {
        _ = try await engine.create(request)
        try await engine.advance()
        try await engine.advance()
    }

    /// Takes the next object and answers it.
    @discardableResult
    func answer(_ worker: String, _ text: String, job: String = "demo") async throws -> Int? {
        guard let task = try await store.claim(job, for: worker, at: clock.now) else { return nil }
        try await store.submit(try JSONScanner.parse(text.utf8), to: job, task.number, by: worker, at: clock.now)
        return task.number
    }
}

func choice(_ label: String) -> String { #"{"crowd-classifier":{"label":"\#(label)"}}"# }

/// A CreateLabelingJob request.
///
/// - Parameter functions: The name behind `PRE-` and `ACS-` of AWS's own functions, or `nil` for none.
func request(
    _ name: String = "demo", workers: Int = 1, builtIn: String? = "TextMultiClass", concurrent: Int = 1000,
    adding members: [String: JSONOutput] = [:], human: [String: JSONOutput] = [:]
) throws -> JSONValue {
    var task: [String: JSONOutput] = [
        "MaxConcurrentTaskCount": .int(concurrent), "NumberOfHumanWorkersPerDataObject": .int(workers),
        "TaskAvailabilityLifetimeInSeconds": 21_600, "TaskDescription": "d", "TaskTimeLimitInSeconds": 3600, "TaskTitle": "t",
        "UiConfig": ["UiTemplateS3Uri": "s3://bench/page.html"],
        "WorkteamArn": "arn:aws:sagemaker:us-west-2:111122223333:workteam/private-crowd/readers",
    ]
    if let builtIn {
        let prefix = "arn:aws:lambda:us-west-2:081040173940:function:"
        task["PreHumanTaskLambdaArn"] = .string("\(prefix)PRE-\(builtIn)")
        task["AnnotationConsolidationConfig"] = ["AnnotationConsolidationLambdaArn": .string("\(prefix)ACS-\(builtIn)")]
    }
    task.merge(human) { $1 }
    var request: [String: JSONOutput] = [
        "HumanTaskConfig": .object(task),
        "InputConfig": ["DataSource": ["S3DataSource": ["ManifestS3Uri": "s3://bench/in.manifest"]]],
        "LabelAttributeName": "kind", "LabelCategoryConfigS3Uri": "s3://bench/categories.json",
        "LabelingJobName": .string(name), "OutputConfig": ["S3OutputPath": "s3://bench/out"],
        "RoleArn": "arn:aws:iam::111122223333:role/gt-exec",
    ]
    request.merge(members) { $1 }
    return try JSONScanner.parse(JSONOutput.object(request).bytes)
}
