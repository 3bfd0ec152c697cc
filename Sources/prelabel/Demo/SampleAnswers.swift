import GroundTruth
import Storage

/// The synthetic answers of `Fixtures/answers/answers.jsonl`, for the pages whose text came out as it did when they were made.
struct SampleAnswers {
    private struct Page {
        let textSHA256: String
        let annotations: JSONValue
    }

    /// Objects for a consolidation request, in manifest order, as (index of the manifest line, element of the payload).
    private(set) var objects: [(index: Int, payload: JSONOutput)] = []
    /// Pages that have answers for another text, which are left out.
    private(set) var changedPages: [String] = []

    init(parsing bytes: [UInt8], manifest: [ManifestLine], pagesPrefix: String) throws {
        var pages: [String: Page] = [:]
        for line in bytes.split(separator: 0x0A) {
            let answers = try ManifestLine(parsing: line)
            guard let page = answers.string("page"), let sha256 = answers.string("text-sha256"),
                let annotations = answers["annotations"]
            else { continue }
            pages[page] = Page(textSHA256: sha256, annotations: annotations)
        }
        for (index, line) in manifest.enumerated() {
            guard let reference = line.string("source-ref"), reference.hasPrefix(pagesPrefix) else { continue }
            let name = String(reference.dropFirst(pagesPrefix.count))
            guard let page = pages[name] else { continue }
            guard line["text-file-s3-uri-metadata"]?["text-sha256"]?.string == page.textSHA256 else {
                changedPages.append(name)
                continue
            }
            objects.append(
                (
                    index,
                    [
                        "annotations": .raw(page.annotations), "dataObject": ["s3Uri": .string(reference)],
                        "datasetObjectId": .string("\(index)"),
                    ]
                ))
        }
    }
}
