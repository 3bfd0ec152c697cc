import CLeptonica

/// The tall white bands of a page: gutters between columns, margins, white between a side column and the text.
struct ColumnGaps {
    /// The map is smaller than the layout image by this factor.
    private static let reduction = 2

    private let width: Int
    private let height: Int
    private let isGap: [Bool]

    /// Marks every place that a white rectangle of the given size can cover.
    ///
    /// - Parameters:
    ///   - ink: The layout image.
    ///   - minimumWidth: In layout pixels.
    ///   - minimumHeight: In layout pixels; several lines.
    /// - Throws: ``PageReadingError`` `.recognitionFailed`.
    init(in ink: borrowing PageImage, minimumWidth: Int, minimumHeight: Int) throws(PageReadingError) {
        // Two of four pixels make ink: specks of dust do not close a gap.
        let reduced = try PageImage(adopting: pixReduceRankBinaryCascade(ink.raw, 2, 0, 0, 0), step: "reducing")
        let white = try PageImage(adopting: pixInvert(nil, reduced.raw), step: "inverting")
        let (brickWidth, brickHeight) = (max(2, minimumWidth / Self.reduction), max(2, minimumHeight / Self.reduction))
        let bands = try PageImage(
            adopting: pixOpenBrick(nil, white.raw, Int32(brickWidth), Int32(brickHeight)), step: "finding column gaps")
        let (width, height) = (bands.widthPixels, bands.heightPixels)
        var isGap = [Bool](repeating: false, count: width * height)
        for y in 0..<height {
            for x in 0..<width {
                var value: UInt32 = 0
                pixGetPixel(bands.raw, Int32(x), Int32(y), &value)
                isGap[y * width + x] = value != 0
            }
        }
        (self.width, self.height, self.isGap) = (width, height, isGap)
    }

    /// Whether a band crosses the row `y` between two columns of the layout image.
    func separates(left: Int, right: Int, y: Int) -> Bool {
        let row = y / Self.reduction
        let (first, last) = (max(0, left / Self.reduction), min(width - 1, right / Self.reduction))
        guard row >= 0, row < height, first <= last else { return false }
        return (first...last).contains { isGap[row * width + $0] }
    }
}
