import Algorithms
import Annotations
import GroundTruth

/// WebAnno TSV 3.3, which INCEpTION reads: `PART/ID.tsv`, a line a token, offsets in UTF-16 units.
///
/// Without `sentences` the text is one. Overlaps stay; a span that starts or ends inside a token is on a sub-token.
struct WebAnnoExporter: Exporter {
    static let header =
        "#FORMAT=WebAnno TSV 3.3\n#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|value\n\n"

    mutating func begin(part: String) -> [FilePiece] { [] }

    mutating func export(_ document: LabeledDocument, part: String) throws(RecordError) -> Exported {
        var (spans, losses) = FlatSpans.trim(document)
        let tokens = document.tokens
        spans = spans.filter { span in
            if tokens.contains(where: { $0.overlaps(span.start..<span.end) }) { return true }
            losses.append(Loss(id: document.id, code: "no-token", message: "no token lies in the span", span: span))
            return false
        }
        let sentences = Self.sentences(of: document)
        losses += Self.textLosses(document, sentences: sentences)
        let units = Units(document.text, tokens: tokens, spans: spans)
        var text = Self.header
        var next = 0
        for (number, sentence) in sentences.enumerated() {
            text += "\n"
            for line in document.text.slice(sentence).unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
                text += "#Text=\(WebAnnoEscapes.text(String(Substring(line))))\n"
            }
            var index = 1
            while next < tokens.count, tokens[next].lowerBound < sentence.upperBound {
                text += units.lines(of: next, id: "\(number + 1)-\(index)")
                (next, index) = (next + 1, index + 1)
            }
        }
        let name = "\(part)/\(DocumentFileName.encode(document.id)).tsv"
        return Exported([FilePiece(name, text, isWhole: true)], losses: losses)
    }

    /// From the first to the last token of each sentence, since a sentence starts at its first token; sentences without a token go.
    private static func sentences(of document: LabeledDocument) -> [Range<ScalarOffset>] {
        let tokens = document.tokens
        let ends = (document.sentences ?? []).map(\.upperBound) + [ScalarOffset(document.text.scalarCount)]
        var sentences: [Range<ScalarOffset>] = []
        var first = 0
        for end in ends {
            let next = tokens.partitioningIndex { $0.lowerBound >= end }
            if next > first { sentences.append(tokens[first].lowerBound..<tokens[next - 1].upperBound) }
            first = max(first, next)
        }
        return sentences
    }

    /// The format holds the text of sentences only: readers put blanks between them.
    private static func textLosses(_ document: LabeledDocument, sentences: [Range<ScalarOffset>]) -> [Loss] {
        let gaps = zip(sentences, sentences.dropFirst()).map { document.text.slice($0.upperBound..<$1.lowerBound) }
        let start = document.text.slice(ScalarOffset(0)..<(sentences.first?.lowerBound ?? ScalarOffset(0)))
        let end = document.text.slice((sentences.last?.upperBound ?? ScalarOffset(0))..<ScalarOffset(document.text.scalarCount))
        let kept = gaps.allSatisfy { $0.utf8.elementsEqual("\n".utf8) } && start.utf8.allSatisfy { $0 == 0x20 } && end.isEmpty
        guard !kept else { return [] }
        return [
            Loss(
                id: document.id, code: "white-space",
                message: "white space before, between or after sentences is not in the file; offsets stay")
        ]
    }

    mutating func finish() -> Exported { Exported() }
}

/// The annotations of tokens and of parts of tokens.
private struct Units {
    private let text: DocumentText
    private let tokens: [Range<ScalarOffset>]
    /// For each token, the spans on it as a whole, and the parts of it that spans start or end in.
    private var whole: [[Int]]
    private var parts: [Int: [(range: Range<ScalarOffset>, spans: [Int])]] = [:]
    private let spans: [ScalarSpan]
    /// Spans that need a number, with it: those of several units and those that share a unit.
    private var numbers: [Int: Int] = [:]

    init(_ text: DocumentText, tokens: [Range<ScalarOffset>], spans: [ScalarSpan]) {
        (self.text, self.tokens) = (text, tokens)
        self.spans = spans.sorted()
        whole = Array(repeating: [], count: tokens.count)
        var needsNumber: Set<Int> = []
        for (index, span) in self.spans.enumerated() {
            let first = tokens.partitioningIndex { $0.upperBound > span.start }
            let end = tokens.partitioningIndex { $0.lowerBound >= span.end }
            if end - first > 1 { needsNumber.insert(index) }
            for token in first..<end {
                let range = max(tokens[token].lowerBound, span.start)..<min(tokens[token].upperBound, span.end)
                if range == tokens[token] {
                    whole[token].append(index)
                } else if let place = parts[token]?.firstIndex(where: { $0.range == range }) {
                    parts[token]?[place].spans.append(index)
                } else {
                    parts[token, default: []].append((range, [index]))
                }
            }
        }
        for shared in whole + parts.values.flatMap({ $0.map(\.spans) }) where shared.count > 1 { needsNumber.formUnion(shared) }
        for (number, index) in needsNumber.sorted().enumerated() { numbers[index] = number + 1 }
    }

    /// The line of a token and those of its parts.
    func lines(of token: Int, id: String) -> String {
        var lines = line(id, tokens[token], whole[token])
        let parts = (parts[token] ?? []).sorted { left, right in
            (left.range.lowerBound, left.range.upperBound) < (right.range.lowerBound, right.range.upperBound)
        }
        for (index, part) in parts.enumerated() { lines += line("\(id).\(index + 1)", part.range, part.spans) }
        return lines
    }

    private func line(_ id: String, _ range: Range<ScalarOffset>, _ spans: [Int]) -> String {
        let values = spans.map { index in
            let value = WebAnnoEscapes.value(self.spans[index].label.name)
            return numbers[index].map { "\(value)[\($0)]" } ?? value
        }
        let column = values.isEmpty ? "_" : values.joined(separator: "|")
        return "\(id)\t\(text.utf16(range.lowerBound))-\(text.utf16(range.upperBound))\t\(text.slice(range))\t\(column)\n"
    }
}

/// The escapes of WebAnno TSV 3.2 and later.
enum WebAnnoEscapes {
    /// Signs that part values, with a backslash before them; `->` has one before the pair.
    static func value(_ text: String) -> String {
        if text.isEmpty { return "*" }
        var result = ""
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "\t": result += "\\t"
            case "\n": result += "\\n"
            case "\\", "[", "]", "|", "_", ";", "*":
                result += "\\"
                result.unicodeScalars.append(scalar)
            case "-" where index + 1 < scalars.count && scalars[index + 1] == ">": result += "\\-"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Backslashes and control characters of a `#Text=` line.
    static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || $0 == "\\" }) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\\": result += "\\\\"
            case "\t": result += "\\t"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\u{C}": result += "\\f"
            case "\u{8}": result += "\\b"
            case "\u{0}"..."\u{1F}" where scalar != "\u{B}":
                result += "\\"
                result.unicodeScalars.append(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    /// Takes the escapes out of a value or a text.
    static func unescaped(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return String(text) }
        var result = ""
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                switch scalar {
                case "t": result += "\t"
                case "n": result += "\n"
                case "r": result += "\r"
                case "f": result += "\u{C}"
                case "b": result += "\u{8}"
                default: result.unicodeScalars.append(scalar)
                }
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
