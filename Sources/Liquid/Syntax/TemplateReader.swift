/// Cuts a template into texts, outputs and tags; inside a `liquid` tag, where each line is a tag, into those.
struct TemplateReader {
    struct Tag {
        let name: String
        /// What stands behind the name, white-space control taken off.
        let markup: Range<Int>
        /// Where the tag begins.
        let start: Int
    }

    enum Piece {
        /// White space that a neighbour's `-` takes is gone already; may be empty.
        case text(Range<Int>)
        case output(markup: Range<Int>)
        case tag(Tag)
    }

    let source: TemplateSource
    /// Whether this is the inside of a `liquid` tag.
    let readsLines: Bool
    private(set) var position: Int
    private let end: Int
    /// Whether the last tag or output ended in `-`.
    private var trimsNext = false

    init(_ source: TemplateSource) {
        self.source = source
        readsLines = false
        (position, end) = (0, source.bytes.count)
    }

    /// The lines of a `liquid` tag.
    init(linesOf source: TemplateSource, in range: Range<Int>) {
        self.source = source
        readsLines = true
        (position, end) = (range.lowerBound, range.upperBound)
    }

    private var bytes: [UInt8] { source.bytes }
    private static let brace = UInt8(ascii: "{")
    private static let percent = UInt8(ascii: "%")
    private static let dash = UInt8(ascii: "-")

    private func failure(_ message: String, at offset: Int) -> LiquidError {
        LiquidError(.syntax, message, at: source.location(of: offset))
    }

    mutating func next() throws(LiquidError) -> Piece? {
        if readsLines { return try nextLine() }
        guard position < end else { return nil }
        guard isOpening(position) else { return .text(takeText()) }
        let start = position
        let isTag = bytes[start + 1] == Self.percent
        guard let close = closing(isTag ? "%}" : "}}", from: start + 2) else {
            let (open, close) = isTag ? ("{%", "%}") : ("{{", "}}")
            throw failure("`\(open)` is not closed; expected `\(close)`", at: start)
        }
        let inside = insideOfMarks(from: start + 2, to: close)
        position = close + 2
        trimsNext = close > start + 2 && bytes[close - 1] == Self.dash
        guard isTag else { return .output(markup: inside) }
        guard let tag = tag(in: inside, start: start) else {
            throw failure("expected a tag's name after `{%`", at: start)
        }
        return .tag(tag)
    }

    private mutating func nextLine() throws(LiquidError) -> Piece? {
        while position < end {
            let start = position
            let lineEnd = bytes[start..<end].firstIndex(of: UInt8(ascii: "\n")) ?? end
            position = min(lineEnd + 1, end)
            guard let first = bytes[start..<lineEnd].firstIndex(where: { !$0.isWhiteSpace }) else { continue }
            guard let tag = tag(in: first..<lineEnd, start: first) else { throw failure("expected a tag's name", at: first) }
            return .tag(tag)
        }
        return nil
    }

    // MARK: Parts

    private func isOpening(_ index: Int) -> Bool {
        index + 1 < end && bytes[index] == Self.brace && (bytes[index + 1] == Self.brace || bytes[index + 1] == Self.percent)
    }

    /// The text up to the next opening.
    private mutating func takeText() -> Range<Int> {
        var start = position
        while position < end, !isOpening(position) { position += 1 }
        var textEnd = position
        if trimsNext {
            while start < textEnd, bytes[start].isStripped { start += 1 }
            trimsNext = false
        }
        if position + 2 < end, bytes[position + 2] == Self.dash {
            while textEnd > start, bytes[textEnd - 1].isStripped { textEnd -= 1 }
        }
        return start..<textEnd
    }

    private func closing(_ mark: StaticString, from start: Int) -> Int? {
        let pattern = "\(mark)".utf8
        guard let first = pattern.first, start < end else { return nil }
        var index = start
        while index + 1 < end {
            if bytes[index] == first, bytes[index + 1] == UInt8(ascii: "}") { return index }
            index += 1
        }
        return nil
    }

    private func insideOfMarks(from start: Int, to close: Int) -> Range<Int> {
        let inner = start < close && bytes[start] == Self.dash ? start + 1 : start
        return inner..<(inner < close && bytes[close - 1] == Self.dash ? close - 1 : close)
    }

    private func tag(in range: Range<Int>, start: Int) -> Tag? {
        var nameStart = range.lowerBound
        while nameStart < range.upperBound, bytes[nameStart].isWhiteSpace { nameStart += 1 }
        var nameEnd = nameStart
        if nameEnd < range.upperBound, bytes[nameEnd] == UInt8(ascii: "#") {
            nameEnd += 1
        } else {
            while nameEnd < range.upperBound, bytes[nameEnd].isWordByte { nameEnd += 1 }
        }
        guard nameEnd > nameStart else { return nil }
        let name = String(decoding: bytes[nameStart..<nameEnd], as: UTF8.self)
        return Tag(name: name, markup: nameEnd..<range.upperBound, start: start)
    }

    // MARK: Blocks that are not parsed

    /// Passes over a comment's content, in which comments nest and `raw` hides what it holds.
    ///
    /// - Returns: Whether the comment is closed.
    mutating func skipComment() throws(LiquidError) -> Bool {
        var depth = 1
        while let name = try nextSkippedTag() {
            switch name {
            case "comment": depth += 1
            case "endcomment": depth -= 1
            case "raw": guard takeVerbatim(until: "endraw") != nil else { return false }
            default: break
            }
            if depth == 0 { return true }
        }
        return false
    }

    /// The name of the next tag, the empty text for what only looks like one; `nil` at the end.
    private mutating func nextSkippedTag() throws(LiquidError) -> String? {
        if readsLines {
            guard case .tag(let tag)? = try nextLine() else { return nil }
            return tag.name
        }
        while position < end {
            if !isOpening(position) {
                position += 1
            } else if bytes[position + 1] == Self.percent {
                let start = position
                guard let close = closing("%}", from: start + 2) else { return nil }
                position = close + 2
                trimsNext = bytes[close - 1] == Self.dash
                return tag(in: insideOfMarks(from: start + 2, to: close), start: start)?.name ?? ""
            } else {
                skipOutput()
            }
        }
        return nil
    }

    /// Passes over an output as far as it goes: to a `}`, or to the end of a tag inside it.
    private mutating func skipOutput() {
        position += 2
        var index = position
        while index < end {
            if bytes[index] == UInt8(ascii: "}") {
                position = index + 1 < end && bytes[index + 1] == bytes[index] ? index + 2 : index + 1
                return
            }
            if isOpening(index), bytes[index + 1] == Self.percent {
                position = closing("%}", from: index + 2).map { $0 + 2 } ?? end
                return
            }
            index += 1
        }
    }

    /// Takes everything up to the tag `name`, as it is.
    ///
    /// - Parameter forbidden: A tag that may not stand before it.
    /// - Returns: `nil` when there is no such tag, or the forbidden one comes first.
    mutating func takeVerbatim(until name: String, forbidden: String? = nil) -> Range<Int>? {
        let start = position
        var from = start
        while let close = closing("%}", from: from) {
            from = close + 2
            // The last opening before this closing: an unclosed one in front of it belongs to the text.
            var open = close - 2
            while open >= start, !(isOpening(open) && bytes[open + 1] == Self.percent) { open -= 1 }
            guard open >= start else { continue }
            let found = tag(in: insideOfMarks(from: open + 2, to: close), start: open)?.name
            if found == forbidden, forbidden != nil { return nil }
            if found == name {
                position = close + 2
                trimsNext = bytes[close - 1] == Self.dash
                return start..<open
            }
        }
        return nil
    }

    /// Passes over the lines of a `doc` inside a `liquid` tag.
    mutating func skipLines(until name: String) throws(LiquidError) -> Bool {
        while case .tag(let tag)? = try nextLine() {
            if tag.name == name { return true }
        }
        return false
    }
}

extension UInt8 {
    /// What white-space control and the strip filters take away: white space and NUL.
    @inline(__always)
    var isStripped: Bool { isWhiteSpace || self == 0 }
}
