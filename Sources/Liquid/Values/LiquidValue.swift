/// A value as templates see it.
package enum LiquidValue: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// An integer beyond 64 bits.
    case bigInteger(BigInteger)
    case decimal(Double)
    case string(String)
    case array([LiquidValue])
    case object(LiquidObject)
    /// Integers from `lower` to `upper`, both included; empty when `upper` is smaller. Made by templates.
    indirect case range(lower: Int, upper: Int)
    /// HTML that needs no escaping any more: what `escape` and `capture` make while autoescape is on.
    case escaped(String)
    /// Text that its author vouches for with `skip_autoescape`.
    case trusted(String)

    /// `nil` and `false` are not; everything else is, also 0 and the empty text.
    var isTruthy: Bool {
        switch self {
        case .null, .boolean(false): false
        default: true
        }
    }

    var isNull: Bool { if case .null = self { true } else { false } }

    /// A text of any of the three kinds.
    var string: String? {
        switch self {
        case .string(let text), .escaped(let text), .trusted(let text): text
        default: nil
        }
    }

    /// What an `== empty` holds for: a text, list or object without content.
    var isEmpty: Bool {
        switch self {
        case .string(let text), .escaped(let text), .trusted(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.count == 0
        default: false
        }
    }

    /// What `== blank` holds for: empty, `nil`, `false`, or a text of white space.
    var isBlank: Bool {
        switch self {
        case .null, .boolean(false): true
        case .string(let text), .escaped(let text), .trusted(let text): text.utf8.allSatisfy(\.isWhiteSpace)
        default: isEmpty
        }
    }

    /// Elements of a range; 0 when it runs downwards.
    static func count(from lower: Int, to upper: Int) -> Int {
        guard lower <= upper else { return 0 }
        let (distance, overflow) = upper.subtractingReportingOverflow(lower)
        return overflow || distance == .max ? .max : distance + 1
    }

    /// What kind of value this is, for messages.
    var kindName: String {
        switch self {
        case .null: "nil"
        case .boolean: "a boolean"
        case .integer, .bigInteger: "an integer"
        case .decimal: "a number"
        case .string, .escaped, .trusted: "a text"
        case .array: "a list"
        case .object: "an object"
        case .range: "a range"
        }
    }
}

extension LiquidValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .decimal(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: LiquidValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, LiquidValue)...) {
        self = .object(LiquidObject(elements.map { (key: $0.0, value: $0.1) }))
    }
}

extension UInt8 {
    /// White space as Liquid's grammar has it: space, tab, line feed, vertical tab, form feed, carriage return.
    @inline(__always)
    var isWhiteSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
    @inline(__always)
    var isDigit: Bool { (0x30...0x39).contains(self) }
    @inline(__always)
    var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
    /// A letter, a digit or an underscore.
    @inline(__always)
    var isWordByte: Bool { isLetter || isDigit || self == UInt8(ascii: "_") }
}
