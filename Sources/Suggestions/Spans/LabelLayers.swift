import Annotations

/// Divides labels into layers: labels whose spans overlap one another often are learnt apart, all others together.
enum LabelLayers {
    /// Overlaps of at most this share of the rarer label's spans are taken for slips; the shorter span is then left out.
    static let share = 0.02

    /// - Returns: Layers of places in `labels`, frequent labels first, of equal ones the smaller by bytes.
    static func layers(of labels: [Label], in documents: [TrainingDocument]) -> [[Int]] {
        let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        var counts = Array(repeating: 0, count: labels.count)
        var overlaps: [[Int]] = labels.map { _ in Array(repeating: 0, count: labels.count) }
        for document in documents {
            let spans = document.spans.sorted()
            for (index, span) in spans.enumerated() {
                guard let place = places[span.label] else { continue }
                counts[place] += 1
                for other in spans.dropFirst(index + 1).prefix(64) {
                    guard other.start < span.end else { break }
                    guard let otherPlace = places[other.label], otherPlace != place else { continue }
                    overlaps[place][otherPlace] += 1
                    overlaps[otherPlace][place] += 1
                }
            }
        }
        var layers: [[Int]] = []
        for place in labels.indices.sorted(by: { (counts[$1], $0) < (counts[$0], $1) }) {
            func overlapsRarely(_ other: Int) -> Bool {
                Double(overlaps[place][other]) <= share * Double(min(counts[place], counts[other]))
            }
            let layer = layers.firstIndex { $0.allSatisfy(overlapsRarely) }
            if let layer { layers[layer].append(place) } else { layers.append([place]) }
        }
        return layers
    }
}
