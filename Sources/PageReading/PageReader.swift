package import Annotations

/// Which part of a page is read.
package enum ReadingRegion: Hashable, Sendable {
    /// The abstract, wherever it stands.
    case abstract
    /// Everything, in reading order.
    case page
    /// A rectangle in shares of the image as a browser shows it.
    case box(NormalizedBox)
}

/// Reads the text off images of printed pages.
///
/// Owns one Tesseract engine. Not Sendable: the engine belongs to one thread at a time. Reading a page takes about a second
/// of one core when the environment has `OMP_THREAD_LIMIT=1`, several times that without.
package final class PageReader {
    private let recognizer: Recognizer

    /// - Parameters:
    ///   - tessdata: The folder with `LANGUAGE.traineddata`; `nil` is the library's default.
    ///   - language: Tesseract's name of the language, such as `eng`, or several joined by `+`.
    /// - Throws: ``PageReadingError`` `.missingLanguage`.
    package init(tessdata: String?, language: String) throws(PageReadingError) {
        recognizer = try Recognizer(tessdata: tessdata, language: language)
    }

    /// Name and version, such as `tesseract 5.3.0`.
    package static var engineVersion: String { Recognizer.version }

    /// The number of pages in a file; 1 for JPEG and PNG.
    ///
    /// Follows the directories of a TIFF file without decoding anything.
    /// - Throws: ``PageReadingError`` for a file that is no such image, or has more than 10,000 pages.
    package static func pageCount(of bytes: [UInt8]) throws(PageReadingError) -> Int { try ImageHeader.pageCount(of: bytes) }

    /// Reads one page.
    ///
    /// - Parameters:
    ///   - bytes: A JPEG, PNG or TIFF file.
    ///   - page: From 0; below ``pageCount(of:)``.
    ///   - region: What to read.
    /// - Returns: The text with its words and boxes. Status `.notFound` and an empty text when there is no abstract, or no text.
    /// - Throws: ``PageReadingError`` for an image that cannot be used.
    package func read(_ bytes: [UInt8], page: Int = 0, region: ReadingRegion) throws(PageReadingError) -> PageContent {
        let page = try uprightPage(of: PageImage(decoding: bytes, page: page))
        switch region {
        case .abstract: return try decision(on: page).content
        case .page:
            let lines = TurnedText.removed(from: try page.layout().lines)
            return try content(of: page, lines: lines, reason: "the whole page was asked for")
        case .box(let box):
            let area = page.frame.layoutBox(box)
            let lines = try page.layout().lines.compactMap { $0.clipped(to: area) }
            return try content(of: page, lines: lines, reason: "this region was asked for")
        }
    }

    /// Draws what ``read(_:page:region:)`` sees and decides when it looks for the abstract.
    ///
    /// - Parameters:
    ///   - bytes: A JPEG, PNG or TIFF file.
    ///   - page: From 0; below ``pageCount(of:)``.
    /// - Returns: A PNG of 150 dpi or less. The page stands upright in light grey; its lines are framed in blue and numbered in
    ///   reading order, what was read to decide is framed in orange, the abstract in green; over it stand reason and confidence.
    /// - Throws: ``PageReadingError`` for an image that cannot be used.
    package func explain(_ bytes: [UInt8], page: Int = 0) throws(PageReadingError) -> [UInt8] {
        let page = try uprightPage(of: PageImage(decoding: bytes, page: page))
        let decision = try decision(on: page)
        let drawing = try page.drawing()
        drawing.add(linesInOrder: ReadingOrder.sorted(decision.layout.lines))
        drawing.add(candidates: decision.candidates)
        drawing.add(regions: decision.content.regions.map(page.frame.layoutBox))
        let content = decision.content
        let percent = Int((100 * content.confidence).rounded())
        return try drawing.png(caption: "\(content.status.rawValue), confidence \(percent) %: \(content.reason)")
    }

    /// Reads the given lines in reading order; the confidence is that of the words.
    private func content(of page: RegionReader, lines: [LayoutLine], reason: String) throws(PageReadingError) -> PageContent {
        var parts: [[[RecognizedWord]]] = []
        for block in ReadingOrder.blocks(of: lines) { parts.append(try page.lines(block)) }
        return content(of: page, parts: parts, confidence: Self.meanConfidence(of: parts.flatMap { $0 }) / 100, reason: reason)
    }

    /// The page the right way up; where its letters do not show which way that is, some lines are read both ways.
    private func uprightPage(of image: borrowing PageImage) throws(PageReadingError) -> RegionReader {
        let page = RegionReader(page: try UprightPage(image), recognizer: recognizer)
        guard !page.isSureOfTop else { return page }
        let other = RegionReader(page: try UprightPage(image, isTurnedOver: true), recognizer: recognizer)
        return try other.legibility() > page.legibility() ? other : page
    }

    private struct Decision {
        let content: PageContent
        let layout: PageLayout
        /// What was read to find the abstract.
        let candidates: [PixelBox]
    }

    private func decision(on page: RegionReader) throws(PageReadingError) -> Decision {
        let layout = try page.layout()
        var candidates: [PixelBox] = []
        let finder = AbstractFinder(layout: layout) { box throws(PageReadingError) in
            candidates.append(box)
            return try page.phrase(in: box)
        }
        let content = try abstract(finder.find(), of: page, layout: layout)
        return Decision(content: content, layout: layout, candidates: candidates)
    }

    private func abstract(
        _ finding: AbstractFinding?, of page: RegionReader, layout: PageLayout
    ) throws(PageReadingError) -> PageContent {
        guard let finding else {
            return content(of: page, parts: [], confidence: 0, reason: "no abstract was found among \(layout.lines.count) lines")
        }
        var read: [[[RecognizedWord]]] = []
        for part in finding.parts { read.append(try page.lines(part)) }
        let trimmed = AbstractTrimming.trim(read)
        guard Prose.isProse(trimmed.lines.flatMap { $0.map(\.text) }) else {
            return content(of: page, parts: [], confidence: 0, reason: "\(finding.reason); but what stands there is no prose")
        }
        let confidence = finding.confidence(endsAt: trimmed.follower) * Self.meanConfidence(of: trimmed.lines) / 100
        return content(of: page, parts: trimmed.parts, isOneText: true, confidence: confidence, reason: finding.reason)
    }

    /// 0...100; 0 without words.
    private static func meanConfidence(of lines: [[RecognizedWord]]) -> Double {
        let confidences = lines.flatMap { $0.map(\.confidence) }
        return confidences.reduce(0, +) / Double(max(1, confidences.count))
    }

    /// Puts the lines of each part, in reading order, together to the page's content.
    ///
    /// A text that goes on from part to part is not divided between them.
    private func content(
        of page: RegionReader, parts: [[[RecognizedWord]]], isOneText: Bool = false, confidence: Double, reason: String
    ) -> PageContent {
        let frame = page.frame
        let normalize = { (box: PixelBox) in
            frame.normalized(left: Double(box.left), top: Double(box.top), right: Double(box.right), bottom: Double(box.bottom))
        }
        let parts = parts.filter { !$0.isEmpty }
        let paragraphs = parts.map(Paragraphs.divide).reduce(into: [[[RecognizedWord]]]()) { result, part in
            if isOneText, let last = result.popLast() {
                result += [last + (part.first ?? [])] + part.dropFirst()
            } else {
                result += part
            }
        }
        let assembly = TextAssembly(paragraphs, isValid: recognizer.isValid, normalize: normalize)
        let regions = parts.compactMap { part -> NormalizedBox? in
            let boxes = part.flatMap { $0.map(\.box) }
            return boxes.first.map { first in normalize(boxes.dropFirst().reduce(first) { $0.union($1) }) }
        }
        let isFound = !assembly.text.isEmpty
        return PageContent(
            status: isFound ? .found : .notFound, text: assembly.text, confidence: isFound ? confidence : 0, regions: regions,
            lines: assembly.lines, joinedHyphens: assembly.joinedHyphens, widthPixels: frame.imageWidth,
            heightPixels: frame.imageHeight, reason: reason)
    }
}
