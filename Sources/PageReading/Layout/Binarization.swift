import CLeptonica

extension PageImage {
    /// Ink and paper of an evenly lit grey page, a dark border removed.
    ///
    /// - Returns: A 1-bit image, ink is 1.
    /// - Throws: ``PageReadingError`` `.recognitionFailed`.
    func binarized() throws(PageReadingError) -> PageImage {
        let binary = try thresholded()
        guard binary.speckCount > Binarization.specks else { return try binary.withoutDarkBorder() }
        let smooth = try PageImage(adopting: pixBlockconv(raw, 1, 1), step: "smoothing")
        return try smooth.thresholded().withoutDarkBorder()
    }

    private func thresholded() throws(PageReadingError) -> PageImage {
        try PageImage(adopting: pixThresholdToBinary(raw, Int32(Binarization.threshold)), step: "binarizing")
    }

    /// The number of pieces of ink too small for a letter or a dot.
    private var speckCount: Int {
        var boxes = pixConnCompBB(raw, 8)
        defer { boxaDestroy(&boxes) }
        return (0..<boxaGetCount(boxes)).count { index in
            var (width, height): (Int32, Int32) = (0, 0)
            boxaGetBoxGeometry(boxes, index, nil, nil, &width, &height)
            return max(width, height) <= 2
        }
    }

    /// The paper brought to one brightness, ``Binarization/paper``.
    func evenlyLit() throws(PageReadingError) -> PageImage {
        let normalized = pixBackgroundNorm(raw, nil, nil, 10, 15, 60, 40, Int32(Binarization.paper), 2, 1)
        return try PageImage(adopting: normalized ?? pixClone(raw), step: "evening out light")
    }

    /// Takes away what touches the image's edge and is larger than text: a scanner's lid, shadows of the fold.
    private func withoutDarkBorder() throws(PageReadingError) -> PageImage {
        let atBorder = try PageImage(adopting: pixExtractBorderConnComps(raw, 8), step: "removing the border")
        let large = Int32(max(widthPixels, heightPixels) / 25)
        let dark = pixSelectBySize(
            atBorder.raw, large, large, 8, Int32(L_SELECT_IF_EITHER), Int32(L_SELECT_IF_GTE), nil)
        let border = try PageImage(adopting: dark, step: "removing the border")
        return try PageImage(adopting: pixSubtract(nil, raw, border.raw), step: "removing the border")
    }
}

enum Binarization {
    /// The brightness given to paper, 0...255.
    static let paper = 220
    /// Darker is ink. High enough for thin grey type reduced to layout size, low enough for print shining through.
    static let threshold = 165
    /// More specks than this are a grainy scan; a clean page has some hundreds of dots.
    static let specks = 2500
}
