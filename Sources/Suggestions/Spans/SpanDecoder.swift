/// Chooses spans by their probability.
struct SpanDecoder {
    /// No longer spans are proposed.
    static let maximumLength = 32

    let tags: SpanTags

    struct Candidate {
        let span: TokenRange
        /// That exactly these tokens are a span with this label.
        let probability: Double
    }

    /// All spans at least this probable.
    ///
    /// - Parameter lattice: After ``ChainLattice/run()``.
    func candidates(_ lattice: ChainLattice, atLeast threshold: Double) -> [Candidate] {
        var candidates: [Candidate] = []
        for label in 0..<tags.labelCount {
            func add(_ range: Range<Int>, _ probability: Double) {
                guard probability >= threshold else { return }
                candidates.append(Candidate(span: TokenRange(range: range, label: label), probability: probability))
            }
            for first in 0..<lattice.itemCount {
                add(first..<first + 1, lattice.marginal(item: first, label: tags.single(label)))
                var beginning = [tags.begin(label)]
                let end = min(lattice.itemCount, first + Self.maximumLength)
                while first + beginning.count < end, lattice.probability(of: beginning, from: first) >= threshold {
                    let probability = lattice.probability(of: beginning + [tags.last(label)], from: first)
                    add(first..<first + beginning.count + 1, probability)
                    beginning.append(tags.inside(label))
                }
            }
        }
        return candidates
    }

    /// - Parameters:
    ///   - chosen: What is proposed of the lattice's sequence.
    ///   - lattice: After ``ChainLattice/run()``.
    func expectation(of chosen: [Candidate], _ lattice: ChainLattice) -> SpanExpectation {
        SpanExpectation(
            spans: expectedCount(lattice), proposed: chosen.count, right: chosen.reduce(0) { $0 + $1.probability })
    }

    /// How many spans there are on average, after ``ChainLattice/run()``: each has one token that begins it.
    func expectedCount(_ lattice: ChainLattice) -> Double {
        var count = 0.0
        for item in 0..<lattice.itemCount {
            for label in 0..<tags.labelCount {
                count +=
                    lattice.marginal(item: item, label: tags.begin(label)) + lattice.marginal(item: item, label: tags.single(label))
            }
        }
        return count
    }

    /// The spans without overlap whose probabilities above the threshold add up to the most.
    static func best(_ candidates: [Candidate], above threshold: Double) -> [Candidate] {
        let sorted = candidates.sorted {
            ($0.span.range.upperBound, $0.span.range.lowerBound, $0.span.label) < (
                $1.span.range.upperBound, $1.span.range.lowerBound, $1.span.label
            )
        }
        // best[n]: the greatest sum with the first n candidates; sorted by their ends.
        var best = [0.0]
        var previous: [Int] = []
        for (index, candidate) in sorted.enumerated() {
            var before = index
            while before > 0, sorted[before - 1].span.range.upperBound > candidate.span.range.lowerBound { before -= 1 }
            previous.append(before)
            best.append(max(best[index], best[before] + candidate.probability - threshold))
        }
        var chosen: [Candidate] = []
        var index = sorted.count
        while index > 0 {
            if best[index] > best[index - 1] {
                chosen.append(sorted[index - 1])
                index = previous[index - 1]
            } else {
                index -= 1
            }
        }
        return chosen.reversed()
    }
}
