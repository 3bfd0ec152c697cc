/// A position counted in one unit. Each unit is a type of its own, so that a UTF-16 offset cannot be used as a scalar offset.
///
/// Positions lie between units and count from 0; a range's end is exclusive.
package protocol TextPosition: RawRepresentable<Int>, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The unit's name in messages and in `offset-unit`: `scalar`, `utf-16` or `token`.
    static var unit: String { get }
    init(_ value: Int)
}

extension TextPosition {
    package init?(rawValue: Int) { self.init(rawValue) }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    package var description: String { "\(rawValue)" }
}

/// An offset in Unicode scalars: the unit inside Prelabel and in span JSON Lines.
package struct ScalarOffset: TextPosition {
    package static let unit = "scalar"
    package let rawValue: Int
    package init(_ value: Int) { rawValue = value }
}

/// An offset in UTF-16 code units: the unit of every Ground Truth shape.
package struct UTF16Offset: TextPosition {
    package static let unit = "utf-16"
    package let rawValue: Int
    package init(_ value: Int) { rawValue = value }
}

/// An index of a token of the seed's page, which splits its text at U+0020.
package struct TokenIndex: TextPosition {
    package static let unit = "token"
    package let rawValue: Int
    package init(_ value: Int) { rawValue = value }
}
