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

    /// What the layer makes of a document: spans without overlap, as ranges of scalars.
    struct Reading {
        var found: [Found] = []
        var expectation = SpanExpectation()
    }

    func read(_ document: SpanTokens, above threshold: Double) -> Reading {
        let features = SpanFeatures(document, gazetteer: gazetteer)
        var reading = Reading()
        for sentence in document.sentences {
            var lattice = chain.lattice(itemCount: sentence.count) { features.row(sentence.lowerBound + $0, in: sentence) }
            _ = lattice.run()
            let chosen = SpanDecoder.best(decoder.candidates(lattice, atLeast: threshold), above: threshold)
            reading.expectation += decoder.expectation(of: chosen, lattice)
            for candidate in chosen {
                let span = candidate.span
                let first = document.tokens[sentence.lowerBound + span.range.lowerBound].range
                let last = document.tokens[sentence.lowerBound + span.range.upperBound - 1].range
                let range = first.lowerBound..<last.upperBound
                reading.found.append(
                    Found(range: range, label: labels[span.label], probability: candidate.probability))
            }
        }
        return reading
    }
}
