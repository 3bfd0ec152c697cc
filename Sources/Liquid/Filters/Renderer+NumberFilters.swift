extension Renderer {
    mutating func applyNumberFilter(
        _ filter: Filter, to value: LiquidValue, _ arguments: [LiquidValue]
    ) throws(LiquidError) -> LiquidValue {
        // Most sums are of two small integers, or of one and its digits.
        if let left = value.smallInteger, let right = arguments.first?.smallInteger {
            switch filter {
            case .plus:
                let (sum, overflow) = left.addingReportingOverflow(right)
                if !overflow { return .integer(sum) }
            case .minus:
                let (difference, overflow) = left.subtractingReportingOverflow(right)
                if !overflow { return .integer(difference) }
            case .times:
                let (product, overflow) = left.multipliedReportingOverflow(by: right)
                if !overflow { return .integer(product) }
            default: break
            }
        }
        let number = try number(value)
        let result: Number
        switch filter {
        case .abs: result = number.magnitude
        case .ceil: result = number.ceiling
        case .floor: result = number.floor
        case .round:
            let digits = if let argument = arguments.first { try digits(argument) } else { 0 }
            result = number.rounded(toDigits: digits)
        case .plus: result = number + (try self.number(arguments[0]))
        case .minus: result = number - (try self.number(arguments[0]))
        case .times: result = number * (try self.number(arguments[0]))
        case .dividedBy: result = try number.divided(by: try self.number(arguments[0]))
        case .modulo: result = try number.remainder(dividingBy: try self.number(arguments[0]))
        default:
            let bound = try self.number(arguments[0])
            let order = number.compare(bound)
            result = filter == .atLeast ? (order < 0 ? bound : number) : (order > 0 ? bound : number)
        }
        return try checked(result)
    }

    mutating func number(_ value: LiquidValue) throws(LiquidError) -> Number {
        if let text = value.string { try budget.read(bytes: text.utf8.count) }
        return try Number(value, digits: budget.limits.digits)
    }

    /// A result as a value again. Decimals become doubles, so only integers can grow.
    mutating func checked(_ number: Number) throws(LiquidError) -> LiquidValue {
        let size = number.coefficient.digitCount
        if !number.isDecimal { try Number.check(digits: size, budget.limits.digits) }
        try budget.make(bytes: size)
        return number.value
    }

    /// How many digits `round` keeps; a decimal is cut to its whole part.
    private mutating func digits(_ value: LiquidValue) throws(LiquidError) -> Int {
        let wanted = try number(value)
        let whole = wanted.coefficient.isNegative ? wanted.ceiling : wanted.floor
        let limit = budget.limits.digits
        return min(max(whole.coefficient.int ?? (whole.coefficient.isNegative ? -limit : limit), -limit), limit)
    }
}

extension LiquidValue {
    /// An integer of 64 bits, or a text that is one and nothing else.
    fileprivate var smallInteger: Int? {
        switch self {
        case .integer(let value): value
        case .string(let text): Int(text)
        default: nil
        }
    }
}
