import CLeptonica
import CTesseract

/// A word as the engine read it.
struct RecognizedWord: Hashable {
    var text: String
    /// 0...100.
    var confidence: Double
    /// In pixels of the image read.
    var box: PixelBox
}

/// One Tesseract engine with one language.
///
/// Not Sendable: an engine keeps the image it reads, and belongs to one thread at a time.
final class Recognizer {
    enum Layout {
        /// Lines one under another.
        case block
        case line

        fileprivate var mode: TessPageSegMode { self == .block ? PSM_SINGLE_BLOCK : PSM_SINGLE_LINE }
    }

    private let engine: OpaquePointer

    /// - Throws: ``PageReadingError`` `.missingLanguage`.
    init(tessdata: String?, language: String) throws(PageReadingError) {
        guard let engine = TessBaseAPICreate() else {
            throw PageReadingError(.recognitionFailed, "the engine could not be made; is memory short?")
        }
        // Before initialisation, or a missing file is reported on stderr by the library itself.
        TessBaseAPISetVariable(engine, "debug_file", "/dev/null")
        guard TessBaseAPIInit2(engine, tessdata, language, OEM_LSTM_ONLY) == 0 else {
            TessBaseAPIDelete(engine)
            let place = tessdata.map { "in \($0)" } ?? "in the engine's default folder"
            throw PageReadingError(
                .missingLanguage, "no data for language \"\(language)\" \(place); install \(language).traineddata there")
        }
        self.engine = engine
    }

    deinit { TessBaseAPIDelete(engine) }

    static var version: String { "tesseract " + (TessVersion().map { String(cString: $0) } ?? "of unknown version") }

    /// The words of each line, lines from top to bottom.
    ///
    /// - Parameters:
    ///   - image: Grey, with white around the text.
    ///   - layout: What the image shows.
    ///   - resolutionDPI: From it the engine takes what size of letters to expect; need not be exact.
    /// - Returns: At least one word a line; boxes in pixels of the image.
    /// - Throws: ``PageReadingError`` `.recognitionFailed`.
    func lines(in image: borrowing PageImage, layout: Layout, resolutionDPI: Int) throws(PageReadingError) -> [[RecognizedWord]] {
        TessBaseAPISetPageSegMode(engine, layout.mode)
        TessBaseAPISetImage2(engine, image.raw)
        TessBaseAPISetSourceResolution(engine, Int32(min(max(resolutionDPI, 70), 600)))
        defer { TessBaseAPIClear(engine) }
        guard TessBaseAPIRecognize(engine, nil) == 0 else {
            throw PageReadingError(
                .recognitionFailed, "the engine gave up on a part of \(image.widthPixels) x \(image.heightPixels) pixels")
        }
        guard let iterator = TessBaseAPIGetIterator(engine) else { return [] }
        defer { TessResultIteratorDelete(iterator) }
        var lines: [[RecognizedWord]] = []
        repeat {
            if lines.isEmpty || TessPageIteratorIsAtBeginningOf(TessResultIteratorGetPageIterator(iterator), RIL_TEXTLINE) != 0 {
                lines.append([])
            }
            if let word = Self.word(at: iterator) { lines[lines.count - 1].append(word) }
        } while TessResultIteratorNext(iterator, RIL_WORD) != 0
        return lines.filter { !$0.isEmpty }
    }

    /// Whether the language's dictionary has the word.
    func isValid(_ word: String) -> Bool { TessBaseAPIIsValidWord(engine, word) != 0 }

    private static func word(at iterator: OpaquePointer) -> RecognizedWord? {
        guard let bytes = TessResultIteratorGetUTF8Text(iterator, RIL_WORD) else { return nil }
        defer { TessDeleteText(bytes) }
        let text = String(cString: bytes).filter { !$0.isWhitespace }
        var (left, top, right, bottom): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        let hasBox = TessPageIteratorBoundingBox(
            TessResultIteratorGetPageIterator(iterator), RIL_WORD, &left, &top, &right, &bottom)
        guard !text.isEmpty, hasBox != 0 else { return nil }
        return RecognizedWord(
            text: text, confidence: min(max(Double(TessResultIteratorConfidence(iterator, RIL_WORD)), 0), 100),
            box: PixelBox(left: Int(left), top: Int(top), right: Int(right), bottom: Int(bottom)))
    }
}
