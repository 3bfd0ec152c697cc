/// Keys and values in the order they came in. Where a key stands twice the first place and the last value count, as in Ruby.
package final class LiquidObject: Sendable {
    package var keys: [String] { names.map(\.text) }
    package let values: [LiquidValue]
    package var count: Int { names.count }

    let names: [LiquidName]
    /// Where each name is; only for objects that are slow to walk.
    private let positions: [LiquidName: Int]

    /// Objects up to this size are searched from front to back.
    private static let walkedCount = 12

    package init(_ members: [(key: String, value: LiquidValue)] = []) {
        var names: [LiquidName] = []
        var values: [LiquidValue] = []
        var positions: [LiquidName: Int] = [:]
        names.reserveCapacity(members.count)
        values.reserveCapacity(members.count)
        for (key, value) in members {
            let name = LiquidName(key)
            if let known = positions.updateValue(names.count, forKey: name) {
                positions[name] = known
                values[known] = value
            } else {
                names.append(name)
                values.append(value)
            }
        }
        self.names = names
        self.values = values
        self.positions = names.count > Self.walkedCount ? positions : [:]
    }

    /// The value under a key, compared byte for byte.
    package subscript(key: String) -> LiquidValue? { self[LiquidName(key)] }

    subscript(name: LiquidName) -> LiquidValue? {
        if names.count > Self.walkedCount { return positions[name].map { values[$0] } }
        for index in names.indices where names[index] == name { return values[index] }
        return nil
    }

    /// A member as the two-element list that a loop over an object sees.
    func pair(at index: Int) -> LiquidValue { .array([.string(names[index].text), values[index]]) }
}
