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
    /// Whether the letters tell clearly which way is up.
    let isSureOfTop: Bool

    /// Where letters do not tell more clearly than this, two lines have to be read to know which way is up.
    private static let sureSurplus = 8.0

    /// Turns and straightens a page.
    ///
    /// - Parameters:
    ///   - image: The page as a browser shows it.
    ///   - isTurnedOver: Takes the page for upside down compared with what its letters look like.
    /// - Throws: ``PageReadingError`` `.recognitionFailed`.
    init(_ image: borrowing PageImage, isTurnedOver: Bool = false) throws(PageReadingError) {
        let (width, height) = (image.widthPixels, image.heightPixels)
        let factor = min(1, Self.layoutSidePixels / Double(max(width, height)))
        let small = try image.scaled(by: factor).evenlyLit()
        let binary = try small.binarized()

        let skews = (standing: Skew(of: binary), lying: Skew(of: try binary.turned(quarterTurns: 1)))
        let isLying = skews.lying.score > skews.standing.score
        let skew = isLying ? skews.lying : skews.standing
        let sideways = try binary.turned(quarterTurns: isLying ? 1 : 0)
        // Letters turned as ink and paper get ragged edges.
        let straight =
            skew.degrees == 0
            ? sideways : try small.turned(quarterTurns: isLying ? 1 : 0).rotated(degrees: skew.degrees).binarized()
        let surplus = straight.ascenderSurplus
        let turns = (isLying ? 1 : 0) + ((surplus < 0) != isTurnedOver ? 2 : 0)

        let upright = try straight.turned(quarterTurns: turns & 2)
        grey = try image.turned(quarterTurns: turns)
        ink = upright
        isSureOfTop = abs(surplus) >= Self.sureSurplus
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
    /// Whether more letters rise above the x-height than hang below it: positive when they do, near 0 when it cannot be told.
    fileprivate var ascenderSurplus: Double {
        var confidence: Float = 0
        let failed = pixUpDownDetect(raw, &confidence, 0, 0, 0)
        return failed == 0 ? Double(confidence) : 0
    }
}
