/// An integer of any size, as Ruby's are, for the few templates that leave 64 bits.
///
/// Limbs are base 10⁹, so that reading, printing and scaling by powers of ten are plain; multiplication and division are the
/// schoolbook ones (Knuth, The Art of Computer Programming 2, 4.3.1), whose cost ``Limits/digits`` bounds.
package struct BigInteger: Hashable, Sendable, CustomStringConvertible {
    static let base: UInt64 = 1_000_000_000

    /// Least significant first, no zeros at the end; empty for 0.
    private(set) var limbs: [UInt32]
    private(set) var isNegative: Bool

    private init(limbs: [UInt32], isNegative: Bool) {
        self.limbs = limbs
        while self.limbs.last == 0 { self.limbs.removeLast() }
        self.isNegative = isNegative && !self.limbs.isEmpty
    }

    init(_ value: Int) {
        var rest = UInt64(value.magnitude)
        var limbs: [UInt32] = []
        while rest > 0 {
            limbs.append(UInt32(rest % Self.base))
            rest /= Self.base
        }
        self.init(limbs: limbs, isNegative: value < 0)
    }

    /// - Parameter digits: ASCII digits, most significant first.
    package init(digits: some BidirectionalCollection<UInt8>, isNegative: Bool) {
        var limbs: [UInt32] = []
        var end = digits.endIndex
        while end > digits.startIndex {
            let start = digits.index(end, offsetBy: -9, limitedBy: digits.startIndex) ?? digits.startIndex
            limbs.append(digits[start..<end].reduce(0) { $0 * 10 + UInt32($1 - UInt8(ascii: "0")) })
            end = start
        }
        self.init(limbs: limbs, isNegative: isNegative)
    }

    /// The value as a 64-bit integer, if it is one.
    package var int: Int? {
        guard limbs.count <= 3 else { return nil }
        return Int(description)
    }

    var isZero: Bool { limbs.isEmpty }

    /// Digits without sign; 1 for 0.
    var digitCount: Int {
        guard let last = limbs.last else { return 1 }
        return (limbs.count - 1) * 9 + String(last).utf8.count
    }

    package var description: String {
        guard let last = limbs.last else { return "0" }
        var text = (isNegative ? "-" : "") + String(last)
        for limb in limbs.dropLast().reversed() {
            let digits = String(limb)
            text += String(repeating: "0", count: 9 - digits.utf8.count) + digits
        }
        return text
    }

    // MARK: Order

    /// Below 0, 0 or above 0.
    func compare(_ other: BigInteger) -> Int {
        if isNegative != other.isNegative { return isNegative ? -1 : 1 }
        let order = Self.compare(limbs, other.limbs)
        return isNegative ? -order : order
    }

    private static func compare(_ left: [UInt32], _ right: [UInt32]) -> Int {
        if left.count != right.count { return left.count < right.count ? -1 : 1 }
        for index in left.indices.reversed() where left[index] != right[index] { return left[index] < right[index] ? -1 : 1 }
        return 0
    }

    // MARK: Arithmetic

    var magnitude: BigInteger { BigInteger(limbs: limbs, isNegative: false) }

    static prefix func - (value: BigInteger) -> BigInteger { BigInteger(limbs: value.limbs, isNegative: !value.isNegative) }

    static func + (left: BigInteger, right: BigInteger) -> BigInteger {
        if left.isNegative == right.isNegative {
            return BigInteger(limbs: sum(left.limbs, right.limbs), isNegative: left.isNegative)
        }
        return compare(left.limbs, right.limbs) >= 0
            ? BigInteger(limbs: difference(left.limbs, right.limbs), isNegative: left.isNegative)
            : BigInteger(limbs: difference(right.limbs, left.limbs), isNegative: right.isNegative)
    }

    static func - (left: BigInteger, right: BigInteger) -> BigInteger { left + -right }

    static func * (left: BigInteger, right: BigInteger) -> BigInteger {
        var limbs = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count)
        for (shift, factor) in left.limbs.enumerated() {
            var carry: UInt64 = 0
            for (index, limb) in right.limbs.enumerated() {
                let value = UInt64(factor) * UInt64(limb) + UInt64(limbs[shift + index]) + carry
                limbs[shift + index] = UInt32(value % base)
                carry = value / base
            }
            limbs[shift + right.limbs.count] = UInt32(carry)
        }
        return BigInteger(limbs: limbs, isNegative: left.isNegative != right.isNegative)
    }

    private static func sum(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var limbs: [UInt32] = []
        var carry: UInt64 = 0
        for index in 0..<max(left.count, right.count) {
            let value = UInt64(index < left.count ? left[index] : 0) + UInt64(index < right.count ? right[index] : 0) + carry
            limbs.append(UInt32(value % base))
            carry = value / base
        }
        if carry > 0 { limbs.append(UInt32(carry)) }
        return limbs
    }

    /// `left` is not smaller.
    private static func difference(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var limbs = left
        var borrow: Int64 = 0
        for index in left.indices {
            var value = Int64(left[index]) - Int64(index < right.count ? right[index] : 0) - borrow
            borrow = value < 0 ? 1 : 0
            if value < 0 { value += Int64(base) }
            limbs[index] = UInt32(value)
        }
        return limbs
    }

    /// The value times 10 to a power of at least 0.
    func scaled(byPowerOfTen power: Int) -> BigInteger {
        guard !isZero, power > 0 else { return self }
        var factor: UInt32 = 1
        for _ in 0..<(power % 9) { factor *= 10 }
        let shifted = BigInteger(limbs: [UInt32](repeating: 0, count: power / 9) + limbs, isNegative: isNegative)
        return factor == 1 ? shifted : shifted * BigInteger(Int(factor))
    }

    // MARK: Division

    /// Quotient rounded towards negative infinity and the remainder, which has the divisor's sign.
    ///
    /// - Precondition: The divisor is not 0.
    func flooredDivision(by divisor: BigInteger) -> (quotient: BigInteger, remainder: BigInteger) {
        precondition(!divisor.isZero, "division by zero is refused before")
        var (quotient, remainder) = Self.divide(limbs, by: divisor.limbs)
        let signsDiffer = isNegative != divisor.isNegative
        if signsDiffer, !remainder.isEmpty {
            quotient = Self.sum(quotient, [1])
            remainder = Self.difference(divisor.limbs, remainder)
        }
        return (
            BigInteger(limbs: quotient, isNegative: signsDiffer), BigInteger(limbs: remainder, isNegative: divisor.isNegative)
        )
    }

    private static func divide(_ dividend: [UInt32], by divisor: [UInt32]) -> (quotient: [UInt32], remainder: [UInt32]) {
        if compare(dividend, divisor) < 0 { return ([], dividend) }
        if divisor.count == 1 {
            var quotient = dividend
            var rest: UInt64 = 0
            for index in dividend.indices.reversed() {
                let value = rest * base + UInt64(dividend[index])
                quotient[index] = UInt32(value / UInt64(divisor[0]))
                rest = value % UInt64(divisor[0])
            }
            return (trimmed(quotient), rest == 0 ? [] : [UInt32(rest)])
        }
        // Algorithm D: scale so that the divisor's first limb is at least half the base; a guess is then at most 2 too large.
        let scale = base / (UInt64(divisor[divisor.count - 1]) + 1)
        var rest = multiplied(dividend, by: scale) + [0]
        let scaled = trimmed(multiplied(divisor, by: scale))
        let top = UInt64(scaled[scaled.count - 1])
        let next = UInt64(scaled[scaled.count - 2])
        var quotient = [UInt32](repeating: 0, count: max(rest.count - scaled.count, 0))
        for shift in quotient.indices.reversed() {
            let head = UInt64(rest[shift + scaled.count]) * base + UInt64(rest[shift + scaled.count - 1])
            var guess = min(head / top, base - 1)
            var remainder = head - guess * top
            while remainder < base, guess * next > remainder * base + UInt64(rest[shift + scaled.count - 2]) {
                guess -= 1
                remainder += top
            }
            if subtract(scaled, times: guess, from: &rest, at: shift) {
                guess -= 1
                add(scaled, to: &rest, at: shift)
            }
            quotient[shift] = UInt32(guess)
        }
        let remainder = divide(trimmed(rest), by: [UInt32(scale)]).quotient
        return (trimmed(quotient), remainder)
    }

    private static func trimmed(_ limbs: [UInt32]) -> [UInt32] {
        var limbs = limbs
        while limbs.last == 0 { limbs.removeLast() }
        return limbs
    }

    private static func multiplied(_ limbs: [UInt32], by factor: UInt64) -> [UInt32] {
        var result: [UInt32] = []
        var carry: UInt64 = 0
        for limb in limbs {
            let value = UInt64(limb) * factor + carry
            result.append(UInt32(value % base))
            carry = value / base
        }
        result.append(UInt32(carry))
        return result
    }

    /// - Returns: Whether it went below zero, where the first limb then wrapped around.
    private static func subtract(_ limbs: [UInt32], times factor: UInt64, from rest: inout [UInt32], at shift: Int) -> Bool {
        var carry: UInt64 = 0
        var borrow: Int64 = 0
        for index in 0...limbs.count {
            let product = (index < limbs.count ? UInt64(limbs[index]) * factor : 0) + carry
            carry = product / base
            var value = Int64(rest[shift + index]) - Int64(product % base) - borrow
            borrow = value < 0 ? 1 : 0
            if value < 0 { value += Int64(base) }
            rest[shift + index] = UInt32(value)
        }
        return borrow > 0
    }

    private static func add(_ limbs: [UInt32], to rest: inout [UInt32], at shift: Int) {
        var carry: UInt64 = 0
        for index in 0...limbs.count {
            let value = UInt64(rest[shift + index]) + (index < limbs.count ? UInt64(limbs[index]) : 0) + carry
            rest[shift + index] = UInt32(value % base)
            carry = value / base
        }
    }
}
