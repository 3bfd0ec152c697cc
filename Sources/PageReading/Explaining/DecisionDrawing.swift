import CLeptonica

/// A picture of a page with what the finder saw on it and what it decided.
///
/// All boxes are in pixels of the layout image, which stands upright and straight whatever the scan does.
struct DecisionDrawing: ~Copyable {
    private enum Color {
        case line, number, candidate, region

        var parts: (red: UInt8, green: UInt8, blue: UInt8) {
            switch self {
            case .line: (150, 180, 225)
            case .number: (60, 100, 180)
            case .candidate: (230, 130, 0)
            case .region: (0, 140, 60)
            }
        }

        /// As the image library packs it: one byte each, the last one unused.
        var packed: UInt32 { UInt32(parts.red) << 24 | UInt32(parts.green) << 16 | UInt32(parts.blue) << 8 }
    }

    /// The brightness ink is drawn in, so that the drawing stands out.
    private static let paleInk: UInt8 = 185
    private static let captionColor: UInt32 = 0x2020_2000

    private let canvas: PageImage

    /// - Parameter ink: The layout image.
    /// - Throws: ``PageReadingError`` `.recognitionFailed`.
    init(on ink: borrowing PageImage) throws(PageReadingError) {
        let pale = try PageImage(adopting: pixConvert1To8(nil, ink.raw, 255, Self.paleInk), step: "drawing")
        canvas = try PageImage(adopting: pixConvertTo32(pale.raw), step: "drawing")
    }

    /// Frames each line and numbers it, from 1.
    func add(linesInOrder lines: [LayoutLine]) {
        for line in lines { frame(line.box, .line, width: 1) }
        var font = bmfCreate(nil, 4)
        defer { bmfDestroy(&font) }
        for (index, line) in lines.enumerated() {
            let number = "\(index + 1)"
            var (width, overflow): (Int32, Int32) = (0, 0)
            pixSetTextline(
                canvas.raw, font, number, Color.number.packed, Int32(max(0, line.box.left - 7 * number.count - 4)),
                Int32(line.box.middleY) + 4, &width, &overflow)
        }
    }

    /// Frames what was read to decide.
    func add(candidates: [PixelBox]) {
        for box in candidates { frame(box.expanded(x: 3, y: 3), .candidate, width: 3) }
    }

    /// Frames what was chosen.
    func add(regions: [PixelBox]) {
        for box in regions { frame(box.expanded(x: 8, y: 8), .region, width: 5) }
    }

    /// - Parameter caption: Printed in a band over the page.
    /// - Returns: A PNG with a palette.
    /// - Throws: ``PageReadingError`` `.recognitionFailed`.
    func png(caption: String) throws(PageReadingError) -> [UInt8] {
        var font = bmfCreate(nil, 8)
        defer { bmfDestroy(&font) }
        let text = Self.printable(caption)
        let captioned = pixAddSingleTextblock(canvas.raw, font, text, Self.captionColor, Int32(L_ADD_ABOVE), nil)
        let drawing = try PageImage(adopting: captioned, step: "drawing")
        let small = try PageImage(adopting: pixConvertRGBToCmapLossless(drawing.raw), step: "drawing")
        return try small.png()
    }

    private func frame(_ box: PixelBox, _ color: Color, width: Int32) {
        var outline = boxCreate(Int32(max(0, box.left)), Int32(max(0, box.top)), Int32(box.width), Int32(box.height))
        defer { boxDestroy(&outline) }
        let (red, green, blue) = color.parts
        pixRenderBoxArb(canvas.raw, outline, width, red, green, blue)
    }

    /// The library's font has ASCII only.
    private static func printable(_ text: String) -> String {
        String(
            text.map { character in
                switch character {
                case "\u{201C}", "\u{201D}": "\""
                case "\u{2018}", "\u{2019}": "'"
                case "\u{2010}"..."\u{2014}": "-"
                default: character.isASCII ? character : "?"
                }
            })
    }
}
