extension Renderer {
    // MARK: Choosing elements

    /// `where`, `reject`, `find`, `find_index`, `has`: elements whose property equals the target, or is true without one.
    mutating func applySelection(
        _ filter: Filter, to value: LiquidValue, property key: LiquidValue, target: LiquidValue
    ) throws(LiquidError) -> LiquidValue {
        // Without a property to go by nothing is kept.
        if filter == .reject, key.isNull { return .array([]) }
        var chosen: [LiquidValue] = []
        for (index, element) in try elements(of: value).enumerated() {
            guard let property = try property(key, of: element) else { return .null }
            try budget.read(bytes: min(property.comparedBytes, target.comparedBytes))
            let matches = target.isNull ? property.isTruthy : property.isEqual(to: target)
            guard matches != (filter == .reject) else { continue }
            switch filter {
            case .find: return element
            case .findIndex: return .integer(index)
            case .has: return .boolean(true)
            default: chosen.append(element)
            }
        }
        switch filter {
        case .find, .findIndex: return .null
        case .has: return .boolean(false)
        default: return .array(chosen)
        }
    }

    // MARK: Sorting

    /// Elements by their own value or a property's; equal ones keep their order, and `nil` comes last.
    ///
    /// - Parameter isNatural: Whether everything is compared as text, capital ASCII letters like small ones.
    mutating func sorted(_ value: LiquidValue, by key: LiquidValue, isNatural: Bool) throws(LiquidError) -> LiquidValue {
        let elements = try elements(of: value)
        if !key.isNull, !elements.allSatisfy(\.hasProperties) { return .null }
        guard elements.count > 1 else { return .array(elements) }
        var keys: [LiquidValue] = []
        for element in elements {
            var sortKey = element
            if !key.isNull {
                guard let property = try property(key, of: element) else { return .null }
                sortKey = property
            }
            if isNatural, !sortKey.isNull {
                let folded = Array(try text(sortKey).utf8).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
                try budget.make(bytes: folded.count)
                sortKey = .string(String(decoding: folded, as: UTF8.self))
            }
            keys.append(sortKey)
        }
        try chargeSort(keys)
        try checkComparable(keys)
        let order = keys.indices.sorted { left, right in
            switch (keys[left].isNull, keys[right].isNull) {
            case (true, _): false
            case (false, true): true
            default: (keys[left].order(against: keys[right]) ?? 0) < 0
            }
        }
        return .array(order.map { elements[$0] })
    }

    private mutating func chargeSort(_ keys: [LiquidValue]) throws(LiquidError) {
        let rounds = Int.bitWidth - keys.count.leadingZeroBitCount
        let bytes = keys.reduce(0) { $0 + $1.comparedBytes }
        try budget.spend((keys.count + bytes >> 6) * rounds)
    }

    /// All numbers, all texts, or all equal.
    private func checkComparable(_ keys: [LiquidValue]) throws(LiquidError) {
        let present = keys.filter { !$0.isNull }
        guard let first = present.first else { return }
        let isComparable = present.allSatisfy { $0.order(against: first) != nil } || present.allSatisfy { $0.isEqual(to: first) }
        guard isComparable else {
            throw LiquidError(.argument, "a list can only be sorted when its elements are all numbers or all texts")
        }
    }
}

extension LiquidValue {
    /// Whether Ruby looks anything up in such a value.
    fileprivate var hasProperties: Bool {
        switch self {
        case .object, .string, .escaped, .trusted, .integer, .bigInteger: true
        default: false
        }
    }
}
