/// Keys and values in the order they came in. Where a key stands twice the first place and the last value count, as in Ruby.
package final class LiquidObject: Sendable {
    package let keys: [String]
    package let values: [LiquidValue]
    /// Positions sorted by the keys' bytes; only for objects that are slow to walk.
    private let order: [Int]?

    package var count: Int { keys.count }

    /// - Complexity: O(n log n).
    package init(_ members: [(key: String, value: LiquidValue)] = []) {
        var keys: [String] = []
        var values: [LiquidValue] = []
        keys.reserveCapacity(members.count)
        values.reserveCapacity(members.count)
        if members.count <= Self.walkedCount {
            for (key, value) in members {
                if let index = keys.firstIndex(where: { $0.isIdentical(to: key) }) {
                    values[index] = value
                } else {
                    keys.append(key)
                    values.append(value)
                }
            }
            order = nil
        } else {
            var positions: [TextKey: Int] = [:]
            for (key, value) in members {
                if let index = positions[TextKey(key)] {
                    values[index] = value
                } else {
                    positions[TextKey(key)] = keys.count
                    keys.append(key)
                    values.append(value)
                }
            }
            order = keys.indices.sorted { keys[$0].utf8.lexicographicallyPrecedes(keys[$1].utf8) }
        }
        self.keys = keys
        self.values = values
    }

    /// Objects up to this size are searched from front to back.
    private static let walkedCount = 16

    /// The value under a key, compared byte for byte.
    package subscript(key: String) -> LiquidValue? {
        guard let order else {
            for index in keys.indices where keys[index].isIdentical(to: key) { return values[index] }
            return nil
        }
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            if keys[order[middle]].utf8.lexicographicallyPrecedes(key.utf8) { low = middle + 1 } else { high = middle }
        }
        guard low < order.count, keys[order[low]].isIdentical(to: key) else { return nil }
        return values[order[low]]
    }

    /// A member as the two-element list that a loop over an object sees.
    func pair(at index: Int) -> LiquidValue { .array([.string(keys[index]), values[index]]) }
}

extension String {
    /// Same bytes; `==` would be canonical equivalence.
    @inline(__always)
    func isIdentical(to other: String) -> Bool {
        self == other && utf8.elementsEqual(other.utf8)
    }
}

/// A text as a dictionary's key, byte for byte.
struct TextKey: Hashable {
    let text: String
    init(_ text: String) { self.text = text }
    static func == (left: TextKey, right: TextKey) -> Bool { left.text.isIdentical(to: right.text) }
}
