import Annotations

/// A chain for labels whose spans do not overlap one another, with the phrases it learnt.
struct SpanLayer: Sendable {
    /// The labels of this layer, as places in the model's labels.
    let labels: [Int]
    let chain: ChainModel
    let gazetteer: Gazetteer

    private var decoder: SpanDecoder { SpanDecoder(tags: SpanTags(labelCount: labels.count)) }

    struct Found {
        let range: Range<Int>
        let label: Int
        let probability: Double
    }

    /// The probability of each tag at each token.
    func marginals(of document: SpanTokens) -> [[Double]] {
        let features = SpanFeatures(document, gazetteer: gazetteer)
        return document.sentences.flatMap { sentence in chain.marginals(of: sentence.map { features.row($0, in: sentence) }) }
    }

    /// - Returns: Spans without overlap, as ranges of scalars.
    func spans(in document: SpanTokens, above threshold: Double) -> [Found] {
        let features = SpanFeatures(document, gazetteer: gazetteer)
        var found: [Found] = []
        for sentence in document.sentences {
            var lattice = chain.lattice(itemCount: sentence.count) { features.row(sentence.lowerBound + $0, in: sentence) }
            _ = lattice.run()
            let candidates = decoder.candidates(lattice, atLeast: threshold)
            for candidate in SpanDecoder.best(candidates, above: threshold) {
                let span = candidate.span
                let first = document.tokens[sentence.lowerBound + span.range.lowerBound].range
                let last = document.tokens[sentence.lowerBound + span.range.upperBound - 1].range
                let range = first.lowerBound..<last.upperBound
                found.append(Found(range: range, label: labels[span.label], probability: candidate.probability))
            }
        }
        return found
    }
}
