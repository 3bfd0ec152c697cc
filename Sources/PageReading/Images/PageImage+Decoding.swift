import CLeptonica

extension PageImage {
    /// Decodes a page of a JPEG, PNG or TIFF file into 8-bit grey, turned as a browser shows it.
    ///
    /// - Parameter page: From 0.
    /// - Throws: ``PageReadingError`` from ``ImageHeader``, or `.undecodableImage` for damaged data.
    init(decoding bytes: [UInt8], page: Int = 0) throws(PageReadingError) {
        // Leptonica writes to stderr otherwise; for the whole process, and the same each time.
        setMsgSeverity(Int32(L_SEVERITY_NONE))
        let header = try ImageHeader(of: bytes, page: page)
        let damaged = PageReadingError(
            .undecodableImage,
            "the \(header.format) data (\(bytes.count) bytes, \(header.widthPixels) x \(header.heightPixels) pixels) are damaged or cut short"
        )
        var decoded: UnsafeMutablePointer<PIX>?
        switch header.format {
        case .jpeg:
            guard let repaired = JPEGRepair.repaired(bytes) else { throw damaged }
            decoded = Self.decodeJPEG(repaired)
        case .png:
            guard PNGStructure.isIntact(bytes) else { throw damaged }
            decoded = bytes.withUnsafeBufferPointer { pixReadMemPng($0.baseAddress, $0.count) }
        case .tiff:
            decoded = bytes.withUnsafeBufferPointer { pixReadMemTiff($0.baseAddress, $0.count, Int32(page)) }
        }
        guard let decoded else { throw damaged }
        let grey = try PageImage(adopting: decoded, step: "decoding").grey()
        guard header.format == .jpeg else {
            self = grey
            return
        }
        let orientation = EXIFOrientation(jpeg: bytes)
        if orientation.isMirrored { pixFlipLR(grey.raw, grey.raw) }
        self = orientation.quarterTurns == 0 ? grey : try grey.turned(quarterTurns: orientation.quarterTurns)
    }

    /// - Returns: `nil` for data with any fault.
    private static func decodeJPEG(_ bytes: [UInt8]) -> UnsafeMutablePointer<PIX>? {
        var warningCount: Int32 = 0
        var decoded = bytes.withUnsafeBufferPointer {
            pixReadMemJpeg($0.baseAddress, $0.count, 0, 1, &warningCount, Int32(L_JPEG_READ_LUMINANCE))
        }
        if warningCount > 0 { pixDestroy(&decoded) }
        return decoded
    }

    /// 8-bit grey without colour map; transparent parts become white.
    private consuming func grey() throws(PageReadingError) -> PageImage {
        let opaque = try PageImage(
            adopting: pixGetSpp(raw) == 4 ? pixRemoveAlpha(raw) : pixClone(raw), step: "removing transparency")
        return try PageImage(adopting: pixConvertTo8(opaque.raw, 0), step: "converting to grey")
    }
}
