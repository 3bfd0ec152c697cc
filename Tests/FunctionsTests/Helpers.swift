import Annotations
import Consolidation
import FoundationEssentials
import Functions
import GroundTruth
import Logging
import Storage
import SystemPackage
import Testing

/// A data folder that is there as long as a test runs.
final class TestStore: Sendable {
    let folder: FilePath
    let store: FolderStore

    init() throws {
        folder = FilePath(FileManager.default.temporaryDirectory.path).appending("prelabel-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        store = try FolderStore(data: folder)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.string) }

    func put(_ text: String, to uri: String) async throws { try await store.put(Array(text.utf8), to: ObjectURI(received: uri)) }
}

let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A line of a manifest, with its LF.
func line(_ members: JSONOutput) -> String { String(decoding: members.bytes, as: UTF8.self) + "\n" }

extension JSONValue {
    var written: String { String(decoding: raw, as: UTF8.self) }
}

// MARK: Answers

typealias Plain = (start: Int, end: Int, label: String)

/// One worker's answer as it stands in a payload.
func answer(_ workerID: String, content: String) -> JSONOutput {
    ["annotationData": ["content": .string(content)], "workerId": .string(workerID)]
}

/// Content of `crowd-entity-annotation`, UTF-16 offsets.
func crowd(_ spans: Plain...) -> String {
    let entities: [JSONOutput] = spans.map {
        ["endOffset": .int($0.end), "label": .string($0.label), "startOffset": .int($0.start)]
    }
    return String(decoding: JSONOutput.object(["crowd-entity-annotation": ["entities": .array(entities)]]).bytes, as: UTF8.self)
}

/// Content of the seed's page: token spans in a document inside a string.
func seed(_ spans: (start: Int, end: Int, tokens: [String], tag: String)...) -> String {
    let value: [JSONOutput] = spans.map {
        [
            "color": "#84d2ff", "end": .int($0.end), "start": .int($0.start), "tag": .string($0.tag),
            "tokens": .array($0.tokens.map { .string($0) }),
        ]
    }
    let state: JSONOutput = ["claimResult": false, "notes": "", "numPages": 1, "tag": "BACKGROUND", "value": .array(value)]
    return String(
        decoding: JSONOutput.object(["annotations": .string(String(decoding: state.bytes, as: UTF8.self))]).bytes, as: UTF8.self)
}

func object(_ id: String, _ dataObject: JSONOutput, _ answers: JSONOutput...) -> JSONOutput {
    ["annotations": .array(answers), "dataObject": dataObject, "datasetObjectId": .string(id)]
}

/// The event of the post-annotation function with its payload inside.
func event(_ objects: JSONOutput..., categories: JSONOutput = .null) -> [UInt8] {
    JSONOutput.object([
        "labelAttributeName": "demo", "labelCategories": categories,
        "labelingJobArn": "arn:aws:sagemaker:us-west-2:111122223333:labeling-job/demo",
        "payload": .array(objects), "version": "2018-10-16",
    ]).bytes
}

/// The answer of the post-annotation function, read.
struct Answered {
    let ids: [String]
    let annotations: [JSONValue]
    let failures: [String]

    init(_ response: PostAnnotation.Response) throws {
        #expect(response.body.last == 0x0A)
        let elements = try #require(try JSONScanner.parse(response.body).array)
        ids = elements.compactMap { $0["datasetObjectId"]?.string }
        annotations = try elements.map { try #require($0["consolidatedAnnotation"]?["content"]?["demo"]) }
        failures = response.failures.map(\.datasetObjectID)
    }

    /// `start..<end label` of an object's entities.
    func spans(_ index: Int = 0) -> [String]? {
        annotations[index]["annotations"]?["entities"]?.array?.map {
            "\($0["startOffset"]?.written ?? "")..<\($0["endOffset"]?.written ?? "") \($0["label"]?.string ?? "")"
        }
    }

    func unit(_ index: Int = 0) -> String? { annotations[index]["consolidation"]?["offset-unit"]?.string }
    func failureReason(_ index: Int = 0) -> String? { annotations[index]["consolidation"]?["failure-reason"]?.string }
    /// `worker: reason` of each answer or span that was left out.
    func rejected(_ index: Int = 0) -> [String] {
        annotations[index]["consolidation"]?["rejected"]?.array?.map {
            "\($0["workerId"]?.string ?? ""): \($0["reason"]?.string ?? "")"
        } ?? []
    }
}

extension TestStore {
    func consolidate(
        _ event: [UInt8], manifest: String? = nil, jobManifests: LabelingJobManifests? = nil,
        method: ConsolidationMethod = .groundTruth
    ) async throws -> Answered {
        let function = PostAnnotation(
            store: store, manifest: try manifest.map { try ObjectURI(received: $0) }, jobManifests: jobManifests, method: method)
        return try Answered(try await function.respond(to: event, logger: silent))
    }
}
