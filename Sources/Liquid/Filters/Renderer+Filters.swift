extension Renderer {
    /// Applies a filter. The parser has checked how many arguments there are.
    mutating func apply(
        _ filter: Filter, to value: LiquidValue, _ arguments: [LiquidValue], allowsFalse: Bool
    ) throws(LiquidError) -> LiquidValue {
        switch filter {
        case .append, .prepend, .capitalize, .downcase, .upcase, .escape, .h, .escapeOnce, .strip, .lstrip, .rstrip, .stripHTML,
            .stripNewlines, .newlineToBr, .truncate, .truncatewords, .split:
            return try applyTextFilter(filter, to: value, arguments)
        case .replace, .replaceFirst, .replaceLast, .remove, .removeFirst, .removeLast:
            return try applyReplacement(filter, to: value, arguments)
        case .urlDecode, .urlEncode, .base64Decode, .base64Encode, .base64URLSafeDecode, .base64URLSafeEncode:
            return try applyEncoding(filter, to: value)
        case .abs, .ceil, .floor, .minus, .modulo, .plus, .round, .times, .atLeast, .atMost, .dividedBy:
            return try applyNumberFilter(filter, to: value, arguments)
        case .compact, .concat, .first, .join, .last, .map, .reverse, .size, .slice, .sum, .uniq:
            return try applyListFilter(filter, to: value, arguments)
        case .sort, .sortNatural:
            return try sorted(value, by: arguments.first ?? .null, isNatural: filter == .sortNatural)
        case .find, .findIndex, .has, .reject, .where:
            return try applySelection(filter, to: value, property: arguments[0], target: arguments.count > 1 ? arguments[1] : .null)
        case .date: return try date(value, format: arguments[0])
        case .default:
            let isMissing = allowsFalse ? value.isNull : !value.isTruthy
            return isMissing || value.isEmpty ? arguments.first ?? .string("") : value
        case .grantReadAccess: return try grantReadAccess(value)
        case .skipAutoescape: return .trusted(try text(value))
        case .toJSON:
            try budget.read(bytes: value.approximateTextBytes)
            var bytes: [UInt8] = []
            value.appendNotation(.json, to: &bytes)
            return try made(bytes)
        }
    }

    /// A value as a text, counted as read; a list or an object also as made.
    mutating func text(_ value: LiquidValue) throws(LiquidError) -> String {
        if let text = value.string {
            try budget.read(bytes: text.utf8.count)
            return text
        }
        let size = value.approximateTextBytes
        try budget.read(bytes: size)
        try budget.make(bytes: size)
        return value.text(dialect.textStyle)
    }

    /// A text that a filter made, counted.
    mutating func made(_ text: String) throws(LiquidError) -> LiquidValue {
        try budget.make(bytes: text.utf8.count)
        return .string(text)
    }

    /// - Parameter bytes: UTF-8.
    mutating func made(_ bytes: [UInt8]) throws(LiquidError) -> LiquidValue {
        try made(String(decoding: bytes, as: UTF8.self))
    }

    /// A builder that stops before it makes more than is left.
    func makeBuilder() -> TextBuilder { TextBuilder(limit: budget.remainingBytes, total: budget.limits.madeBytes) }

    private mutating func grantReadAccess(_ value: LiquidValue) throws(LiquidError) -> LiquidValue {
        guard let uri = value.string, !uri.isEmpty else {
            let found = value.isEmpty ? "an empty text" : value.excerpt
            throw LiquidError(.access, "grant_read_access takes an s3:// URI, found \(found); is it in `task.input`?")
        }
        guard let grant = surroundings.grantReadAccess else {
            throw LiquidError(.access, "grant_read_access has nothing here that makes URLs for objects")
        }
        do {
            return try made(try grant(uri))
        } catch let error as LiquidError {
            throw error
        } catch {
            throw LiquidError(.access, "grant_read_access of \(value.excerpt): \(error)")
        }
    }
}

/// Collects bytes up to a limit.
struct TextBuilder {
    private(set) var bytes: [UInt8] = []
    private let limit: Int
    private let total: Int

    init(limit: Int, total: Int) { (self.limit, self.total) = (limit, total) }

    mutating func append(_ more: some Collection<UInt8>) throws(LiquidError) {
        guard bytes.count + more.count <= limit else { throw Budget.tooManyBytes(total) }
        bytes += more
    }
}
