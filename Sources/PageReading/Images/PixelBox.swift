/// A rectangle in whole pixels: origin top left, y down, right and bottom exclusive.
struct PixelBox: Hashable, Sendable {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int

    var width: Int { right - left }
    var height: Int { bottom - top }
    var middleX: Double { Double(left + right) / 2 }
    var middleY: Double { Double(top + bottom) / 2 }

    func union(_ other: Self) -> Self {
        Self(
            left: min(left, other.left), top: min(top, other.top), right: max(right, other.right), bottom: max(bottom, other.bottom)
        )
    }

    /// Has no positive size when the boxes do not meet.
    func intersection(_ other: Self) -> Self {
        Self(
            left: max(left, other.left), top: max(top, other.top), right: min(right, other.right), bottom: min(bottom, other.bottom)
        )
    }

    func expanded(x: Int, y: Int) -> Self { Self(left: left - x, top: top - y, right: right + x, bottom: bottom + y) }

    /// Columns that both boxes cover.
    func commonWidth(_ other: Self) -> Int { max(0, min(right, other.right) - max(left, other.left)) }
    /// Rows that both boxes cover.
    func commonHeight(_ other: Self) -> Int { max(0, min(bottom, other.bottom) - max(top, other.top)) }
}
