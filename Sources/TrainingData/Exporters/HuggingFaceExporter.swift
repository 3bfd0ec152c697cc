import Annotations
import GroundTruth

/// Hugging Face rows for token classification, BIO2: `tokens` and `ner_tags` as class numbers, whose names stand in the dataset
/// card `README.md`; `start`, `end` (code points) and `text` make the way back possible.
///
/// Classes are numbered as labels come up, so that data added at the end leaves earlier numbers as they are.
struct HuggingFaceExporter: Exporter {
    /// Common models read so many tokens at most.
    static let maximumTokens = 512

    private var parts: [String] = []
    private var classes: [Label: Int] = [:]
    /// `O`, then `B-` and `I-` of each label.
    private var classNames = ["O"]

    mutating func begin(part: String) -> [FilePiece] {
        parts.append(part)
        return [FilePiece("\(part).jsonl", "")]
    }

    mutating func export(_ document: LabeledDocument, part: String) throws(RecordError) -> Exported {
        let ranges = TokenRanges(document)
        var losses = ranges.losses
        if ranges.tokens.count > Self.maximumTokens {
            losses.append(
                Loss(
                    id: document.id, code: "long-text",
                    message: "\(ranges.tokens.count) tokens; common models read \(Self.maximumTokens) pieces and cut the rest off"))
        }
        var tags = Array(repeating: 0, count: ranges.tokens.count)
        for span in ranges.spans {
            let begin = number(of: span.label)
            for index in span.first..<span.end { tags[index] = index == span.first ? begin : begin + 1 }
        }
        let row: JSONOutput = [
            "end": .array(ranges.tokens.map { .int($0.upperBound.rawValue) }), "id": .string(document.id),
            "ner_tags": .array(tags.map { .int($0) }), "start": .array(ranges.tokens.map { .int($0.lowerBound.rawValue) }),
            "text": .string(document.text.string), "tokens": .array(ranges.tokens.map { .string(document.text.slice($0)) }),
        ]
        return Exported([FilePiece("\(part).jsonl", row.bytes + [0x0A])], losses: losses)
    }

    /// The class of the label's first token; that of its other tokens follows.
    private mutating func number(of label: Label) -> Int {
        if let known = classes[label] { return known }
        let number = classNames.count
        classes[label] = number
        classNames += ["B-\(label)", "I-\(label)"]
        return number
    }

    mutating func finish() -> Exported {
        Exported([FilePiece(DatasetCard.fileName, DatasetCard.text(parts: parts, classNames: classNames), isWhole: true)])
    }
}

/// The head of a dataset's `README.md`, in YAML.
enum DatasetCard {
    static let fileName = "README.md"

    static func text(parts: [String], classNames: [String]) -> String {
        var card = "---\nconfigs:\n- config_name: default\n  data_files:\n"
        for part in parts {
            let split = ["all": "train", "dev": "validation"][part] ?? part
            card += "  - split: \(split)\n    path: \(part).jsonl\n"
        }
        card += "dataset_info:\n  features:\n"
        for (name, type) in [
            ("end", "int64"), ("id", nil), ("ner_tags", nil), ("start", "int64"), ("text", nil), ("tokens", "string"),
        ] {
            card += "  - name: \(name)\n"
            if name == "ner_tags" {
                card += "    sequence:\n      class_label:\n        names:\n"
                for (number, name) in classNames.enumerated() { card += "          '\(number)': \(quoted(name))\n" }
            } else {
                card += type.map { "    sequence: \($0)\n" } ?? "    dtype: string\n"
            }
        }
        return card + "---\n"
    }

    /// A scalar of YAML: plain where that is safe, else quoted as JSON, which YAML contains.
    private static func quoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return isPlain ? name : String(decoding: JSONOutput.string(name).bytes, as: UTF8.self)
    }

    /// The class names of a card, by number; `nil` when it has none.
    static func classNames(in card: String) -> [Int: String]? {
        var names: [Int: String] = [:]
        var isInside = false
        for line in card.unicodeScalars.split(separator: "\n").map({ Substring($0) }) {
            let trimmed = line.drop { $0 == " " }
            if trimmed == "names:" || trimmed == "names:\r" {
                isInside = true
            } else if isInside {
                let parts = trimmed.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, let number = Int(parts[0].filter { $0 != "'" && $0 != "\"" }) else { break }
                names[number] = unquoted(parts[1])
            }
        }
        return names.isEmpty ? nil : names
    }

    private static func unquoted(_ scalar: Substring) -> String {
        let text = scalar.drop { $0 == " " }
        let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
        let trimmed = text[..<end]
        if trimmed.hasPrefix("\""), let string = (try? JSONScanner.parse(trimmed.utf8))?.string { return string }
        if trimmed.hasPrefix("'"), trimmed.hasSuffix("'"), trimmed.count >= 2 {
            return trimmed.dropFirst().dropLast().split(separator: "''", omittingEmptySubsequences: false).joined(separator: "'")
        }
        return String(trimmed)
    }
}
