/// A feature of an item: its key, and how strongly it counts.
struct Feature {
    let key: UInt32
    let value: Float
}

/// The features of one item while they are collected; one that comes twice counts once.
struct FeatureRow<Template: RawRepresentable<UInt64>> {
    private(set) var features: [Feature] = []

    mutating func add(_ template: Template, _ value: UInt64, weight: Float = 1) {
        features.append(Feature(key: FeatureKey.feature(template.rawValue, value), value: weight))
    }

    /// Sorts by key and drops repetitions; of two with one key the first stays.
    func distinct() -> [Feature] {
        let sorted = features.enumerated().sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }
        var distinct: [Feature] = []
        distinct.reserveCapacity(sorted.count)
        for (_, feature) in sorted where distinct.last?.key != feature.key { distinct.append(feature) }
        return distinct
    }
}
