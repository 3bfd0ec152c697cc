import CLeptonica

/// An 8-bit grey or 1-bit image of Leptonica's, freed with its owner.
struct PageImage: ~Copyable {
    let raw: UnsafeMutablePointer<PIX>

    /// Takes over what a Leptonica function returned.
    ///
    /// - Throws: ``PageReadingError`` `.recognitionFailed` when it returned nothing; `step` names it in the message.
    init(adopting raw: UnsafeMutablePointer<PIX>?, step: String) throws(PageReadingError) {
        guard let raw else { throw PageReadingError(.recognitionFailed, "the image could not be processed (\(step))") }
        self.raw = raw
    }

    deinit {
        var raw: UnsafeMutablePointer<PIX>? = raw
        pixDestroy(&raw)
    }

    var widthPixels: Int { Int(pixGetWidth(raw)) }
    var heightPixels: Int { Int(pixGetHeight(raw)) }

    // MARK: Turning and scaling

    /// Turned clockwise by 0...3 quarters.
    func turned(quarterTurns: Int) throws(PageReadingError) -> PageImage {
        let turned = quarterTurns == 0 ? pixClone(raw) : pixRotateOrth(raw, Int32(quarterTurns))
        return try PageImage(adopting: turned, step: "turning")
    }

    /// Turned clockwise by a few degrees about its middle. The size is kept, corners become white.
    func rotated(degrees: Double) throws(PageReadingError) -> PageImage {
        if degrees == 0 { return try PageImage(adopting: pixClone(raw), step: "copying") }
        let radians = Float(degrees * .pi / 180)
        return try PageImage(adopting: pixRotateAMGray(raw, radians, 255), step: "rotating")
    }

    func scaled(by factor: Double) throws(PageReadingError) -> PageImage {
        if factor == 1 { return try PageImage(adopting: pixClone(raw), step: "copying") }
        if factor < 0.7 { return try PageImage(adopting: pixScaleAreaMap(raw, Float(factor), Float(factor)), step: "scaling") }
        return try PageImage(adopting: pixScale(raw, Float(factor), Float(factor)), step: "scaling")
    }

    /// A part of the image; what lies outside the image is white.
    func cropped(to box: PixelBox) throws(PageReadingError) -> PageImage {
        let canvas = try PageImage(
            adopting: pixCreate(Int32(max(1, box.width)), Int32(max(1, box.height)), pixGetDepth(raw)), step: "cropping")
        pixSetAllArbitrary(canvas.raw, pixGetDepth(raw) == 1 ? 0 : 255)
        let inside = box.intersection(PixelBox(left: 0, top: 0, right: widthPixels, bottom: heightPixels))
        if inside.width > 0, inside.height > 0 {
            pixRasterop(
                canvas.raw, Int32(inside.left - box.left), Int32(inside.top - box.top), Int32(inside.width), Int32(inside.height),
                PIX_SRC, raw, Int32(inside.left), Int32(inside.top))
        }
        return canvas
    }

    /// A grey image that shows only the given boxes, the rest in the brightness of paper.
    func keeping(_ boxes: [PixelBox], paper: UInt32) throws(PageReadingError) -> PageImage {
        let canvas = try PageImage(adopting: pixCreate(Int32(widthPixels), Int32(heightPixels), 8), step: "masking")
        pixSetAllArbitrary(canvas.raw, paper)
        let whole = PixelBox(left: 0, top: 0, right: widthPixels, bottom: heightPixels)
        for box in boxes {
            let box = box.intersection(whole)
            guard box.width > 0, box.height > 0 else { continue }
            pixRasterop(
                canvas.raw, Int32(box.left), Int32(box.top), Int32(box.width), Int32(box.height), PIX_SRC, raw, Int32(box.left),
                Int32(box.top))
        }
        return canvas
    }
}
