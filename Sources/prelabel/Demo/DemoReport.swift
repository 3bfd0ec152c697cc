import Annotations
import Foundation
import GroundTruth
import Storage

/// `report.html`: one file that shows each page with its abstract framed, the workers' marks, the consolidated spans and the
/// exported lines.
struct DemoReport {
    /// More pages would make a file that no browser likes; the rest is said to be left out.
    static let maximumPages = 60

    let folder: DemoFolder
    let template: [UInt8]
    /// The output manifest's lines.
    let lines: [ManifestLine]
    let attribute: String
    /// What an export made of each object, by its `source-ref`.
    let exported: [String: [UInt8]]
    let isSimulated: Bool

    func write(to uri: ObjectURI) async throws {
        var pages: [JSONOutput] = []
        for line in lines.prefix(Self.maximumPages) { pages.append(try await page(line)) }
        let data: JSONOutput = [
            "leftOut": .int(max(0, lines.count - Self.maximumPages)), "pages": .array(pages), "simulated": .bool(isSimulated),
        ]
        // The data stand in a script element: no text of a page may close it.
        let json = String(decoding: data.bytes, as: UTF8.self).replacingOccurrences(of: "<", with: #"\u003c"#)
        let html = String(decoding: template, as: UTF8.self).replacingOccurrences(of: "{{DATA}}", with: json)
        try await folder.store.put(Array(html.utf8), to: uri)
    }

    private func page(_ line: ManifestLine) async throws -> JSONOutput {
        let facts = line["text-file-s3-uri-metadata"]
        let reference = line.string("source-ref") ?? ""
        var page: [String: JSONOutput] = [
            "name": .string(reference.replacingOccurrences(of: "s3://\(DemoFolder.bucket)/", with: "")),
            "status": .string(facts?["status"]?.string ?? ""), "line": .string(String(decoding: line.raw, as: UTF8.self)),
        ]
        page["confidence"] = facts?["confidence"].map { .raw($0) }
        page["reason"] = facts?["failure-reason"].map { .raw($0) }
        page["regions"] = facts?["regions"].map { .raw($0) } ?? []
        if let image = try? await folder.store.get(ObjectURI(received: reference), atMost: 64 << 20) {
            page["image"] = .string("data:\(Self.mediaType(of: image));base64,\(Data(image).base64EncodedString())")
        }
        guard let uri = line.string("text-file-s3-uri") else { return .object(page) }
        let text = try DocumentText(utf8: try await folder.store.get(ObjectURI(received: uri), atMost: 16 << 20))
        page["text"] = .string(text.string)
        if let recordURI = facts?["page-record"]?.string {
            let record = try JSONScanner.parse(try await folder.store.get(ObjectURI(received: recordURI), atMost: 64 << 20))
            page["words"] = .array(Self.words(of: record))
            page["finding"] = record["reason"].map { .raw($0) }
        }
        page["exported"] = exported[reference].map { .string(String(decoding: $0, as: UTF8.self)) }
        guard let label = line[attribute] else { return .object(page) }
        page["workers"] = .array(workers(label, text: text))
        page["entities"] = label["annotations"]?["entities"].map { .raw($0) } ?? []
        page["scores"] = label["consolidation"]?["confidence"].map { .raw($0) } ?? []
        page["support"] = label["consolidation"]?["support"].map { .raw($0) } ?? []
        return .object(page)
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

    /// Each worker's marks in UTF-16 offsets, whatever the form of the answer.
    private func workers(_ label: JSONValue, text: DocumentText) -> [JSONOutput] {
        (label["annotationsFromAllWorkers"]?.array ?? []).map { element in
            var spans: [UTF16Span] = []
            if let content = element["annotationData"]?["content"]?.string, let answer = try? WorkerAnswer(parsing: content) {
                switch answer.marks {
                case .characters(let marks): spans = marks
                case .tokens(let marks):
                    let tokens = SeedTokenization(text)
                    spans = marks.compactMap { try? tokens.scalar($0.span, surface: $0.surface) }.map { text.utf16($0) }
                }
            }
            let entities: [JSONOutput] = spans.map {
                ["endOffset": .int($0.end.rawValue), "label": .string($0.label.name), "startOffset": .int($0.start.rawValue)]
            }
            return ["id": element["workerId"].map { .raw($0) } ?? "", "entities": .array(entities)]
        }
    }

    private static func mediaType(of image: [UInt8]) -> String { image.first == 0x89 ? "image/png" : "image/jpeg" }
}
