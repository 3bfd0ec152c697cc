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

    /// Assigns texts to parts: by a keyed digest of each text, so that neither the order of the input nor ids matter, and equal
    /// texts stay in one part. Sizes are exact in numbers of distinct texts (largest remainder).
    ///
    /// - Parameters:
    ///   - digests: A digest of seed and text for each distinct text.
    /// - Returns: The part's index for each digest.
    package func assign(_ digests: Set<String>) -> [String: Int] {
        let sorted = digests.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var sizes = percents.map { sorted.count * $0 / 100 }
        let remainders = percents.indices.sorted { left, right in
            let (leftRest, rightRest) = (sorted.count * percents[left] % 100, sorted.count * percents[right] % 100)
            return leftRest != rightRest ? leftRest > rightRest : left < right
        }
        for index in remainders.prefix(sorted.count - sizes.reduce(0, +)) { sizes[index] += 1 }
        var parts: [String: Int] = [:]
        var position = 0
        for (part, size) in sizes.enumerated() {
            for digest in sorted[position..<position + size] { parts[digest] = part }
            position += size
        }
        return parts
    }
}
