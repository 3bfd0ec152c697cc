import CLeptonica

/// The small black and white page on which lines are looked for, and how it came from the image.
struct UprightPage: ~Copyable {
    /// Longer side of the layout image: 150 dpi on a letter-size sheet.
    static let layoutSidePixels = 1650.0

    /// The page turned upright, in full resolution.
    let grey: PageImage
    /// The layout image: upright, straight, 1 bit.
    let ink: PageImage
    let frame: PageFrame

    /// Turns and straightens a page.
    ///
    /// - Throws: ``PageReadingError`` `.recognitionFailed`.
    init(_ image: borrowing PageImage) throws(PageReadingError) {
        let (width, height) = (image.widthPixels, image.heightPixels)
        let factor = min(1, Self.layoutSidePixels / Double(max(width, height)))
        let small = try image.scaled(by: factor).binarized()

        let skews = (standing: Skew(of: small), lying: Skew(of: try small.turned(quarterTurns: 1)))
        let isLying = skews.lying.score > skews.standing.score
        let skew = isLying ? skews.lying : skews.standing
        let sideways = try small.turned(quarterTurns: isLying ? 1 : 0).rotated(degrees: skew.degrees)
        let turns = (isLying ? 1 : 0) + (sideways.isUpsideDown ? 2 : 0)

        let upright = try sideways.turned(quarterTurns: turns & 2)
        grey = try image.turned(quarterTurns: turns)
        ink = upright
        frame = PageFrame(imageWidth: width, imageHeight: height, quarterTurns: turns, skewDegrees: skew.degrees, scale: 1 / factor)
    }
}

/// How far lines of text stand from the horizontal.
struct Skew {
    /// The clockwise turn that makes lines horizontal.
    let degrees: Double
    /// How sharply rows of ink and rows of white alternate at that angle; comparable between turns of one image.
    let score: Double

    init(of image: borrowing PageImage) {
        var (angle, confidence, score): (Float, Float, Float) = (0, 0, 0)
        let failed = pixFindSkewSweepAndSearchScore(image.raw, &angle, &confidence, &score, 4, 2, 0, 6, 1, 0.02)
        let isSkewed = failed == 0 && confidence >= 2 && abs(angle) >= 0.1
        degrees = isSkewed ? Double(angle) : 0
        self.score = Double(score)
    }
}

extension PageImage {
    /// Whether more letters rise above the x-height below than above: true only when that is clear.
    fileprivate var isUpsideDown: Bool {
        var confidence: Float = 0
        let failed = pixUpDownDetect(raw, &confidence, 0, 0, 0)
        return failed == 0 && confidence < 0
    }
}
