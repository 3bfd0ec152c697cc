import Annotations
import GroundTruth

/// A page's words and lines as Amazon Textract's blocks: PAGE, then LINE, then WORD, lines in reading order (contracts section 18).
///
/// Geometry is in shares of the image as a browser shows it, confidence in 0...100. The order of lines respects columns.
struct TextractBlocks {
    private let content: PageContent
    private let page: Int

    /// - Parameter page: The page's number, from 1.
    init(_ content: PageContent, page: Int) { (self.content, self.page) = (content, page) }

    /// The id of each word's block, in the order of the words.
    var wordIDs: [String] {
        (0..<content.lines.reduce(0) { $0 + $1.words.count }).map { id("word", $0 + 1) }
    }

    var json: [JSONOutput] {
        var lines: [JSONOutput] = []
        var words: [JSONOutput] = []
        for line in content.lines {
            var children: [JSONOutput] = []
            for word in line.words {
                let id = id("word", words.count + 1)
                children.append(.string(id))
                let own: [String: JSONOutput] = [
                    "Confidence": .decimal(word.confidence), "Text": .string(word.text), "TextType": "PRINTED",
                ]
                words.append(block("WORD", id, word.box, own))
            }
            let confidence = line.words.isEmpty ? 0 : line.words.reduce(0) { $0 + $1.confidence } / Double(line.words.count)
            var own: [String: JSONOutput] = [
                "Confidence": .decimal(confidence), "Text": .string(line.words.map(\.text).joined(separator: " ")),
            ]
            own["Relationships"] = relationships(to: children)
            lines.append(block("LINE", id("line", lines.count + 1), line.box, own))
        }
        let lineIDs: [JSONOutput] = lines.indices.map { .string(id("line", $0 + 1)) }
        let whole = NormalizedBox(left: 0, top: 0, width: 1, height: 1)
        var own: [String: JSONOutput] = [:]
        own["Relationships"] = relationships(to: lineIDs)
        return [block("PAGE", id("page", page), whole, own)] + lines + words
    }

    private func id(_ kind: String, _ number: Int) -> String {
        page == 1 ? "\(kind)-\(number)" : kind == "page" ? "page-\(page)" : "page-\(page)-\(kind)-\(number)"
    }

    private func relationships(to children: [JSONOutput]) -> JSONOutput? {
        children.isEmpty ? nil : [["Ids": .array(children), "Type": "CHILD"]]
    }

    private func block(_ type: String, _ id: String, _ box: NormalizedBox, _ own: [String: JSONOutput]) -> JSONOutput {
        let (right, bottom) = (min(1, box.left + box.width), min(1, box.top + box.height))
        let corners = [(box.left, box.top), (right, box.top), (right, bottom), (box.left, bottom)]
        let geometry: JSONOutput = [
            "BoundingBox": box.json, "Polygon": .array(corners.map { ["X": .decimal($0.0), "Y": .decimal($0.1)] }),
        ]
        let common: [String: JSONOutput] = [
            "BlockType": .string(type), "Geometry": geometry, "Id": .string(id), "Page": .int(page),
        ]
        return .object(common.merging(own) { $1 })
    }
}

extension NormalizedBox {
    /// A `BoundingBox` as Textract writes it.
    var json: JSONOutput {
        ["Height": .decimal(height), "Left": .decimal(left), "Top": .decimal(top), "Width": .decimal(width)]
    }
}
