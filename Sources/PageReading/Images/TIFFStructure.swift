/// The chain of directories of a TIFF file (TIFF 6.0 section 2).
enum TIFFStructure {
    /// - Parameter limit: Counting stops here; the directories of a hostile file may overlap.
    /// - Returns: 0 when the first directory lies outside the file. A chain that is broken later, or runs in a circle,
    ///   counts up to there.
    static func pageCount(of bytes: [UInt8], limit: Int) -> Int {
        var reader = ByteReader(bytes: bytes[...])
        reader.order = reader.byte(at: 0) == 0x49 ? .littleEndian : .bigEndian
        var seen: Set<Int> = []
        var next = reader.uint32(at: 4)
        while seen.count < limit, let offset = next, offset != 0, let entryCount = reader.uint16(at: offset),
            seen.insert(offset).inserted
        {
            next = reader.uint32(at: offset + 2 + entryCount * 12)
        }
        return seen.count
    }
}
