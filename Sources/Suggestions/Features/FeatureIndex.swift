/// The features that a model knows, in the order of their keys, with the place of each.
struct FeatureIndex: Sendable {
    let keys: [UInt32]
    /// Where the keys with each value of the upper 16 bits begin.
    private let starts: [Int32]

    /// - Parameter keys: Ascending, each once.
    init(keys: [UInt32]) {
        self.keys = keys
        var starts: [Int32] = [0]
        starts.reserveCapacity(1 << 16 + 1)
        for (place, key) in keys.enumerated() {
            while starts.count <= Int(key >> 16) { starts.append(Int32(place)) }
        }
        while starts.count <= 1 << 16 { starts.append(Int32(keys.count)) }
        self.starts = starts
    }

    /// Of the features of all items those that at least `minimumCount` items have.
    init(rows: some Sequence<[Feature]>, minimumCount: Int) {
        var all: [UInt32] = []
        for row in rows { for feature in row { all.append(feature.key) } }
        all.sort()
        var keys: [UInt32] = []
        var first = 0
        for place in all.indices where place + 1 == all.count || all[place + 1] != all[place] {
            if place + 1 - first >= minimumCount { keys.append(all[place]) }
            first = place + 1
        }
        self.init(keys: keys)
    }

    var count: Int { keys.count }

    /// - Complexity: O(1): keys are hashes, and spread evenly.
    func place(of key: UInt32) -> Int? {
        let bucket = Int(key >> 16)
        var place = Int(starts[bucket])
        let end = Int(starts[bucket + 1])
        while place < end, keys[place] < key { place += 1 }
        return place < end && keys[place] == key ? place : nil
    }
}
