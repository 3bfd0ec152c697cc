import GroundTruth
import Storage

/// What a model of a ``ModelLearner`` was trained on, kept beside it: after a restart the learner goes on where it was.
struct LearningRecord {
    /// An output manifest with how many of its objects are labeled.
    struct Manifest: Equatable {
        let uri: ObjectURI
        let attribute: String
        var labeled: Int
    }

    static let maximumBytes = 256 << 20

    /// By URI and attribute.
    var manifests: [Manifest] = []
    /// SHA-256 of the texts, in hex.
    var texts: Set<String> = []

    var labeled: Int { manifests.reduce(0) { $0 + $1.labeled } }

    mutating func note(_ manifest: Manifest) {
        if let place = manifests.firstIndex(where: { $0.name == manifest.name }) {
            manifests[place] = manifest
        } else {
            manifests.append(manifest)
            manifests.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        }
    }

    var json: JSONOutput {
        [
            "manifests": .array(
                manifests.map {
                    ["attribute": .string($0.attribute), "labeled": .int($0.labeled), "uri": .string("\($0.uri)")]
                }),
            "texts": .array(texts.sorted().map { .string($0) }),
        ]
    }

    init() {}

    /// - Throws: When the bytes are no such record.
    init(parsing bytes: [UInt8]) throws {
        let value = try JSONValue.message(bytes, "the record of a trained model")
        for manifest in value["manifests"]?.array ?? [] {
            note(
                Manifest(
                    uri: try ObjectURI(received: try manifest.requiredString("uri", in: "a manifest")),
                    attribute: try manifest.requiredString("attribute", in: "a manifest"), labeled: manifest["labeled"]?.int ?? 0))
        }
        texts = Set((value["texts"]?.array ?? []).compactMap(\.string))
    }
}

extension LearningRecord.Manifest {
    fileprivate var name: String { "\(uri) \(attribute)" }
}
