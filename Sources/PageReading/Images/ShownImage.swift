import CLeptonica

/// A copy of a page image in a format that every browser shows.
package enum ShownImage {
    /// - Parameters:
    ///   - bytes: A JPEG, PNG or TIFF file.
    ///   - page: From 0; only TIFF files have more than one.
    /// - Returns: A PNG of the same pixels, in colour when the original is.
    /// - Throws: ``PageReadingError`` for an image that cannot be used.
    package static func png(of bytes: [UInt8], page: Int = 0) throws(PageReadingError) -> [UInt8] {
        let header = try ImageHeader(of: bytes, page: page)
        let decoded = bytes.withUnsafeBufferPointer {
            header.format == .tiff ? pixReadMemTiff($0.baseAddress, $0.count, Int32(page)) : pixReadMem($0.baseAddress, $0.count)
        }
        return try PageImage(adopting: decoded, step: "decoding").png()
    }
}

extension PageImage {
    /// - Throws: ``PageReadingError`` `.recognitionFailed`.
    func png() throws(PageReadingError) -> [UInt8] {
        var data: UnsafeMutablePointer<UInt8>?
        var count = 0
        defer { lept_free(data) }
        guard pixWriteMemPng(&data, &count, raw, 0) == 0, let data else {
            throw PageReadingError(.recognitionFailed, "the image could not be written as PNG")
        }
        return Array(UnsafeBufferPointer(start: data, count: count))
    }
}
