/// Sequences of items with sparse features and a label each: the input of training.
///
/// Rows are stored one after the other: the features of item `i` are `features[featureEnds[i - 1]..<featureEnds[i]]`.
struct ChainData: Sendable {
    let labelCount: Int
    let featureCount: Int
    /// The item after the last one of each sequence.
    private(set) var sequenceEnds: [Int] = []
    private(set) var featureEnds: [Int] = []
    private(set) var features: [UInt32] = []
    private(set) var values: [Float] = []
    private(set) var labels: [Int32] = []

    var itemCount: Int { featureEnds.count }

    init(labelCount: Int, featureCount: Int) { (self.labelCount, self.featureCount) = (labelCount, featureCount) }

    var parameterCount: Int { (featureCount + labelCount) * labelCount }
    /// Where the transitions stand among the parameters.
    var transitionBase: Int { featureCount * labelCount }

    mutating func append(feature: Int, value: Float) {
        features.append(UInt32(feature))
        values.append(value)
    }

    /// Closes the item whose features were appended.
    mutating func endItem(label: Int) {
        featureEnds.append(features.count)
        labels.append(Int32(label))
    }

    mutating func endSequence() { sequenceEnds.append(featureEnds.count) }

    func items(of sequence: Int) -> Range<Int> { (sequence == 0 ? 0 : sequenceEnds[sequence - 1])..<sequenceEnds[sequence] }

    func features(of item: Int) -> Range<Int> { (item == 0 ? 0 : featureEnds[item - 1])..<featureEnds[item] }
}
