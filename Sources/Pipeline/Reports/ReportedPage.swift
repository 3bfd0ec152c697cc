import FoundationEssentials
package import GroundTruth
package import Storage

/// What a report shows of a page scan: the image, the regions that were read, and where the words of the text are.
package struct ReportedPage: Sendable {
    private static let maximumImageBytes = 64 << 20
    private static let maximumRecordBytes = 64 << 20

    /// Members for the report's data.
    package private(set) var json: [String: JSONOutput] = [:]

    /// - Parameter line: Of a manifest, or of span JSON Lines that kept its keys.
    /// - Throws: When a page record is named that cannot be read; an image that is missing is left out.
    package init(_ line: ManifestLine, store: any ObjectStore) async throws {
        let facts = line["text-file-s3-uri-metadata"]
        json["regions"] = facts?["regions"].map { .raw($0) } ?? []
        if let reference = line.string("source-ref"),
            let image = try? await store.get(ObjectURI(received: reference), atMost: Self.maximumImageBytes)
        {
            let type = image.first == 0x89 ? "image/png" : "image/jpeg"
            json["image"] = .string("data:\(type);base64,\(Data(image).base64EncodedString())")
        }
        if let uri = facts?["page-record"]?.string {
            let record = try JSONScanner.parse(try await store.get(ObjectURI(received: uri), atMost: Self.maximumRecordBytes))
            json["words"] = .array(Self.words(of: record))
            json["finding"] = record["reason"].map { .raw($0) }
        }
    }

    /// `[start, end, left, top, width, height]` of each word, offsets in scalars.
    private static func words(of record: JSONValue) -> [JSONOutput] {
        var boxes: [String: JSONValue] = [:]
        for block in record["Blocks"]?.array ?? [] where block["BlockType"]?.string == "WORD" {
            if let id = block["Id"]?.string, let box = block["Geometry"]?["BoundingBox"] { boxes[id] = box }
        }
        return (record["TextMap"]?["Words"]?.array ?? []).compactMap { word in
            guard let box = word["BlockId"]?.string.flatMap({ boxes[$0] }) else { return nil }
            let values = [word["StartOffset"], word["EndOffset"], box["Left"], box["Top"], box["Width"], box["Height"]]
            return .array(values.map { $0.map { .raw($0) } ?? .null })
        }
    }
}
