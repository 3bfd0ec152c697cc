import CLeptonica

/// What a file says about itself before it is decoded.
struct ImageHeader {
    enum Format { case jpeg, png, tiff }

    /// 100 megapixels: an A3 sheet at 600 dpi has 70.
    static let maximumPixels = 100_000_000
    /// A TIFF file of 4 GiB, its limit, has so many pages of half a megabyte.
    static let maximumPages = 10_000
    /// Shorter sides than this hold no line of text.
    static let minimumSidePixels = 50

    let format: Format
    let widthPixels: Int
    let heightPixels: Int

    /// The number of pages in a file; 1 for JPEG and PNG.
    ///
    /// - Throws: ``PageReadingError`` `.emptyImage`, `.unsupportedFormat`, `.undecodableImage` or `.imageTooLarge`.
    static func pageCount(of bytes: [UInt8]) throws(PageReadingError) -> Int {
        guard try format(of: bytes) == .tiff else { return 1 }
        let count = TIFFStructure.pageCount(of: bytes, limit: maximumPages + 1)
        guard count >= 1 else {
            throw PageReadingError(.undecodableImage, "the TIFF file's directory cannot be read; the file is damaged")
        }
        guard count <= maximumPages else {
            throw PageReadingError(
                .imageTooLarge, "the TIFF file has more than \(maximumPages) pages; divide it into several files")
        }
        return count
    }

    /// Looks at the header only; costs the same for every size of image.
    ///
    /// - Parameter page: From 0.
    /// - Throws: ``PageReadingError`` `.emptyImage`, `.unsupportedFormat`, `.undecodableImage`, `.noSuchPage`,
    ///   `.imageTooLarge` or `.imageTooSmall`.
    init(of bytes: [UInt8], page: Int = 0) throws(PageReadingError) {
        let format = try Self.format(of: bytes)
        let pageCount = try Self.pageCount(of: bytes)
        guard (0..<pageCount).contains(page) else {
            throw PageReadingError(.noSuchPage, "page \(page + 1) was asked for, but the file has \(pageCount)")
        }
        let size =
            switch format {
            case .jpeg: JPEGStructure.size(of: bytes)
            case .png: PNGStructure.size(of: bytes)
            case .tiff: Self.tiffSize(of: bytes, page: page)
            }
        guard let size, size.width > 0, size.height > 0 else {
            throw PageReadingError(
                .undecodableImage, "the \(format) header cannot be read in \(bytes.count) bytes; the file is damaged")
        }
        (self.format, widthPixels, heightPixels) = (format, size.width, size.height)
        guard widthPixels * heightPixels <= Self.maximumPixels else {
            throw PageReadingError(
                .imageTooLarge,
                "\(widthPixels) x \(heightPixels) pixels are more than \(Self.maximumPixels / 1_000_000) megapixels; scan at a lower resolution"
            )
        }
        guard min(widthPixels, heightPixels) >= Self.minimumSidePixels else {
            throw PageReadingError(
                .imageTooSmall,
                "\(widthPixels) x \(heightPixels) pixels are no page; each side must have at least \(Self.minimumSidePixels) pixels"
            )
        }
    }

    private static func format(of bytes: [UInt8]) throws(PageReadingError) -> Format {
        guard !bytes.isEmpty else { throw PageReadingError(.emptyImage, "the file has no bytes") }
        guard let format = Format(of: bytes) else {
            throw PageReadingError(.unsupportedFormat, "the file begins like neither JPEG, PNG nor TIFF; convert it to one of them")
        }
        return format
    }

    private static func tiffSize(of bytes: [UInt8], page: Int) -> (width: Int, height: Int)? {
        var (width, height): (Int32, Int32) = (0, 0)
        let failed = bytes.withUnsafeBufferPointer {
            readHeaderMemTiff($0.baseAddress, $0.count, Int32(page), &width, &height, nil, nil, nil, nil, nil)
        }
        return failed == 0 ? (Int(width), Int(height)) : nil
    }
}

extension ImageHeader.Format: CustomStringConvertible {
    init?(of bytes: [UInt8]) {
        let reader = ByteReader(bytes: bytes[...])
        if reader.hasBytes([0xFF, 0xD8, 0xFF], at: 0) {
            self = .jpeg
        } else if reader.hasBytes([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], at: 0) {
            self = .png
        } else if reader.hasBytes([0x49, 0x49, 0x2A, 0], at: 0) || reader.hasBytes([0x4D, 0x4D, 0, 0x2A], at: 0) {
            self = .tiff
        } else {
            return nil
        }
    }

    var description: String {
        switch self {
        case .jpeg: "JPEG"
        case .png: "PNG"
        case .tiff: "TIFF"
        }
    }
}
