/// Orders texts so that the first ones teach a model the most: what it is unsure of, and not the same twice.
///
/// A text's worth is the sum of its words' entropies, each divided by one more than the number of earlier texts with that word. The
/// worth of a text can only fall while others are chosen, so a text whose worth was computed anew and is still the greatest is the
/// next one (Minoux 1978, the accelerated greedy algorithm).
package enum InformationOrder {
    /// - Returns: The places of the texts, the most informative first; of equal ones the earlier.
    /// - Complexity: O(n log n) comparisons and few computations of a worth for each text, in practice.
    package static func order(_ texts: [TextUncertainty]) -> [Int] {
        var seen: [UInt64: Int] = [:]
        var queue = WorthQueue(texts.enumerated().map { WorthQueue.Element(worth: $1.total, place: $0) })
        var order: [Int] = []
        while let first = queue.first {
            let text = texts[first.place]
            let worth = text.words.reduce(0) { $0 + $1.entropy / Double(1 + seen[$1.key, default: 0]) }
            guard worth >= first.worth else {
                queue.lowerFirst(to: worth)
                continue
            }
            queue.removeFirst()
            order.append(first.place)
            for word in text.words { seen[word.key, default: 0] += 1 }
        }
        return order
    }
}

/// A binary heap with the greatest worth first; of equal ones the lowest place.
private struct WorthQueue {
    struct Element {
        var worth: Double
        let place: Int

        func precedes(_ other: Self) -> Bool { worth != other.worth ? worth > other.worth : place < other.place }
    }

    private var elements: [Element]

    init(_ elements: [Element]) { self.elements = elements.sorted { $0.precedes($1) } }

    var first: Element? { elements.first }

    mutating func lowerFirst(to worth: Double) {
        elements[0].worth = worth
        sink()
    }

    mutating func removeFirst() {
        elements.swapAt(0, elements.count - 1)
        elements.removeLast()
        sink()
    }

    private mutating func sink() {
        var parent = 0
        while true {
            let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < elements.count }
            guard let child = children.min(by: { elements[$0].precedes(elements[$1]) }), elements[child].precedes(elements[parent])
            else { return }
            elements.swapAt(child, parent)
            parent = child
        }
    }
}
