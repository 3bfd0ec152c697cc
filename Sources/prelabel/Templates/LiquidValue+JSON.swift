import GroundTruth
import Liquid

extension LiquidValue {
    /// A JSON value as templates see it: key order kept, integers of any size whole, other numbers as doubles.
    ///
    /// - Throws: ``ContractError`` `.notJSON` for a string with a lone surrogate, which is not text, and for a number that no double holds.
    init(_ json: JSONValue) throws(ContractError) {
        switch json.kind {
        case .null: self = .null
        case .bool(let value): self = .boolean(value)
        case .number: self = try Self.number(json)
        case .string(let text): self = .string(text)
        case .brokenString:
            throw ContractError(.notJSON, "the string at byte \(json.raw.startIndex) has a lone surrogate and is not text")
        case .array(let elements): self = .array(try elements.map { element throws(ContractError) in try LiquidValue(element) })
        case .object: self = .object(try LiquidObject(json))
        }
    }

    private static func number(_ json: JSONValue) throws(ContractError) -> LiquidValue {
        if let integer = json.int { return .integer(integer) }
        if json.raw.contains(where: { ".eE".utf8.contains($0) }) {
            guard let double = json.double else {
                throw ContractError(.notJSON, "the number \(json.excerpt) at byte \(json.raw.startIndex) is too large")
            }
            return .decimal(double)
        }
        let isNegative = json.raw.first == UInt8(ascii: "-")
        return .bigInteger(BigInteger(digits: json.raw.dropFirst(isNegative ? 1 : 0), isNegative: isNegative))
    }
}

extension LiquidObject {
    /// The members of a JSON object; nothing for another value.
    convenience init(_ json: JSONValue) throws(ContractError) {
        self.init(
            try (json.object ?? []).map { member throws(ContractError) in (key: member.key, value: try LiquidValue(member.value)) })
    }
}
