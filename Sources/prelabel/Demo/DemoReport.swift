import Annotations
import Foundation
import GroundTruth
import Pipeline
import Storage

/// `report.html`: one file that shows each page with its abstract framed, the workers' marks, the consolidated spans and the
/// exported lines.
struct DemoReport {
    /// More pages would make a file that no browser likes; the rest is said to be left out.
    static let maximumPages = 60

    let folder: DemoFolder
    let template: ReportTemplate
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
        try await folder.store.put(template.page(data), to: uri)
    }

    private func page(_ line: ManifestLine) async throws -> JSONOutput {
        let facts = line["text-file-s3-uri-metadata"]
        let reference = line.string("source-ref") ?? ""
        var page = try await ReportedPage(line, store: folder.store).json
        page["name"] = .string(reference.replacingOccurrences(of: "s3://\(DemoFolder.bucket)/", with: ""))
        page["status"] = .string(facts?["status"]?.string ?? "")
        page["line"] = .string(String(decoding: line.raw, as: UTF8.self))
        page["confidence"] = facts?["confidence"].map { .raw($0) }
        page["reason"] = facts?["failure-reason"].map { .raw($0) }
        guard let uri = line.string("text-file-s3-uri") else { return .object(page) }
        let text = try DocumentText(utf8: try await folder.store.get(ObjectURI(received: uri), atMost: 16 << 20))
        page["text"] = .string(text.string)
        page["exported"] = exported[reference].map { .string(String(decoding: $0, as: UTF8.self)) }
        guard let label = line[attribute] else { return .object(page) }
        page["workers"] = .array(workers(label, text: text))
        page["entities"] = label["annotations"]?["entities"].map { .raw($0) } ?? []
        page["scores"] = label["consolidation"]?["confidence"].map { .raw($0) } ?? []
        page["support"] = label["consolidation"]?["support"].map { .raw($0) } ?? []
        return .object(page)
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
}
