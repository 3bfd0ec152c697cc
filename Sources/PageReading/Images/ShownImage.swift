import CLeptonica

/// A copy of a page image in a format that every browser shows.
package enum ShownImage {
    /// - Parameter bytes: A JPEG, PNG or one-page TIFF file.
    /// - Returns: A PNG of the same pixels, in colour when the original is.
    /// - Throws: ``PageReadingError`` for an image that cannot be used.
    package static func png(of bytes: [UInt8]) throws(PageReadingError) -> [UInt8] {
        _ = try ImageHeader(of: bytes)
        let image = try PageImage(
            adopting: bytes.withUnsafeBufferPointer { pixReadMem($0.baseAddress, $0.count) }, step: "decoding")
        var data: UnsafeMutablePointer<UInt8>?
        var count = 0
        defer { lept_free(data) }
        guard pixWriteMemPng(&data, &count, image.raw, 0) == 0, let data else {
            throw PageReadingError(.recognitionFailed, "the image could not be written as PNG")
        }
        return Array(UnsafeBufferPointer(start: data, count: count))
    }
}
