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
        while let marker = nextMarker(in: reader, from: position), marker.code != 0xDA, marker.code != 0xD9 {
            position = marker.end
            guard let length = reader.uint16(at: position), length >= 2, position + length <= bytes.count else { break }
            result.append(Segment(marker: marker.code, content: (position + 2)..<(position + length)))
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

    struct Marker {
        let code: UInt8
        /// Where its 0xFF stands.
        let start: Int
        var end: Int { start + 2 }
    }

    /// The first marker from a position on; stray and fill bytes before it are passed over, as decoders do.
    static func nextMarker(in reader: ByteReader, from position: Int) -> Marker? {
        var position = position
        while let byte = reader.byte(at: position), let code = reader.byte(at: position + 1) {
            if byte == 0xFF, code != 0, code != 0xFF { return Marker(code: code, start: position) }
            position += 1
        }
        return nil
    }

    /// The position of the first marker that is neither a stuffed zero nor a restart marker.
    static func endOfScan(in bytes: [UInt8], from start: Int) -> Int {
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
