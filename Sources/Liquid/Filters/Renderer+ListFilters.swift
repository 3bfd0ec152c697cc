extension Renderer {
    mutating func applyListFilter(
        _ filter: Filter, to value: LiquidValue, _ arguments: [LiquidValue]
    ) throws(LiquidError) -> LiquidValue {
        switch filter {
        case .size:
            if let text = value.string { try budget.read(bytes: text.utf8.count) }
            return .integer(value.size ?? 0)
        case .first: return value.command("first") ?? .null
        case .last: return value.command("last") ?? .null
        case .slice: return try slice(value, arguments)
        case .join:
            let separator = if let separator = arguments.first { try text(separator) } else { " " }
            return try joined(value, with: separator)
        case .reverse: return .array(try elements(of: value).reversed())
        case .concat:
            guard case .array(let others) = arguments[0] else {
                throw LiquidError(.argument, "`concat` takes a list, found \(arguments[0].excerpt)")
            }
            try budget.make(elements: others.count)
            return .array(try elements(of: value) + others)
        case .map:
            var mapped: [LiquidValue] = []
            for element in try elements(of: value) { mapped.append(try property(arguments[0], of: element) ?? .null) }
            return .array(mapped)
        case .compact: return try compacted(value, by: arguments.first ?? .null)
        case .uniq: return try unique(value, by: arguments.first ?? .null)
        default: return try sum(value, of: arguments.first ?? .null)
        }
    }

    /// A value as a list without lists in it: of an object itself, of anything but a list that one thing, of `nil` nothing.
    mutating func elements(of value: LiquidValue) throws(LiquidError) -> [LiquidValue] {
        switch value {
        case .null: return []
        case .array(let elements):
            let isFlat = !elements.contains { if case .array = $0 { true } else { false } }
            var flat: [LiquidValue] = []
            if isFlat { flat = elements } else { try flatten(elements, into: &flat) }
            try budget.make(elements: flat.count)
            return flat
        case .range(let lower, let upper):
            let count = LiquidValue.count(from: lower, to: upper)
            guard count <= budget.limits.steps else {
                throw LiquidError(.limit, "the range \(lower)..\(upper) has more than \(budget.limits.steps) elements")
            }
            try budget.make(elements: count)
            return (0..<count).map { .integer(lower + $0) }
        default: return [value]
        }
    }

    private mutating func flatten(_ elements: [LiquidValue], into flat: inout [LiquidValue]) throws(LiquidError) {
        for element in elements {
            try budget.spend(1)
            if case .array(let inner) = element { try flatten(inner, into: &flat) } else { flat.append(element) }
        }
    }

    /// What `element[key]` is in Ruby, by which filters reach into elements.
    ///
    /// - Returns: `nil` for an element that nothing can be looked up in.
    /// - Throws: `.argument` for a key that does not fit the element.
    mutating func property(_ key: LiquidValue, of element: LiquidValue) throws(LiquidError) -> LiquidValue? {
        try budget.spend(1)
        switch element {
        case .object(let object): return key.string.flatMap { object[$0] } ?? .null
        case .string(let text), .escaped(let text), .trusted(let text):
            try budget.read(bytes: text.utf8.count)
            if key.isNull { return .null }
            if let part = key.string {
                let isPart = ByteSearch(part.utf8).firstIndex(in: Array(text.utf8), from: 0) != nil
                return isPart ? .string(part) : .null
            }
            guard case .integer(let position) = key else { break }
            let scalars = Array(text.unicodeScalars)
            let index = position < 0 ? scalars.count + position : position
            return scalars.indices.contains(index) ? .string(String(scalars[index])) : .null
        case .integer(let number):
            // A bit of the number.
            guard case .integer(let bit) = key else { break }
            return .integer(bit < 0 ? 0 : bit > 63 ? (number < 0 ? 1 : 0) : number >> bit & 1)
        case .bigInteger: break
        default: return nil
        }
        throw LiquidError(.argument, "\(element.kindName) has no property \(key.excerpt); the filter expects objects")
    }

    // MARK: Filters

    private mutating func slice(_ value: LiquidValue, _ arguments: [LiquidValue]) throws(LiquidError) -> LiquidValue {
        let start = try arguments[0].integerArgument("the start of `slice`")
        var length = 1
        if arguments.count > 1, arguments[1].isTruthy { length = try arguments[1].integerArgument("the length of `slice`") }
        func bounds(_ count: Int) -> Range<Int>? {
            let (fromEnd, overflow) = start.addingReportingOverflow(count)
            let lower = start < 0 ? fromEnd : start
            guard !overflow || start >= 0, lower >= 0, lower <= count, length >= 0 else { return nil }
            return lower..<(lower + min(length, count - lower))
        }
        if case .array(let elements) = value {
            guard let range = bounds(elements.count) else { return .array([]) }
            try budget.make(elements: range.count)
            return .array(Array(elements[range]))
        }
        let scalars = Array(try text(value).unicodeScalars)
        guard let range = bounds(scalars.count) else { return .string("") }
        var part = String.UnicodeScalarView()
        part.append(contentsOf: scalars[range])
        return try made(String(part))
    }

    private mutating func joined(_ value: LiquidValue, with separator: String) throws(LiquidError) -> LiquidValue {
        var builder = makeBuilder()
        for (index, element) in try elements(of: value).enumerated() {
            if index > 0 { try builder.append(separator.utf8) }
            try builder.append(try text(element).utf8)
        }
        return try made(builder.bytes)
    }

    private mutating func compacted(_ value: LiquidValue, by key: LiquidValue) throws(LiquidError) -> LiquidValue {
        var kept: [LiquidValue] = []
        for element in try elements(of: value) {
            if key.isNull {
                if !element.isNull { kept.append(element) }
            } else {
                guard let property = try property(key, of: element) else { return .null }
                if !property.isNull { kept.append(element) }
            }
        }
        return .array(kept)
    }

    private mutating func unique(_ value: LiquidValue, by key: LiquidValue) throws(LiquidError) -> LiquidValue {
        var seen: Set<[UInt8]> = []
        let elements = try elements(of: value)
        // One element is not asked for its property.
        guard elements.count > 1 else { return .array(elements) }
        var kept: [LiquidValue] = []
        for element in elements {
            var mark = element
            if !key.isNull {
                guard let property = try property(key, of: element) else { return .null }
                mark = property
            }
            try budget.read(bytes: mark.comparedBytes)
            var identity: [UInt8] = []
            mark.appendIdentity(to: &identity)
            if seen.insert(identity).inserted { kept.append(element) }
        }
        return .array(kept)
    }

    private mutating func sum(_ value: LiquidValue, of key: LiquidValue) throws(LiquidError) -> LiquidValue {
        var addends: [LiquidValue] = []
        for element in try elements(of: value) {
            addends.append(key.isNull ? element : try property(key, of: element) ?? .integer(0))
        }
        var total = Number(BigInteger(0))
        for addend in try elements(of: .array(addends)) {
            let number = try number(addend)
            // What is no number counts 0, but does not make the sum a decimal.
            total = total + number
            try Number.check(digits: min(total.coefficient.digitCount, total.isDecimal ? 0 : .max), budget.limits.digits)
        }
        return try checked(total)
    }
}
