import CLeptonica

extension PageImage {
    /// Ink and paper of a small grey page: uneven light is evened out, a dark border removed.
    ///
    /// - Returns: A 1-bit image, ink is 1.
    func binarized() throws(PageReadingError) -> PageImage {
        let even = try evenlyLit()
        let binary = try PageImage(adopting: pixThresholdToBinary(even.raw, Int32(Binarization.threshold)), step: "binarizing")
        return try binary.withoutDarkBorder()
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
}
