/// Reads parts of an upright page at full resolution.
final class RegionReader {
    private let page: UprightPage
    private let recognizer: Recognizer

    /// White around the text, in layout pixels: the engine misses letters at the edge.
    private static let margin = 8

    init(page: consuming UprightPage, recognizer: Recognizer) {
        self.page = page
        self.recognizer = recognizer
    }

    var frame: PageFrame { page.frame }
    var isSureOfTop: Bool { page.isSureOfTop }

    /// How well some lines of the page can be read, 0...100; 0 when it has none.
    func legibility() throws(PageReadingError) -> Double {
        let lines = try layout().lines.filter { (20...120).contains(Double($0.box.width) / $0.xHeight) }
        var confidences: [Double] = []
        for line in lines.dropFirst(lines.count / 3).prefix(3) {
            confidences += try words(in: line.box, keeping: [line.box]).flatMap { $0 }.map(\.confidence)
        }
        return confidences.isEmpty ? 0 : confidences.reduce(0, +) / Double(confidences.count)
    }

    func layout() throws(PageReadingError) -> PageLayout { try LineFinder.layout(of: page.ink) }

    /// The page, pale, to draw on.
    func drawing() throws(PageReadingError) -> DecisionDrawing { try DecisionDrawing(on: page.ink) }

    /// The words in a piece of a line, separated by spaces.
    func phrase(in box: PixelBox) throws(PageReadingError) -> String {
        let crop = try crop(box, keeping: [box])
        let lines = try recognizer.lines(in: crop.image, layout: .line, resolutionDPI: resolutionDPI)
        return lines.flatMap { $0 }.map(\.text).joined(separator: " ")
    }

    /// The words of some lines of the layout; what stands between or beside them is not seen.
    ///
    /// - Returns: Boxes are in pixels of the straightened page.
    func lines(_ lines: [LayoutLine]) throws(PageReadingError) -> [[RecognizedWord]] {
        guard let first = lines.first else { return [] }
        let bounds = lines.dropFirst().reduce(first.box) { $0.union($1.box) }
        return try words(in: bounds, keeping: lines.map(\.box))
    }

    private func words(in box: PixelBox, keeping kept: [PixelBox]) throws(PageReadingError) -> [[RecognizedWord]] {
        let crop = try crop(box, keeping: kept)
        let lines = try recognizer.lines(in: crop.image, layout: .block, resolutionDPI: resolutionDPI)
        return lines.map { line in
            line.map { word in
                var word = word
                word.box = PixelBox(
                    left: word.box.left + crop.left, top: word.box.top + crop.top,
                    right: word.box.right + crop.left, bottom: word.box.bottom + crop.top)
                return word
            }
        }
    }

    /// A sheet is taken to be as long as a letter-size one.
    private var resolutionDPI: Int { Int(Double(max(frame.imageWidth, frame.imageHeight)) / 11) }

    private struct Crop: ~Copyable {
        let image: PageImage
        /// Place of the image on the straightened page, in upright pixels.
        let left: Int
        let top: Int
    }

    /// Cuts a part out of the full image, straightens and evens it, and leaves only `kept` (layout pixels) on white.
    private func crop(_ box: PixelBox, keeping kept: [PixelBox]) throws(PageReadingError) -> Crop {
        let area = upright(box.expanded(x: Self.margin, y: Self.margin))
        let scanned = frame.scannedBounds(
            left: Double(area.left), top: Double(area.top), right: Double(area.right), bottom: Double(area.bottom))
        let source = PixelBox(
            left: Int(scanned.left), top: Int(scanned.top), right: Int(scanned.right) + 1, bottom: Int(scanned.bottom) + 1)
        let straight = try page.grey.cropped(to: source).rotated(degrees: frame.skewDegrees)
        // The middle of the cut stays where it is when the cut is turned about it.
        let inset = PixelBox(
            left: (straight.widthPixels - area.width) / 2, top: (straight.heightPixels - area.height) / 2, right: 0, bottom: 0)
        let part = try straight.cropped(
            to: PixelBox(left: inset.left, top: inset.top, right: inset.left + area.width, bottom: inset.top + area.height)
        ).evenlyLit()
        let clean = try part.keeping(
            kept.map { box in
                let box = upright(box.expanded(x: 3, y: 2))
                return PixelBox(
                    left: box.left - area.left, top: box.top - area.top, right: box.right - area.left, bottom: box.bottom - area.top
                )
            }, paper: UInt32(Binarization.paper))
        return Crop(image: clean, left: area.left, top: area.top)
    }

    private func upright(_ box: PixelBox) -> PixelBox {
        let scale = frame.scale
        return PixelBox(
            left: Int((Double(box.left) * scale).rounded()), top: Int((Double(box.top) * scale).rounded()),
            right: Int((Double(box.right) * scale).rounded()), bottom: Int((Double(box.bottom) * scale).rounded()))
    }
}
