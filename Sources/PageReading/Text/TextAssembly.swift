import Annotations

/// Puts recognised lines together to one text, and keeps where each word went.
///
/// Lines are joined by a space, paragraphs by one LF; a hyphen that only broke the line is taken out.
struct TextAssembly {
    private(set) var text = ""
    private(set) var lines: [PageLine] = []
    private(set) var joinedHyphens: [ScalarOffset] = []
    private var length = 0

    /// - Parameters:
    ///   - paragraphs: The lines of each paragraph, in reading order.
    ///   - isValid: Whether the language's dictionary has a word.
    ///   - normalize: The shares of the page of a box of the straightened page.
    init(_ paragraphs: [[[RecognizedWord]]], isValid: @escaping (String) -> Bool, normalize: (PixelBox) -> NormalizedBox) {
        let hyphenation = Hyphenation(words: paragraphs.flatMap { $0.flatMap { $0.map(\.text) } }, isValid: isValid)
        for (index, paragraph) in paragraphs.enumerated() {
            if index > 0 { append("\n") }
            for (lineIndex, line) in paragraph.enumerated() {
                let next = lineIndex + 1 < paragraph.count ? paragraph[lineIndex + 1].first : nil
                append(line, next: next, hyphenation: hyphenation, normalize: normalize)
            }
        }
    }

    private mutating func append(
        _ line: [RecognizedWord], next: RecognizedWord?, hyphenation: Hyphenation, normalize: (PixelBox) -> NormalizedBox
    ) {
        var words: [PageWord] = []
        for (index, word) in line.enumerated() {
            let isLast = index == line.count - 1
            let start = length
            if isLast, let next, Hyphenation.continues(word.text) {
                if hyphenation.keepsHyphen(word.text, next.text) {
                    append(word.text)
                } else {
                    append(String(word.text.dropLast()))
                    joinedHyphens.append(ScalarOffset(length))
                }
                words.append(Self.pageWord(word, start..<length, normalize))
                continue
            }
            append(word.text)
            words.append(Self.pageWord(word, start..<length, normalize))
            if !isLast || next != nil { append(" ") }
        }
        guard let first = line.first else { return }
        lines.append(PageLine(box: normalize(line.dropFirst().reduce(first.box) { $0.union($1.box) }), words: words))
    }

    private mutating func append(_ part: String) {
        text += part
        length += part.unicodeScalars.count
    }

    private static func pageWord(
        _ word: RecognizedWord, _ range: Range<Int>, _ normalize: (PixelBox) -> NormalizedBox
    ) -> PageWord {
        PageWord(
            text: word.text, confidence: word.confidence, box: normalize(word.box),
            range: ScalarOffset(range.lowerBound)..<ScalarOffset(range.upperBound))
    }
}
