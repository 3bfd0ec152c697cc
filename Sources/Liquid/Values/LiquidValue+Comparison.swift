extension LiquidValue {
    /// `==`: texts by bytes, numbers by value whatever their kind, lists element by element, objects whatever their order.
    func isEqual(to other: LiquidValue) -> Bool {
        switch (self, other) {
        case (.null, .null): return true
        case (.boolean(let left), .boolean(let right)): return left == right
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isEqual(to: $1) }
        case (.object(let left), .object(let right)):
            return left.count == right.count
                && left.names.indices.allSatisfy { right[left.names[$0]]?.isEqual(to: left.values[$0]) ?? false }
        case (.range(let lower, let upper), .range(let otherLower, let otherUpper)):
            return lower == otherLower && upper == otherUpper
        default:
            if let left = string { return other.string.map { left.isIdentical(to: $0) } ?? false }
            return order(against: other) == 0
        }
    }

    /// How two numbers or two texts stand to each other: below 0, 0, above 0; `nil` for values that have no order.
    func order(against other: LiquidValue) -> Int? {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): return left == right ? 0 : left < right ? -1 : 1
        case (.decimal(let left), .decimal(let right)): return left == right ? 0 : left < right ? -1 : left > right ? 1 : nil
        default: break
        }
        if let left = string, let right = other.string {
            if left.isIdentical(to: right) { return 0 }
            return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
        }
        guard let left = Number(exactly: self), let right = Number(exactly: other) else { return nil }
        return left.compare(right)
    }

    /// Bytes that are the same for two values exactly when `uniq` takes them for duplicates: 1 and 1.0 differ, the order of an
    /// object's keys does not count.
    func appendIdentity(to bytes: inout [UInt8]) {
        func append(_ tag: Unicode.Scalar, _ text: String) {
            bytes.append(UInt8(ascii: tag))
            bytes += "\(text.utf8.count):".utf8
            bytes += text.utf8
        }
        switch self {
        case .null: append("n", "")
        case .boolean(let value): append("b", "\(value)")
        case .integer(let value): append("i", "\(value)")
        case .bigInteger(let value): append("i", value.description)
        case .decimal(let value): append("d", "\(value == 0 ? 0 : value)")
        case .string(let text), .escaped(let text), .trusted(let text): append("s", text)
        case .range(let lower, let upper): append("r", "\(lower)..\(upper)")
        case .array(let elements):
            append("a", "\(elements.count)")
            for element in elements { element.appendIdentity(to: &bytes) }
        case .object(let object):
            append("o", "\(object.count)")
            let keys = object.keys
            let sorted = keys.indices.sorted { keys[$0].utf8.lexicographicallyPrecedes(keys[$1].utf8) }
            for index in sorted {
                append("k", keys[index])
                object.values[index].appendIdentity(to: &bytes)
            }
        }
    }
}
