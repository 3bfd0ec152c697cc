/// Parts of a data set, in percent: `80,10,10` or `90,10`.
package struct DataSplit: Sendable, Equatable {
    package static let names = ["train", "dev", "test"]
    package let percents: [Int]

    /// - Returns: `nil` unless the text is two or three whole numbers that add up to 100.
    package init?(_ text: String) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let percents = numbers.compactMap(\.self)
        guard percents.count == numbers.count, (2...3).contains(percents.count), percents.allSatisfy({ $0 >= 0 }),
            percents.reduce(0, +) == 100
        else { return nil }
        self.percents = percents
    }

    /// Assigns groups of documents to parts: in the order of their keys, each to the first part that has room for it, else to the one
    /// with the most room. Sizes are exact in numbers of documents (largest remainder) unless a group is larger than what is left.
    ///
    /// - Returns: The part's index for each document.
    package func assign(_ groups: [NearDuplicates.Group]) -> [UInt8] {
        let count = groups.reduce(0) { $0 + $1.members.count }
        var rooms = sizes(of: count)
        var parts = Array(repeating: UInt8(0), count: count)
        for group in groups {
            let size = group.members.count
            let roomiest = rooms.indices.reduce(0) { rooms[$1] > rooms[$0] ? $1 : $0 }
            let part = rooms.firstIndex { $0 >= size } ?? roomiest
            rooms[part] -= size
            for member in group.members { parts[member] = UInt8(part) }
        }
        return parts
    }

    private func sizes(of count: Int) -> [Int] {
        var sizes = percents.map { count * $0 / 100 }
        let remainders = percents.indices.sorted { left, right in
            let (leftRest, rightRest) = (count * percents[left] % 100, count * percents[right] % 100)
            return leftRest != rightRest ? leftRest > rightRest : left < right
        }
        for index in remainders.prefix(count - sizes.reduce(0, +)) { sizes[index] += 1 }
        return sizes
    }
}
