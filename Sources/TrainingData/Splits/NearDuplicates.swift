package import Annotations

/// Finds texts that are copies of one another but for some characters, such as two scans of one page.
///
/// A text is the set of its stretches of seven letters and digits, case aside. Of such sets MinHash (Broder 1997, "On the resemblance
/// and containment of documents") keeps 128 values of 16 bits; texts that agree in all three values of one of 42 bands are compared
/// by the share of values they agree in, which estimates the Jaccard similarity, and are one group from ``similarity`` on. A text
/// with 3 % of its characters misread has a similarity of about 0.68 with the original, two such copies 0.48; unrelated abstracts
/// stay under 0.1. Texts under ``minimumLength`` letters and digits are copies only when all of these are the same.
///
/// - Complexity: 290 bytes a text and O(n log n) time: a text is compared with at most eight others a band.
package struct NearDuplicates {
    /// The least estimated similarity of copies.
    package static let similarity = 0.3
    package static let minimumLength = 60

    private static let shingleBytes = 7
    private static let valueCount = 128
    private static let bandRows = 3
    private static let maximumComparisons = 8

    private typealias Values = SIMD16<UInt32>

    /// Keys by which texts are ordered, so that the order in which they were added does not matter.
    private var keys: [TextKey] = []
    private var signatures: [UInt16] = []
    private let multipliers: [Values]
    private let increments: [Values]

    package init() {
        var state: UInt64 = 0x5EED
        func values() -> Values {
            var values = Values()
            for index in values.indices { values[index] = UInt32(truncatingIfNeeded: Self.next(&state) >> 32) }
            return values
        }
        // Odd multipliers make each map a permutation.
        multipliers = (0..<Self.valueCount / 16).map { _ in values() | 1 }
        increments = (0..<Self.valueCount / 16).map { _ in values() }
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    private static func next(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return mixed(state)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    package var count: Int { keys.count }

    /// - Parameter seed: Of the order of texts; see ``TextKey``.
    package mutating func add(_ text: DocumentText, seed: Int) {
        keys.append(TextKey(text, seed: seed))
        let letters = Self.letters(of: text)
        guard letters.count >= Self.minimumLength else {
            // Values that only the same letters have.
            var state = murmurHash64A(letters, seed: 7)
            for _ in 0..<Self.valueCount { signatures.append(UInt16(truncatingIfNeeded: Self.next(&state))) }
            return
        }
        let hashes = Self.shingleHashes(of: letters)
        for (multiplier, increment) in zip(multipliers, increments) {
            var minima = Values(repeating: .max)
            for hash in hashes { minima = pointwiseMin(minima, Values(repeating: hash) &* multiplier &+ increment) }
            for index in minima.indices { signatures.append(UInt16(truncatingIfNeeded: minima[index])) }
        }
    }

    private static func shingleHashes(of letters: [UInt8]) -> [UInt32] {
        var hashes: [UInt32] = []
        hashes.reserveCapacity(letters.count)
        var shingle: UInt64 = 0
        for (index, byte) in letters.enumerated() {
            shingle = (shingle << 8 | UInt64(byte)) & (1 << UInt64(8 * shingleBytes) - 1)
            if index + 1 >= shingleBytes { hashes.append(UInt32(truncatingIfNeeded: mixed(shingle))) }
        }
        return hashes
    }

    /// Letters and digits, ASCII in lower case, and all that is not ASCII.
    private static func letters(of text: DocumentText) -> [UInt8] {
        var letters: [UInt8] = []
        letters.reserveCapacity(text.bytes.count)
        for byte in text.bytes {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): letters.append(byte | 0x20)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: letters.append(byte)
            default: break
            }
        }
        return letters
    }

    // MARK: Groups

    /// Texts that stay together.
    package struct Group: Sendable {
        /// The smallest of its texts' keys.
        package let key: TextKey
        /// Indexes of its texts, in the order in which they were added.
        package fileprivate(set) var members: [Int]
    }

    /// - Returns: Groups by key. They depend on the texts only, not on their order.
    package func groups() -> [Group] {
        let order = keys.indices.sorted { keys[$0] != keys[$1] ? keys[$0] < keys[$1] : $0 < $1 }
        var parents = Array(order.indices)
        func root(_ rank: Int) -> Int {
            var rank = rank
            while parents[rank] != rank {
                parents[rank] = parents[parents[rank]]
                rank = parents[rank]
            }
            return rank
        }
        let rankBits = UInt64(64 - UInt64(max(1, order.count)).leadingZeroBitCount)
        var entries: [UInt64] = []
        entries.reserveCapacity(order.count)
        for band in 0..<Self.valueCount / Self.bandRows {
            entries.removeAll(keepingCapacity: true)
            for (rank, index) in order.enumerated() {
                entries.append(bandKey(of: index, band) << rankBits | UInt64(rank))
            }
            entries.sort()
            var candidates: [Int] = []
            var current: UInt64?
            for entry in entries {
                let rank = Int(entry & (1 << rankBits - 1))
                if current != entry >> rankBits { (current, candidates) = (entry >> rankBits, []) }
                let own = root(rank)
                if candidates.contains(where: { root($0) == own }) { continue }
                if let copy = candidates.first(where: { isCopy(order[$0], order[rank]) }) {
                    let other = root(copy)
                    parents[max(own, other)] = min(own, other)
                } else if candidates.count < Self.maximumComparisons {
                    candidates.append(rank)
                }
            }
        }
        var groups: [Int: Group] = [:]
        for (rank, index) in order.enumerated() {
            groups[root(rank), default: Group(key: keys[order[root(rank)]], members: [])].members.append(index)
        }
        return groups.sorted { $0.key < $1.key }.map { group in
            Group(key: group.value.key, members: group.value.members.sorted())
        }
    }

    private func bandKey(of index: Int, _ band: Int) -> UInt64 {
        let start = index * Self.valueCount + band * Self.bandRows
        return Self.mixed(signatures[start..<start + Self.bandRows].reduce(UInt64(band)) { $0 << 16 | UInt64($1) })
    }

    private func isCopy(_ first: Int, _ second: Int) -> Bool {
        var equal = 0
        for offset in 0..<Self.valueCount
        where signatures[first * Self.valueCount + offset] == signatures[second * Self.valueCount + offset] {
            equal += 1
        }
        return Double(equal) >= Self.similarity * Double(Self.valueCount)
    }
}

/// A keyed hash of a text: another seed orders texts anew.
package struct TextKey: Hashable, Comparable, Sendable {
    private let high: UInt64
    private let low: UInt64

    package init(_ text: DocumentText, seed: Int) {
        let seed = UInt64(bitPattern: Int64(seed)) &* 2
        high = murmurHash64A(text.bytes, seed: seed)
        low = murmurHash64A(text.bytes, seed: seed &+ 1)
    }

    package static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }
}
