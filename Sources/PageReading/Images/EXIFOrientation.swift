/// How the stored pixels of a photograph have to be turned to be seen upright (EXIF tag 0x0112, values 1...8).
///
/// Browsers apply it before showing the image, so every box we report is measured after it.
enum EXIFOrientation: Int {
    case upright = 1
    case mirrored, turned180, mirrored180, transposed, turned90, transversed, turned270

    /// Quarter turns clockwise, to be made after the mirroring.
    var quarterTurns: Int {
        switch self {
        case .upright, .mirrored: 0
        case .turned90, .transversed: 1
        case .turned180, .mirrored180: 2
        case .turned270, .transposed: 3
        }
    }

    /// Whether left and right are swapped first.
    var isMirrored: Bool {
        switch self {
        case .mirrored, .mirrored180, .transposed, .transversed: true
        case .upright, .turned180, .turned90, .turned270: false
        }
    }

    /// The orientation a JPEG file asks for; ``upright`` when it names none or its EXIF segment is malformed.
    init(jpeg bytes: [UInt8]) {
        self = Self.exifSegment(of: bytes).flatMap(Self.init(exif:)) ?? .upright
    }

    /// The TIFF structure inside the first `APP1` segment that begins with `Exif`.
    private static func exifSegment(of bytes: [UInt8]) -> ArraySlice<UInt8>? {
        for segment in JPEGStructure.segments(of: bytes) where segment.marker == 0xE1 {
            let reader = ByteReader(bytes: bytes[segment.content])
            if reader.hasBytes(Array("Exif\0\0".utf8), at: 0) { return bytes[segment.content].dropFirst(6) }
        }
        return nil
    }

    /// Reads tag 0x0112 from the first directory of a TIFF structure.
    private init?(exif: ArraySlice<UInt8>) {
        var reader = ByteReader(bytes: exif)
        if reader.hasBytes([0x49, 0x49, 0x2A, 0], at: 0) {
            reader.order = .littleEndian
        } else if !reader.hasBytes([0x4D, 0x4D, 0, 0x2A], at: 0) {
            return nil
        }
        guard let directory = reader.uint32(at: 4), let entryCount = reader.uint16(at: directory) else { return nil }
        for entry in 0..<entryCount {
            let offset = directory + 2 + entry * 12
            guard let tag = reader.uint16(at: offset) else { return nil }
            // The value is a SHORT, left-justified in the four value bytes.
            if tag == 0x0112, let value = reader.uint16(at: offset + 8) {
                self.init(rawValue: value)
                return
            }
        }
        return nil
    }
}
