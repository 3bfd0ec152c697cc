extension Renderer {
    /// `replace` and `remove`, for all places, the first, or the last. A backslash in the replacement is a backslash.
    mutating func applyReplacement(
        _ filter: Filter, to value: LiquidValue, _ arguments: [LiquidValue]
    ) throws(LiquidError) -> LiquidValue {
        let bytes = Array(try text(value).utf8)
        let search = ByteSearch(try text(arguments[0]).utf8)
        let replacement = Array((arguments.count > 1 ? try text(arguments[1]) : "").utf8)
        var builder = makeBuilder()
        switch filter {
        case .replace, .remove:
            var start = 0
            while let found = search.firstIndex(in: bytes, from: start) {
                try builder.append(bytes[start..<found])
                try builder.append(replacement)
                start = found + search.count
                if search.count == 0 {
                    // Before every scalar and at the end.
                    guard start < bytes.count else { break }
                    let end = bytes[(start + 1)...].firstIndex { $0 & 0xC0 != 0x80 } ?? bytes.count
                    try builder.append(bytes[start..<end])
                    start = end
                }
            }
            try builder.append(bytes[start...])
        default:
            let isLast = filter == .replaceLast || filter == .removeLast
            guard let found = isLast ? search.lastIndex(in: bytes) : search.firstIndex(in: bytes, from: 0) else {
                return .string(String(decoding: bytes, as: UTF8.self))
            }
            try builder.append(bytes[..<found])
            try builder.append(replacement)
            try builder.append(bytes[(found + search.count)...])
        }
        return try made(builder.bytes)
    }
}
