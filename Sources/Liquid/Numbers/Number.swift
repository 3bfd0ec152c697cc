/// A number while filters compute with it: integers exact, decimals as decimal digits, so that `10.1 | minus: 2.2` is `7.9`.
struct Number {
    /// The value is `coefficient` / 10^`scale`.
    let coefficient: BigInteger
    /// Digits after the point; 0 also for decimals such as 5.0 that have none left.
    let scale: Int
    /// Whether this is a decimal: `10 | divided_by: 4.0` is 2.5, and `10 | plus: 0.0` is 10.0.
    let isDecimal: Bool

    init(_ coefficient: BigInteger, scale: Int = 0, isDecimal: Bool = false) {
        (self.coefficient, self.scale, self.isDecimal) = (coefficient, scale, isDecimal)
    }

    init(_ value: Double) {
        let parts = value.decimalParts
        let coefficient = BigInteger(digits: parts.digits, isNegative: parts.isNegative)
        self.init(coefficient.scaled(byPowerOfTen: max(0, parts.exponent)), scale: max(0, -parts.exponent), isDecimal: true)
    }

    /// A value that is a number; not what merely reads as one.
    init?(exactly value: LiquidValue) {
        switch value {
        case .integer(let value): self.init(BigInteger(value))
        case .bigInteger(let value): self.init(value)
        case .decimal(let value) where value.isFinite: self.init(value)
        default: return nil
        }
    }

    /// A value as filters for numbers take it: texts are read as far as they are numbers, everything else is 0.
    init(_ value: LiquidValue, digits limit: Int) throws(LiquidError) {
        if let number = Number(exactly: value) {
            self = number
        } else if let text = value.string {
            self = try Number(reading: text, digits: limit)
        } else {
            self.init(BigInteger(0))
        }
    }

    /// `12.5` whole is a decimal; of anything else the integer it begins with counts, and 0 without one.
    private init(reading text: String, digits limit: Int) throws(LiquidError) {
        let bytes = Array(text.utf8)
        let start = bytes.firstIndex { !$0.isWhiteSpace && $0 != 0 } ?? bytes.endIndex
        let end = (bytes.lastIndex { !$0.isWhiteSpace && $0 != 0 } ?? -1) + 1
        var position = start
        let isNegative = position < end && bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let whole = bytes[position..<max(position, end)].prefix { $0.isDigit }
        let fraction = bytes[whole.endIndex..<max(whole.endIndex, end)].dropFirst()
        if !whole.isEmpty, whole.endIndex < end, bytes[whole.endIndex] == UInt8(ascii: "."), !fraction.isEmpty,
            fraction.allSatisfy(\.isDigit)
        {
            try Self.check(digits: whole.count + fraction.count, limit)
            self.init(BigInteger(digits: Array(whole) + fraction, isNegative: isNegative), scale: fraction.count, isDecimal: true)
            return
        }
        self.init(try Self.leadingInteger(bytes[start...], digits: limit))
    }

    /// The integer a text begins with, underscores between digits allowed; 0 without one.
    static func leadingInteger(_ bytes: ArraySlice<UInt8>, digits limit: Int) throws(LiquidError) -> BigInteger {
        var rest = bytes.drop { $0.isWhiteSpace }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        var digits: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte.isDigit {
                digits.append(byte)
            } else {
                guard byte == UInt8(ascii: "_"), !digits.isEmpty, rest.first?.isDigit == true else { break }
            }
        }
        try check(digits: digits.count, limit)
        return BigInteger(digits: digits, isNegative: isNegative)
    }

    static func check(digits: Int, _ limit: Int) throws(LiquidError) {
        guard digits <= limit else {
            throw LiquidError(.limit, "a number has more than \(limit) digits; use smaller numbers, or raise the limit `digits`")
        }
    }

    /// The number as a template's value again.
    var value: LiquidValue {
        if isDecimal {
            return .decimal(Double("\(coefficient)e-\(scale)") ?? 0)
        }
        return coefficient.int.map { .integer($0) } ?? .bigInteger(coefficient)
    }

    // MARK: Operations

    func compare(_ other: Number) -> Int {
        let (left, right, _) = aligned(with: other)
        return left.compare(right)
    }

    private func aligned(with other: Number) -> (BigInteger, BigInteger, scale: Int) {
        let common = max(scale, other.scale)
        return (
            coefficient.scaled(byPowerOfTen: common - scale), other.coefficient.scaled(byPowerOfTen: common - other.scale), common
        )
    }

    var magnitude: Number { Number(coefficient.magnitude, scale: scale, isDecimal: isDecimal) }

    static func + (left: Number, right: Number) -> Number {
        let (first, second, scale) = left.aligned(with: right)
        return Number(first + second, scale: scale, isDecimal: left.isDecimal || right.isDecimal)
    }

    static func - (left: Number, right: Number) -> Number {
        left + Number(-right.coefficient, scale: right.scale, isDecimal: right.isDecimal)
    }

    static func * (left: Number, right: Number) -> Number {
        Number(
            left.coefficient * right.coefficient, scale: left.scale + right.scale, isDecimal: left.isDecimal || right.isDecimal)
    }

    /// Integers divide rounding down, decimals to 40 digits, more than a `Double` keeps.
    func divided(by other: Number) throws(LiquidError) -> Number {
        guard !other.coefficient.isZero else { throw LiquidError(.argument, "divided by 0") }
        guard isDecimal || other.isDecimal else { return Number(coefficient.flooredDivision(by: other.coefficient).quotient) }
        let (left, right, _) = aligned(with: other)
        let extra = 40 + max(0, right.digitCount - left.digitCount)
        let quotient = left.scaled(byPowerOfTen: extra).flooredDivision(by: right).quotient
        return Number(quotient, scale: extra, isDecimal: true)
    }

    /// What is left after division rounding down; it has the divisor's sign.
    func remainder(dividingBy other: Number) throws(LiquidError) -> Number {
        guard !other.coefficient.isZero else { throw LiquidError(.argument, "modulo by 0") }
        let (left, right, scale) = aligned(with: other)
        return Number(left.flooredDivision(by: right).remainder, scale: scale, isDecimal: isDecimal || other.isDecimal)
    }

    /// The largest integer that is not larger.
    var floor: Number {
        Number(coefficient.flooredDivision(by: BigInteger(1).scaled(byPowerOfTen: scale)).quotient)
    }

    /// The smallest integer that is not smaller.
    var ceiling: Number {
        Number(-Number(-coefficient, scale: scale).floor.coefficient)
    }

    /// Rounded to so many digits after the point (before it when negative); halves away from zero.
    ///
    /// - Returns: An integer when no digits after the point are left.
    func rounded(toDigits digits: Int) -> Number {
        guard digits < scale else { return digits > 0 ? self : Number(coefficient) }
        let dropped = scale - digits
        // A number this small rounds to 0, however far the template asks.
        guard dropped <= coefficient.digitCount + 1 else { return Number(BigInteger(0), scale: 0, isDecimal: digits > 0) }
        let unit = BigInteger(1).scaled(byPowerOfTen: dropped)
        let doubled = coefficient.magnitude + coefficient.magnitude + unit
        let magnitude = doubled.flooredDivision(by: unit + unit).quotient
        let rounded = coefficient.isNegative ? -magnitude : magnitude
        return digits > 0
            ? Number(rounded, scale: digits, isDecimal: isDecimal)
            : Number(rounded.scaled(byPowerOfTen: -digits))
    }
}
