/// Cuts a stream of bytes into lines at LF, in memory bounded by the longest line allowed.
///
/// Only LF ends a line (U+2028 inside a JSON string does not); a CR before it belongs to the line end.
package struct LineSplitter: Sendable {
    package struct Line: Sendable, Equatable {
        /// From 1.
        package let number: Int
        /// Without its line end; cut at the limit when `isTooLong`.
        package let bytes: [UInt8]
        /// False for a last line without LF.
        package let isTerminated: Bool
        package let isTooLong: Bool
        /// Whether it holds nothing but blanks and tabs.
        package var isBlank: Bool { bytes.isBlank }

        package init(number: Int, bytes: [UInt8], isTerminated: Bool = true, isTooLong: Bool = false) {
            (self.number, self.bytes, self.isTerminated, self.isTooLong) = (number, bytes, isTerminated, isTooLong)
        }
    }

    /// A longer line is cut: nothing that Ground Truth reads comes near it, and hostile input must not fill the memory.
    package static let maximumLineBytes = 64 << 20

    private var number = 0
    private var pending: [UInt8] = []
    private var isTooLong = false

    package init() {}

    /// Feeds bytes.
    ///
    /// - Returns: The lines that they complete.
    package mutating func append(_ chunk: some Collection<UInt8>) -> [Line] { append(ArraySlice(chunk)) }

    package mutating func append(_ chunk: ArraySlice<UInt8>) -> [Line] {
        var lines: [Line] = []
        var rest = chunk
        while let end = rest.firstIndex(of: 0x0A) {
            keep(rest[..<end])
            lines.append(take(isTerminated: true))
            rest = rest[(end + 1)...]
        }
        keep(rest)
        return lines
    }

    /// - Returns: A last line without LF, if there is one.
    package mutating func finish() -> Line? { pending.isEmpty ? nil : take(isTerminated: false) }

    private mutating func keep(_ part: ArraySlice<UInt8>) {
        let room = Self.maximumLineBytes - pending.count
        pending.append(contentsOf: part.prefix(room))
        if part.count > room { isTooLong = true }
    }

    private mutating func take(isTerminated: Bool) -> Line {
        number += 1
        defer {
            pending.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        if isTerminated, pending.last == 0x0D { pending.removeLast() }
        return Line(number: number, bytes: pending, isTerminated: isTerminated, isTooLong: isTooLong)
    }
}

extension Collection<UInt8> {
    /// Whether a line holds nothing but blanks and tabs.
    var isBlank: Bool { allSatisfy { $0 == 0x20 || $0 == 0x09 } }
}
