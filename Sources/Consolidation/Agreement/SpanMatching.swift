/// How two answers to one document agree, span by span.
enum SpanMatching: CaseIterable, Sendable {
    /// Same edges, same label.
    case exact
    /// Overlapping, same label; each span counts once.
    case overlap
    /// The same labels, wherever they are.
    case label

    /// How many spans of either have a partner in the other; both sorted, without repeats.
    func common(_ left: [CellSpan], _ right: [CellSpan]) -> Int {
        switch self {
        case .exact:
            let known = Set(right)
            return left.count { known.contains($0) }
        case .label:
            var counts: [Int32: Int] = [:]
            for span in right { counts[span.label, default: 0] += 1 }
            return left.reduce(0) { sum, span in
                guard let count = counts[span.label], count > 0 else { return sum }
                counts[span.label] = count - 1
                return sum + 1
            }
        case .overlap:
            // The span that ends first takes the partner that ends first: the largest matching where spans of a side do not overlap.
            var isTaken = [Bool](repeating: false, count: right.count)
            let order = right.indices.sorted { (right[$0].end, right[$0].start) < (right[$1].end, right[$1].start) }
            var first = 0
            var common = 0
            for span in left.sorted(by: { ($0.end, $0.start) < ($1.end, $1.start) }) {
                while first < order.count, isTaken[order[first]] { first += 1 }
                for index in order[first...]
                where !isTaken[index] && right[index].label == span.label && right[index].overlaps(span) {
                    isTaken[index] = true
                    common += 1
                    break
                }
            }
            return common
        }
    }
}
