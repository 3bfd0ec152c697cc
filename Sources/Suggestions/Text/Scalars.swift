import Annotations

/// The scalars of a text; the index of a scalar is its offset.
///
/// Only the first ``maximumCount`` are looked at: what is longer is no abstract, and time and memory stay bounded.
struct Scalars {
    static let maximumCount = 1 << 18

    let values: [Unicode.Scalar]
    /// Whether the text goes on after ``values``.
    let isCut: Bool

    init(_ text: DocumentText) {
        isCut = text.scalarCount > Self.maximumCount
        values = Array(text.string.unicodeScalars.prefix(Self.maximumCount))
    }

    var count: Int { values.count }

    subscript(index: Int) -> Unicode.Scalar { values[index] }

    /// The scalar at an index, or a line feed beyond the ends.
    func at(_ index: Int) -> Unicode.Scalar { values.indices.contains(index) ? values[index] : "\n" }
}

extension Unicode.Scalar {
    var isASCIILetter: Bool { (0x41...0x5A).contains(value & ~0x20) }
    var isASCIIDigit: Bool { (0x30...0x39).contains(value) }

    var isSpace: Bool { value < 0x80 ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace }

    /// A letter, or a mark on one.
    var isLetter: Bool {
        if value < 0x80 { return isASCIILetter }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark:
            return true
        default: return false
        }
    }

    var isDigit: Bool { value < 0x80 ? isASCIIDigit : properties.generalCategory == .decimalNumber }

    var isUppercase: Bool {
        value < 0x80 ? (0x41...0x5A).contains(value) : properties.isUppercase || properties.generalCategory == .titlecaseLetter
    }

    var isLowercase: Bool { value < 0x80 ? (0x61...0x7A).contains(value) : properties.isLowercase }

    /// A letter of a script that writes words without spaces: each stands for itself.
    var isIdeograph: Bool { value >= 0x2E80 && (properties.isIdeographic || (0x3040...0x30FF).contains(value)) }

    /// The lower-case form where it is one scalar, else the scalar itself.
    var lowercased: Unicode.Scalar {
        if value < 0x80 { return isUppercase ? Unicode.Scalar(UInt8(value + 0x20)) : self }
        guard properties.changesWhenLowercased else { return self }
        let mapping = properties.lowercaseMapping.unicodeScalars
        return mapping.count == 1 ? mapping.first ?? self : self
    }
}
