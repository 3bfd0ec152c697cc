import Annotations

/// A part of the answers in which no worker's spans overlap: what a method over tag sequences can read.
///
/// Labels that workers put over each other go to different layers; where a worker nests spans of one layer, the outer ones come first
/// and the inner ones form a layer below.
struct Layer: Sendable {
    /// Numbers of the labels that lie in this layer, ascending.
    let labels: [Int32]
    /// For each document of the corpus, for each of its workers: spans that do not overlap, ascending.
    let spans: [[[CellSpan]]]
}

/// The answers as layers. No span is lost: what lies deeper than the last layer is in `deeper`.
struct Layers: Sendable {
    /// Nesting deeper than this is not modelled; real nesting rarely passes three.
    static let maximumDepth = 4
    /// Two labels are kept apart when more than this share of the rarer one's spans lie over spans of the other by the same worker.
    static let overlapShare = 0.05

    let layers: [Layer]
    /// As ``Layer/spans``: the spans below the deepest layer.
    let deeper: [[[CellSpan]]]?

    init(_ corpus: Corpus) {
        let groups = Self.groups(of: corpus)
        var layers: [Layer] = []
        var rest: [[[CellSpan]]]?
        for group in groups {
            var remaining = corpus.documents.map { document in
                document.spans.map { groups.count == 1 ? $0 : $0.filter { group.contains($0.label) } }
            }
            var depth = 0
            while remaining.contains(where: { $0.contains { !$0.isEmpty } }) {
                guard depth < Self.maximumDepth else {
                    rest = Self.merged(rest, remaining)
                    break
                }
                let split = remaining.map { $0.map(Self.outermost) }
                layers.append(Layer(labels: group.sorted(), spans: split.map { $0.map(\.outer) }))
                remaining = split.map { $0.map(\.inner) }
                depth += 1
            }
        }
        self.layers = layers
        deeper = rest
    }

    /// The spans that overlap none before them, longer ones first where they start together; and the others.
    private static func outermost(_ spans: [CellSpan]) -> (outer: [CellSpan], inner: [CellSpan]) {
        var outer: [CellSpan] = []
        var inner: [CellSpan] = []
        for span in spans.sorted(by: { ($0.start, -$0.end, $0.label) < ($1.start, -$1.end, $1.label) }) {
            if let last = outer.last, span.start < last.end { inner.append(span) } else { outer.append(span) }
        }
        return (outer, inner)
    }

    private static func merged(_ left: [[[CellSpan]]]?, _ right: [[[CellSpan]]]) -> [[[CellSpan]]] {
        guard let left else { return right }
        return zip(left, right).map { zip($0, $1).map { ($0 + $1).sorted() } }
    }

    // MARK: Labels

    private struct Pair: Hashable {
        let low: Int32
        let high: Int32
    }

    /// Labels in groups within which workers hardly ever put one over another; each label joins the first group it fits, the most
    /// frequent one first.
    private static func groups(of corpus: Corpus) -> [Set<Int32>] {
        var counts = [Int](repeating: 0, count: corpus.labels.count)
        var overlaps: [Pair: Int] = [:]
        for document in corpus.documents {
            for spans in document.spans {
                var open: [CellSpan] = []
                for span in spans {
                    counts[Int(span.label)] += 1
                    open.removeAll { $0.end <= span.start }
                    for other in Set(open.map(\.label)) where other != span.label {
                        overlaps[Pair(low: min(other, span.label), high: max(other, span.label)), default: 0] += 1
                    }
                    // The longest open span of each label is enough to know that labels meet.
                    if let known = open.firstIndex(where: { $0.label == span.label }) {
                        if open[known].end < span.end { open[known] = span }
                    } else {
                        open.append(span)
                    }
                }
            }
        }
        func areApart(_ left: Int32, _ right: Int32) -> Bool {
            let count = overlaps[Pair(low: min(left, right), high: max(left, right))] ?? 0
            return count > 1 && Double(count) > overlapShare * Double(min(counts[Int(left)], counts[Int(right)]))
        }
        var groups: [Set<Int32>] = []
        for label in counts.indices.sorted(by: { (-counts[$0], $0) < (-counts[$1], $1) }).map(Int32.init) {
            if let fit = groups.firstIndex(where: { group in !group.contains { areApart($0, label) } }) {
                groups[fit].insert(label)
            } else {
                groups.append([label])
            }
        }
        return groups
    }
}
