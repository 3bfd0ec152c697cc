/// A stretch of text with a label. Spans may overlap, nest and repeat.
package struct LabeledSpan<Position: TextPosition>: Hashable, Sendable {
    /// The first unit of the span.
    package let start: Position
    /// The first unit after the span; always greater than `start`.
    package let end: Position
    package let label: Label

    /// - Returns: `nil` unless `0 <= start < end`.
    package init?(start: Position, end: Position, label: Label) {
        guard start.rawValue >= 0, start < end else { return nil }
        (self.start, self.end, self.label) = (start, end, label)
    }

    /// The span in another unit.
    ///
    /// - Precondition: `position` keeps the order of positions.
    package func converted<Other>(_ position: (Position) -> Other) -> LabeledSpan<Other> {
        guard let span = LabeledSpan<Other>(start: position(start), end: position(end), label: label) else {
            preconditionFailure("span \(start)..<\(end) is empty in \(Other.unit) units")
        }
        return span
    }

    package var length: Int { end.rawValue - start.rawValue }

    package func overlaps(_ other: Self) -> Bool { start < other.end && other.start < end }

    /// The share of the units of both spans that they have in common, 0...1 (Jaccard similarity); labels do not count.
    package func jaccard(_ other: Self) -> Double {
        let common = min(end, other.end).rawValue - max(start, other.start).rawValue
        guard common > 0 else { return 0 }
        return Double(common) / Double(length + other.length - common)
    }
}

extension LabeledSpan: Comparable {
    /// By start, then end, then label.
    package static func < (left: Self, right: Self) -> Bool {
        if left.start != right.start { return left.start < right.start }
        if left.end != right.end { return left.end < right.end }
        return left.label < right.label
    }
}

package typealias ScalarSpan = LabeledSpan<ScalarOffset>
package typealias UTF16Span = LabeledSpan<UTF16Offset>
package typealias TokenSpan = LabeledSpan<TokenIndex>
