import Annotations
import GroundTruth

/// spaCy's training format: `PART.spacy`, and `PART-2.spacy` … beyond a million tokens, so that memory stays bounded.
///
/// `ents` holds what a flat format can; where spans overlap, all of them are in the span group `sc` too. The id is in `user_data`.
struct DocBinExporter: Exporter {
    private let maximumTokens: Int
    private var parts: [(name: String, bin: DocBin, files: Int)] = []

    init(maximumTokens: Int = 1_000_000) { self.maximumTokens = maximumTokens }

    mutating func begin(part: String) -> [FilePiece] {
        parts.append((part, DocBin(), 0))
        return []
    }

    mutating func export(_ document: LabeledDocument, part: String) throws(RecordError) -> Exported {
        guard let index = parts.firstIndex(where: { $0.name == part }) else { preconditionFailure("part \(part) has not begun") }
        let words = SpacyWords(document.text, tokens: document.tokens)
        let flat = TokenRanges(document, tokens: words.ranges)
        let overlaps = flat.losses.contains { $0.code == "overlap" }
        let group = overlaps ? TokenRanges(document, tokens: words.ranges, isFlat: false).spans : nil
        let losses = flat.losses.map { loss in
            loss.code != "overlap"
                ? loss
                : Loss(
                    id: loss.id, code: "span-group", message: "not in `ents`, only in the span group `\(DocBin.spanGroup)`",
                    span: loss.span)
        }
        var pieces: [FilePiece] = []
        if parts[index].bin.documentCount > 0, parts[index].bin.tokenCount + words.ranges.count > maximumTokens {
            pieces.append(file(of: index))
        }
        parts[index].bin.add(
            id: document.id, text: document.text, words: words, entities: flat.spans, group: group, sentences: document.sentences)
        return Exported(pieces, losses: losses)
    }

    mutating func finish() -> Exported { Exported(parts.indices.map { file(of: $0) }) }

    private mutating func file(of index: Int) -> FilePiece {
        parts[index].files += 1
        let number = parts[index].files
        let name = number == 1 ? parts[index].name : "\(parts[index].name)-\(number)"
        defer { parts[index].bin = DocBin() }
        return FilePiece("\(name).spacy", parts[index].bin.bytes, isWhole: true)
    }
}
