extension Renderer {
    mutating func applyTextFilter(
        _ filter: Filter, to value: LiquidValue, _ arguments: [LiquidValue]
    ) throws(LiquidError) -> LiquidValue {
        switch filter {
        case .append: return try joined(value, arguments[0])
        case .prepend: return try joined(arguments[0], value)
        case .downcase: return try made(try text(value).lowercased())
        case .upcase: return try made(try text(value).uppercased())
        case .capitalize: return try made(Self.capitalized(try text(value)))
        case .escape, .h: return try escaped(value)
        case .escapeOnce: return try escapedOnce(value)
        case .strip: return try stripped(value, left: true, right: true)
        case .lstrip: return try stripped(value, left: true, right: false)
        case .rstrip: return try stripped(value, left: false, right: true)
        case .stripHTML: return try made(HTMLStripper.text(of: Array(try text(value).utf8)))
        case .stripNewlines: return try made(Self.replacingLineEnds(try text(value), with: ""))
        case .newlineToBr:
            // With autoescape the text around the breaks is escaped here, and the breaks are meant.
            guard dialect == .groundTruth else { return try made(Self.replacingLineEnds(try text(value), with: "<br />\n")) }
            guard let safe = try escaped(value).string else { return .null }
            let broken = Self.replacingLineEnds(safe, with: "<br />\n")
            try budget.make(bytes: broken.utf8.count)
            return .escaped(broken)
        case .truncate: return try truncated(value, arguments)
        case .truncatewords: return try truncatedWords(value, arguments)
        default: return try split(value, at: try text(arguments[0]))
        }
    }

    /// Two texts in a row. Beside HTML that is escaped already, the other part is escaped too, so that the whole stays HTML.
    private mutating func joined(_ first: LiquidValue, _ second: LiquidValue) throws(LiquidError) -> LiquidValue {
        guard first.isEscaped || second.isEscaped else { return try made(try text(first) + text(second)) }
        let whole = (try escaped(first).string ?? "") + (try escaped(second).string ?? "")
        try budget.make(bytes: whole.utf8.count)
        return .escaped(whole)
    }

    private static func capitalized(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return text }
        return first.properties.titlecaseMapping + String(text.unicodeScalars.dropFirst()).lowercased()
    }

    // MARK: HTML

    /// Escapes, but never twice in Ground Truth's dialect, where the result is known not to need it again.
    mutating func escaped(_ value: LiquidValue) throws(LiquidError) -> LiquidValue {
        if value.isNull || value.isEscaped { return value }
        let text = HTMLText.escaped(try text(value))
        try budget.make(bytes: text.utf8.count)
        return dialect == .groundTruth ? .escaped(text) : .string(text)
    }

    private mutating func escapedOnce(_ value: LiquidValue) throws(LiquidError) -> LiquidValue {
        if value.isEscaped { return value }
        let text = HTMLText.escapedOnce(try text(value))
        try budget.make(bytes: text.utf8.count)
        return dialect == .groundTruth ? .escaped(text) : .string(text)
    }

    // MARK: White space

    private mutating func stripped(_ value: LiquidValue, left: Bool, right: Bool) throws(LiquidError) -> LiquidValue {
        var rest = Array(try text(value).utf8)[...]
        if left { rest = rest.drop(while: \.isStripped) }
        if right { while rest.last?.isStripped == true { rest.removeLast() } }
        let text = String(decoding: rest, as: UTF8.self)
        try budget.make(bytes: text.utf8.count)
        return value.isEscaped ? .escaped(text) : .string(text)
    }

    /// Line feeds, and carriage returns before them.
    private static func replacingLineEnds(_ text: String, with replacement: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\n") {
                if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
                bytes += replacement.utf8
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Shortening

    private mutating func truncated(_ value: LiquidValue, _ arguments: [LiquidValue]) throws(LiquidError) -> LiquidValue {
        guard !value.isNull else { return .null }
        let text = try text(value)
        let length = try arguments.first?.integerArgument("the length of `truncate`") ?? 50
        let ellipsis = arguments.count > 1 ? try self.text(arguments[1]) : "..."
        let scalars = text.unicodeScalars
        guard scalars.count > length else { return .string(text) }
        let (kept, overflow) = length.subtractingReportingOverflow(ellipsis.unicodeScalars.count)
        return try made(String(scalars.prefix(overflow ? 0 : max(kept, 0))) + ellipsis)
    }

    private mutating func truncatedWords(_ value: LiquidValue, _ arguments: [LiquidValue]) throws(LiquidError) -> LiquidValue {
        guard !value.isNull else { return .null }
        let text = try text(value)
        let limit = max(1, try arguments.first?.integerArgument("the number of words of `truncatewords`") ?? 15)
        let ellipsis = arguments.count > 1 ? try self.text(arguments[1]) : "..."
        let words = Array(text.utf8).split(whereSeparator: \.isStripped)
        guard words.count > limit else { return .string(text) }
        return try made(Array(words.prefix(limit).joined(separator: [0x20])) + Array(ellipsis.utf8))
    }

    /// A separator of one space splits at all white space, an empty one between all scalars; empty parts at the end go.
    private mutating func split(_ value: LiquidValue, at separator: String) throws(LiquidError) -> LiquidValue {
        let text = try text(value)
        let bytes = Array(text.utf8)
        var parts: [LiquidValue] = []
        if separator.isEmpty {
            parts = text.unicodeScalars.map { .string(String($0)) }
        } else if separator.utf8.elementsEqual([0x20]) {
            parts = bytes.split(whereSeparator: \.isStripped).map { .string(String(decoding: $0, as: UTF8.self)) }
        } else {
            let search = ByteSearch(separator.utf8)
            var start = 0
            while let found = search.firstIndex(in: bytes, from: start) {
                parts.append(.string(String(decoding: bytes[start..<found], as: UTF8.self)))
                start = found + search.count
            }
            parts.append(.string(String(decoding: bytes[start...], as: UTF8.self)))
            while parts.last?.isEmpty == true { parts.removeLast() }
        }
        try budget.make(bytes: bytes.count)
        try budget.make(elements: parts.count)
        return .array(parts)
    }
}

extension LiquidValue {
    /// Whether this is HTML that is not escaped again.
    fileprivate var isEscaped: Bool { if case .escaped = self { true } else { false } }
}

/// Takes scripts, styles, comments and tags out of HTML, by the same patterns as Ruby's Liquid and no others: this is for reading, not
/// for safety.
enum HTMLStripper {
    private static let blocks: [(open: [UInt8], close: ByteSearch)] = [
        ("<script", "</script>"), ("<!--", "-->"), ("<style", "</style>"),
    ].map { (Array($0.utf8), ByteSearch($1.utf8)) }

    static func text(of html: [UInt8]) -> [UInt8] {
        removeTags(removeBlocks(html))
    }

    private static func removeBlocks(_ html: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        // A kind of block whose end was not found once has none further on either.
        var isClosed = [Bool](repeating: true, count: blocks.count)
        var index = 0
        scan: while index < html.count {
            if html[index] == UInt8(ascii: "<") {
                for (kind, block) in blocks.enumerated() where isClosed[kind] && html[index...].starts(with: block.open) {
                    guard let close = block.close.firstIndex(in: html, from: index + block.open.count) else {
                        isClosed[kind] = false
                        continue
                    }
                    index = close + block.close.count
                    continue scan
                }
            }
            kept.append(html[index])
            index += 1
        }
        return kept
    }

    private static func removeTags(_ html: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        var index = 0
        while index < html.count {
            if html[index] == UInt8(ascii: "<") {
                guard let close = html[(index + 1)...].firstIndex(of: UInt8(ascii: ">")) else { return kept + html[index...] }
                index = close + 1
            } else {
                kept.append(html[index])
                index += 1
            }
        }
        return kept
    }
}
