/// Mends small faults of JPEG files that every viewer passes over.
///
/// The library counts a warning for them just as for damaged image data, and prints it. Mended before, what it still warns of
/// is damage.
enum JPEGRepair {
    /// The file without stray bytes between its segments, and with the header values that decoders assume anyway.
    ///
    /// - Returns: `nil` when the file does not reach its end marker after a scan. Decoders fill the missing part of a file that
    ///   was cut short with grey and only warn.
    /// - Complexity: O(bytes); the scan data are searched, not decoded.
    static func repaired(_ bytes: [UInt8]) -> [UInt8]? {
        var bytes = bytes
        var kept: [Range<Int>] = []
        var start = 0
        var position = 2
        var (hasScan, isSequential) = (false, false)
        while let marker = JPEGStructure.nextMarker(in: ByteReader(bytes: bytes[...]), from: position) {
            if marker.start > position {
                kept.append(start..<position)
                start = marker.start
            }
            position = marker.end
            if marker.code == 0xD9 {
                guard hasScan else { return nil }
                kept.append(start..<position)
                return kept == [0..<bytes.count] ? bytes : kept.flatMap { bytes[$0] }
            }
            guard let length = ByteReader(bytes: bytes[...]).uint16(at: position), length >= 2, position + length <= bytes.count
            else { return nil }
            let content = (position + 2)..<(position + length)
            position += length
            switch marker.code {
            case 0xC0, 0xC1: isSequential = true
            case 0xE0: setVersion(in: &bytes, at: content)
            case 0xDA:
                if isSequential { setSpectrum(in: &bytes, at: content) }
                hasScan = true
                position = JPEGStructure.endOfScan(in: bytes, from: position)
            default: break
            }
        }
        return nil
    }

    /// JFIF 1.x, whatever the segment says: there is no other.
    private static func setVersion(in bytes: inout [UInt8], at content: Range<Int>) {
        guard content.count >= 7, bytes[content].starts(with: Array("JFIF\0".utf8)) else { return }
        if bytes[content.lowerBound + 5] != 1 { bytes[content.lowerBound + 5] = 1 }
    }

    /// A sequential scan has all coefficients of each block at once (ITU-T T.81 table B.3).
    private static func setSpectrum(in bytes: inout [UInt8], at content: Range<Int>) {
        guard content.count >= 3 else { return }
        let place = (content.upperBound - 3)..<content.upperBound
        if !bytes[place].elementsEqual([0, 63, 0]) { bytes.replaceSubrange(place, with: [0, 63, 0]) }
    }
}
