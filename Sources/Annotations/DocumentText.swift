/// A text object: UTF-8 bytes that nobody trims, normalises or re-wraps, with offsets in scalars and in UTF-16 units.
///
/// A byte order mark is scalar 0. Two texts are equal when their bytes are.
///
/// - Complexity: Making one is O(bytes); a conversion is O(1) in ASCII text, O(log wide scalars) or less otherwise.
package struct DocumentText: Hashable, Sendable {
    package let bytes: [UInt8]
    package let scalarCount: Int
    package let utf16Count: Int

    /// Byte offset of each scalar and of the end; empty when every scalar is one byte.
    private let byteOffsets: [Int32]
    /// Scalar index of each scalar that takes two UTF-16 units, ascending.
    private let surrogatePairs: [Int32]

    /// - Throws: ``TextError`` `.invalidUTF8` with the offset of the first bad byte.
    package init(utf8 bytes: [UInt8]) throws(TextError) {
        if let position = firstInvalidUTF8Byte(in: bytes) {
            throw TextError(.invalidUTF8, "byte \(position) is not UTF-8 (found 0x\(String(bytes[position], radix: 16)))")
        }
        self.init(valid: bytes)
    }

    package init(_ string: String) { self.init(valid: Array(string.utf8)) }

    /// - Precondition: `bytes` are UTF-8.
    package init(valid bytes: [UInt8]) {
        self.bytes = bytes
        var offsets: [Int32] = []
        var pairs: [Int32] = []
        var scalars = 0
        if bytes.contains(where: { $0 >= 0x80 }) {
            offsets.reserveCapacity(bytes.count + 1)
            for (position, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
                offsets.append(Int32(position))
                if byte >= 0xF0 { pairs.append(Int32(scalars)) }
                scalars += 1
            }
            offsets.append(Int32(bytes.count))
        } else {
            scalars = bytes.count
        }
        scalarCount = scalars
        utf16Count = scalars + pairs.count
        byteOffsets = offsets
        surrogatePairs = pairs
    }

    package var string: String { String(decoding: bytes, as: UTF8.self) }
    package var isEmpty: Bool { bytes.isEmpty }

    package static func == (left: Self, right: Self) -> Bool { left.bytes == right.bytes }
    package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    // MARK: Offsets

    /// - Precondition: `offset` lies in `0...scalarCount`.
    package func byteOffset(_ offset: ScalarOffset) -> Int {
        byteOffsets.isEmpty ? offset.rawValue : Int(byteOffsets[offset.rawValue])
    }

    /// - Precondition: `offset` lies in `0...scalarCount`.
    package func utf16(_ offset: ScalarOffset) -> UTF16Offset {
        UTF16Offset(offset.rawValue + pairs { Int($0) < offset.rawValue })
    }

    /// - Returns: `nil` outside `0...utf16Count`.
    /// - Throws: ``TextError`` `.insideSurrogatePair` when the offset would cut a scalar in two.
    package func scalar(_ offset: UTF16Offset) throws(TextError) -> ScalarOffset? {
        guard (0...utf16Count).contains(offset.rawValue) else { return nil }
        // The n-th pair (from 0) occupies the UTF-16 units pair + n and pair + n + 1.
        var low = 0
        var high = surrogatePairs.count
        while low < high {
            let middle = (low + high) / 2
            if Int(surrogatePairs[middle]) + middle < offset.rawValue { low = middle + 1 } else { high = middle }
        }
        if low > 0, Int(surrogatePairs[low - 1]) + low == offset.rawValue {
            throw TextError(.insideSurrogatePair, "UTF-16 offset \(offset) lies inside a surrogate pair")
        }
        return ScalarOffset(offset.rawValue - low)
    }

    /// The scalar that starts at a byte, or the end.
    ///
    /// - Returns: `nil` outside the text and inside a scalar.
    package func scalar(byte offset: Int) -> ScalarOffset? {
        guard !byteOffsets.isEmpty else { return (0...bytes.count).contains(offset) ? ScalarOffset(offset) : nil }
        var low = 0
        var high = byteOffsets.count
        while low < high {
            let middle = (low + high) / 2
            if Int(byteOffsets[middle]) < offset { low = middle + 1 } else { high = middle }
        }
        return low < byteOffsets.count && Int(byteOffsets[low]) == offset ? ScalarOffset(low) : nil
    }

    package func slice(_ range: Range<ScalarOffset>) -> String {
        String(decoding: bytes[byteOffset(range.lowerBound)..<byteOffset(range.upperBound)], as: UTF8.self)
    }

    package func slice(_ span: ScalarSpan) -> String { slice(span.start..<span.end) }

    /// - Complexity: O(log pairs).
    private func pairs(where isBefore: (Int32) -> Bool) -> Int {
        var low = 0
        var high = surrogatePairs.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(surrogatePairs[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

// MARK: Spans

extension DocumentText {
    /// - Precondition: The span lies inside this text.
    package func utf16(_ span: ScalarSpan) -> UTF16Span {
        span.converted { utf16($0) }
    }

    /// The span in scalars, checked against this text.
    ///
    /// - Throws: ``TextError`` `.outOfRange` or `.insideSurrogatePair`.
    package func scalar(_ span: UTF16Span) throws(TextError) -> ScalarSpan {
        guard let start = try scalar(span.start), let end = try scalar(span.end),
            let result = ScalarSpan(start: start, end: end, label: span.label)
        else {
            throw TextError(
                .outOfRange, "span \(span.start)..<\(span.end) (\(span.label)) ends past the text of \(utf16Count) UTF-16 units")
        }
        return result
    }

    /// Checks that a span lies inside this text.
    ///
    /// - Throws: ``TextError`` `.outOfRange`.
    package func check(_ span: ScalarSpan) throws(TextError) {
        guard span.end.rawValue <= scalarCount else {
            throw TextError(
                .outOfRange, "span \(span.start)..<\(span.end) (\(span.label)) ends past the text of \(scalarCount) characters")
        }
    }
}

/// A text, or an offset into it, that cannot be used.
package struct TextError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable { case invalidUTF8, insideSurrogatePair, outOfRange, emptySpan, surfaceDiffers }
    package let code: Code
    package let message: String
    package init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    package var description: String { message }
}
