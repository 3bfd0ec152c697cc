/// The marker structure of a JPEG file (ITU-T T.81 annex B), walked without decoding.
enum JPEGStructure {
    struct Segment {
        let marker: UInt8
        /// What follows the segment's two length bytes.
        let content: Range<Int>
    }

    /// The segments before the first scan.
    static func segments(of bytes: [UInt8]) -> [Segment] {
        var result: [Segment] = []
        let reader = ByteReader(bytes: bytes[...])
        var position = 2
        while let marker = nextMarker(in: reader, from: &position), marker != 0xDA, marker != 0xD9 {
            guard let length = reader.uint16(at: position), length >= 2, position + length <= bytes.count else { break }
            result.append(Segment(marker: marker, content: (position + 2)..<(position + length)))
            position += length
        }
        return result
    }

    /// Width and height from the frame header (markers C0 to CF but for DHT, JPG and DAC); `nil` when there is none.
    static func size(of bytes: [UInt8]) -> (width: Int, height: Int)? {
        let isFrame = { (marker: UInt8) in (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker) }
        guard let frame = segments(of: bytes).first(where: { isFrame($0.marker) }) else { return nil }
        let reader = ByteReader(bytes: bytes[frame.content])
        guard let height = reader.uint16(at: 1), let width = reader.uint16(at: 3) else { return nil }
        return (width, height)
    }

    /// Whether the file reaches its end marker after a scan.
    ///
    /// Decoders fill the missing part of a file that was cut short with grey and only warn.
    /// - Complexity: O(bytes); the scan data are searched, not decoded.
    static func isComplete(_ bytes: [UInt8]) -> Bool {
        let reader = ByteReader(bytes: bytes[...])
        var position = 2
        var hasScan = false
        while let marker = nextMarker(in: reader, from: &position) {
            if marker == 0xD9 { return hasScan }
            guard let length = reader.uint16(at: position), length >= 2 else { return false }
            position += length
            if marker == 0xDA {
                hasScan = true
                position = endOfScan(in: bytes, from: position)
            }
        }
        return false
    }

    /// Moves past the next marker; fill bytes (0xFF) before it are skipped.
    private static func nextMarker(in reader: ByteReader, from position: inout Int) -> UInt8? {
        guard reader.byte(at: position) == 0xFF else { return nil }
        while let byte = reader.byte(at: position) {
            position += 1
            if byte != 0xFF { return byte }
        }
        return nil
    }

    /// The position of the first marker that is neither a stuffed zero nor a restart marker.
    private static func endOfScan(in bytes: [UInt8], from start: Int) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var position = start
            while position + 1 < bytes.count {
                if bytes[position] == 0xFF {
                    let next = bytes[position + 1]
                    if next != 0, next != 0xFF, !(0xD0...0xD7).contains(next) { return position }
                }
                position += 1
            }
            return bytes.count
        }
    }
}
