import Annotations
import GroundTruth

/// How reading a page ended.
package enum PageStatus: Equatable, Sendable {
    case found
    /// There is no abstract; the text is empty.
    case notFound
    case failed(reason: String)

    /// As records and manifests write it.
    var name: String {
        switch self {
        case .found: "found"
        case .notFound: "not-found"
        case .failed: "failed"
        }
    }
}

/// The sidecar of a page: how it was read, its words and lines in Textract's shapes, and where each word stands in the text object.
///
/// It is written after the text object, so a page whose record is there is done. `Blocks` follow Amazon Textract (contracts section
/// 18): PAGE, LINE and WORD with geometry in shares of the image as a browser shows it and confidences in 0...100; `TextMap` has
/// Unicode-scalar ranges.
struct PageRecord {
    /// What a record is called after its page's image.
    static let suffix = ".page.json"

    var status: PageStatus
    var sourceSHA256: String
    /// As written, for comparison.
    var settings: [UInt8]
    /// For pages that were read.
    var text: TextFacts?

    /// What a manifest line says about a text.
    struct TextFacts {
        var characters: Int
        var confidence: Double
        var sha256: String
        /// Boxes as JSON.
        var regions: JSONOutput
    }
}

// MARK: Writing

extension PageRecord {
    /// - Parameter content: What was read; `nil` for a page that failed.
    func json(content: PageContent?) -> [UInt8] {
        var members: [String: JSONOutput] = [
            "settings": .raw(settings[...]), "source-sha256": .string(sourceSHA256), "status": .string(status.name),
        ]
        if case .failed(let reason) = status { members["failure-reason"] = .string(reason) }
        if let text, let content {
            members["characters"] = .int(text.characters)
            members["confidence"] = .decimal(text.confidence)
            members["reason"] = .string(content.reason)
            members["regions"] = text.regions
            members["text-sha256"] = .string(text.sha256)
            members["image"] = ["height": .int(content.heightPixels), "width": .int(content.widthPixels)]
            members.merge(Self.blocks(content)) { $1 }
        }
        return JSONOutput.object(members).bytes + [0x0A]
    }

    private static func blocks(_ content: PageContent) -> [String: JSONOutput] {
        let blocks = TextractBlocks(content, page: 1)
        let map: [JSONOutput] = zip(content.lines.flatMap(\.words), blocks.wordIDs).map { word, id in
            [
                "BlockId": .string(id), "EndOffset": .int(word.range.upperBound.rawValue),
                "StartOffset": .int(word.range.lowerBound.rawValue),
            ]
        }
        return [
            "Blocks": .array(blocks.json),
            "TextMap": [
                "JoinedHyphens": .array(content.joinedHyphens.map { .int($0.rawValue) }), "OffsetUnit": .string(ScalarOffset.unit),
                "Words": .array(map),
            ],
        ]
    }
}

// MARK: Reading

extension PageRecord {
    /// - Returns: `nil` for what is no page record of ours: the page is then read anew.
    init?(parsing bytes: [UInt8]) {
        guard let record = try? JSONScanner.parse(bytes), let settings = record["settings"],
            let sha = record["source-sha256"]?.string
        else { return nil }
        switch record["status"]?.string {
        case "found": status = .found
        case "not-found": status = .notFound
        case "failed": status = .failed(reason: record["failure-reason"]?.string ?? "")
        default: return nil
        }
        (sourceSHA256, self.settings) = (sha, Array(settings.raw))
        if case .failed = status { return }
        guard let characters = record["characters"]?.int, let confidence = record["confidence"]?.double,
            let textSHA = record["text-sha256"]?.string, let regions = record["regions"]
        else { return nil }
        text = TextFacts(
            characters: characters, confidence: confidence, sha256: textSHA, regions: .raw(regions))
    }
}
