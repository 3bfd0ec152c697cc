package import Annotations

/// How far workers agree, before anybody decides who is right.
///
/// Every figure is a function of sums over documents, so that its 95 % interval comes from drawing documents anew (the percentile
/// bootstrap of Efron 1979, ``replicateCount`` draws from a fixed seed). Figures do not depend on the order of documents and workers.
package struct AgreementReport: Sendable {
    package static let replicateCount = 200
    private static let seed: UInt64 = 20_150_301

    /// A figure and the interval in which it lies with 95 % certainty.
    package struct Estimate: Hashable, Sendable {
        package let value: Double
        package let low: Double
        package let high: Double
    }

    /// All figures of a set of answers; `nil` where there is nothing to compare or no chance to disagree.
    package struct Measures: Sendable {
        /// Over all pairs of workers: the F1 of one's spans against the other's, same edges and label.
        package let exactF1: Estimate?
        /// The same, spans of one label that overlap counting as one.
        package let overlapF1: Estimate?
        /// The same, labels of a document counted wherever they are.
        package let labelF1: Estimate?
        /// Fleiss' kappa over tokens, for any number of workers a document.
        package let fleissKappa: Estimate?
        /// Krippendorff's alpha for unitizing.
        package let unitizingAlpha: Estimate?
        /// Gamma (Mathet and others 2015); for all labels together only.
        package let gamma: Estimate?
    }

    package struct LabelAgreement: Sendable {
        package let label: Label
        package let measures: Measures
    }

    package struct PairAgreement: Sendable {
        package let first: String
        package let second: String
        package let documentCount: Int
        package let exactF1: Estimate?
        package let overlapF1: Estimate?
        package let labelF1: Estimate?
        /// Cohen's kappa over tokens.
        package let cohenKappa: Estimate?
    }

    /// Documents with two workers or more: those that count.
    package let documentCount: Int
    package let workerCount: Int
    package let overall: Measures
    /// By label.
    package let labels: [LabelAgreement]
    /// By the workers' ids; pairs with a document in common.
    package let pairs: [PairAgreement]

    package init<Position>(_ documents: [AnsweredDocument<Position>]) {
        let corpus = Corpus(documents, grids: documents.map { TokenGrid(tokens: $0.tokens, answers: $0.answers) })
        let shared = corpus.documents.filter { $0.workers.count > 1 }
        documentCount = shared.count
        workerCount = Set(shared.lazy.flatMap(\.workers)).count
        overall = Self.measures(shared, labelCount: corpus.labels.count, label: nil)
        labels = corpus.labels.enumerated().map { number, label in
            LabelAgreement(label: label, measures: Self.measures(shared, labelCount: corpus.labels.count, label: Int32(number)))
        }
        pairs = Self.pairs(shared, corpus)
    }

    // MARK: All workers together

    private static func measures(_ documents: [Corpus.Document], labelCount: Int, label: Int32?) -> Measures {
        let answers = documents.map { document in
            guard let label else { return document.spans }
            return document.spans.map { $0.filter { $0.label == label } }
        }
        func f1(_ matching: SpanMatching) -> Estimate? {
            estimate(answers.map { DocumentSums.pairwise($0, matching) }) { DocumentSums.f1($0[...]) }
        }
        let tokens = zip(documents, answers).map { DocumentSums.tokens($1, cellCount: $0.cellCount, categoryCount: labelCount + 1) }
        let used = label.map { [$0] } ?? (0..<Int32(labelCount)).map { $0 }
        let units = zip(documents, answers).map { document, spans in
            used.reduce(into: [0.0, 0]) { sums, label in
                let raters = spans.map { DocumentSums.units($0, label: label) }
                let disagreement = UnitizingAlpha.disagreement(raters, length: document.cellCount)
                sums[0] += disagreement.observed * Double(document.cellCount)
                sums[1] += disagreement.expected * Double(document.cellCount)
            }
        }
        return Measures(
            exactF1: f1(.exact), overlapF1: f1(.overlap), labelF1: f1(.label),
            fleissKappa: estimate(tokens) { Kappa.fleiss(agreement: $0[0], items: $0[1], categories: $0[2...]) },
            unitizingAlpha: estimate(units) { $0[1] > 0 ? 1 - $0[0] / $0[1] : nil },
            gamma: label == nil ? gamma(answers) : nil)
    }

    /// Documents with few spans vary much, but there are many of them: the more documents, the fewer samples each.
    private static func gamma(_ answers: [[[CellSpan]]]) -> Estimate? {
        let sampleCount = max(3, min(30, 1500 / max(1, answers.count)))
        let sums = answers.enumerated().map { number, spans in
            let units = spans.map { $0.map { GammaAgreement.Unit(start: Double($0.start), end: Double($0.end), label: $0.label) } }
            let gamma = GammaAgreement(units, sampleCount: sampleCount, seed: seed &+ UInt64(number))
            return [gamma.observed, gamma.expected]
        }
        return estimate(sums) { $0[1] > 0 ? 1 - $0[0] / $0[1] : nil }
    }

    // MARK: Pairs

    private static func pairs(_ documents: [Corpus.Document], _ corpus: Corpus) -> [PairAgreement] {
        struct Pair: Hashable {
            let first: Int32
            let second: Int32
        }
        var sums: [Pair: [[Double]]] = [:]
        let categories = corpus.labels.count + 1
        for document in documents {
            for first in document.workers.indices {
                for second in document.workers.indices where second > first {
                    let spans = [document.spans[first], document.spans[second]]
                    let row =
                        SpanMatching.allCases.flatMap { DocumentSums.pairwise(spans, $0) }
                        + DocumentSums.pairTokens(spans, cellCount: document.cellCount, categoryCount: categories)
                    sums[Pair(first: document.workers[first], second: document.workers[second]), default: []].append(row)
                }
            }
        }
        return sums.keys.sorted { ($0.first, $0.second) < ($1.first, $1.second) }.map { pair in
            let rows = sums[pair] ?? []
            return PairAgreement(
                first: corpus.workerIDs[Int(pair.first)], second: corpus.workerIDs[Int(pair.second)], documentCount: rows.count,
                exactF1: estimate(rows) { DocumentSums.f1($0[0..<2]) }, overlapF1: estimate(rows) { DocumentSums.f1($0[2..<4]) },
                labelF1: estimate(rows) { DocumentSums.f1($0[4..<6]) },
                cohenKappa: estimate(rows) {
                    Kappa.cohen(agreements: $0[6], first: $0[7..<7 + categories], second: $0[(7 + categories)...])
                })
        }
    }

    // MARK: Intervals

    /// - Parameter rows: What each document adds to the sums.
    static func estimate(_ rows: [[Double]], _ measure: ([Double]) -> Double?) -> Estimate? {
        guard let width = rows.first?.count else { return nil }
        func sum(_ indices: some Sequence<Int>) -> [Double] {
            var total = [Double](repeating: 0, count: width)
            for index in indices { for column in 0..<width { total[column] += rows[index][column] } }
            return total
        }
        guard let value = measure(sum(rows.indices)) else { return nil }
        var generator = SplitMix64(seed: seed)
        var replicates: [Double] = []
        for _ in 0..<replicateCount {
            if let replicate = measure(sum(rows.indices.lazy.map { _ in generator.below(rows.count) })) {
                replicates.append(replicate)
            }
        }
        replicates.sort()
        func percentile(_ share: Double) -> Double {
            replicates.isEmpty ? value : replicates[min(replicates.count - 1, Int(share * Double(replicates.count)))]
        }
        return Estimate(value: value, low: min(value, percentile(0.025)), high: max(value, percentile(0.975)))
    }
}
