import Annotations
import Testing

@testable import Consolidation

/// Against published examples and other libraries; the script `agreement_reference.py` beside this file made the latter's figures.
@Suite(.timeLimit(.minutes(1)))
struct AgreementTests {
    // MARK: Alpha

    /// Krippendorff 2004, *Content Analysis*, second edition, page 254: observed, expected and alpha of category c; k agrees fully.
    @Test func unitizingAlphaOfThePublishedExample() {
        let c = UnitizingAlpha.disagreement([[75..<145, 220..<250], [70..<150, 205..<225, 250..<270]], length: 300)
        #expect(abs(c.observed - 0.0144) < 0.00005)
        #expect(abs(c.expected - 0.0532) < 0.00005)
        #expect(abs(1 - c.observed / c.expected - 0.7286) < 0.0001)
        let k = UnitizingAlpha.disagreement([[30..<90, 150..<200], [30..<90, 150..<200]], length: 300)
        #expect(k.observed == 0)
        #expect(abs(k.expected - 0.0490) < 0.00005)
        #expect(abs(1 - (c.observed + k.observed) / (c.expected + k.expected) - 0.8591) < 0.0005)
    }

    /// Krippendorff 1995, page 57: observed disagreement of examples A to D.
    @Test(
        arguments: [
            ([[2..<10, 14..<20], [4..<8, 15..<17]], 0.03125),
            ([[0..<18], [0..<2, 2..<3, 3..<4, 4..<5, 5..<6, 6..<9, 9..<10]], 2.26736),
            ([[2..<8, 10..<12, 14..<18, 20..<22], [0..<2, 4..<8, 10..<14, 16..<18, 20..<22]], 0.02777),
            ([[0..<2, 2..<10, 10..<14, 14..<20, 20..<24], [0..<4, 4..<8, 8..<15, 15..<17, 17..<24]], 0.38715),
        ] as [([[Range<Int>]], Double)])
    func observedDisagreementOfThePublishedExamples(raters: [[Range<Int>]], observed: Double) {
        #expect(abs(UnitizingAlpha.disagreement(raters, length: 24).observed - observed) < 0.00002)
    }

    // MARK: Kappa

    /// The same article's example A as 24 yes-or-no items: Cohen's kappa is 0.385.
    @Test func cohensKappaOfThePublishedExample() throws {
        let kappa = Kappa.cohen(agreements: 16, first: [10, 14], second: [18, 6])
        #expect(abs(try #require(kappa) - 0.385) < 0.001)
    }

    /// The worked example of the encyclopedia article on Fleiss' kappa: ten subjects, fourteen raters, five categories; 0.210.
    @Test func fleissKappaOfTheWorkedExample() throws {
        let counts: [[Double]] = [
            [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0], [3, 2, 6, 3, 0],
            [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
        ]
        let agreement = counts.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * ($1 - 1) } / (14 * 13) }
        let categories = (0..<5).map { category in counts.reduce(0) { $0 + $1[category] } }
        #expect(abs(try #require(Kappa.fleiss(agreement: agreement, items: 10, categories: categories[...])) - 0.210) < 0.0005)
    }

    @Test func kappaHasNoValueWhereNobodyCouldDisagree() {
        #expect(Kappa.cohen(agreements: 5, first: [5, 0], second: [5, 0]) == nil)
        #expect(Kappa.fleiss(agreement: 0, items: 0, categories: [0, 0]) == nil)
    }

    // MARK: Three annotators, against pygamma-agreement 0.5.9, scikit-learn 1.9.1 and seqeval 1.2.2

    private let threeAnnotators: [[(Range<Int>, Label)]] = [
        [
            (2..<5, "A"), (9..<11, "B"), (15..<16, "A"), (20..<26, "A"), (30..<33, "B"), (41..<44, "A"), (50..<51, "B"),
            (60..<66, "A"),
            (70..<72, "A"),
        ],
        [
            (2..<5, "A"), (9..<12, "B"), (20..<26, "B"), (31..<33, "B"), (41..<44, "A"), (46..<47, "A"), (59..<66, "A"),
            (70..<72, "A"),
        ],
        [
            (3..<5, "A"), (9..<11, "B"), (15..<16, "A"), (21..<25, "A"), (30..<34, "A"), (50..<51, "B"), (60..<66, "A"),
            (75..<78, "B"),
        ],
    ]

    private var document: AnsweredDocument<ScalarOffset> {
        AnsweredDocument(
            id: "d", tokens: tokens(80),
            answers: threeAnnotators.enumerated().map { number, spans in
                WorkerSpans(workerID: "w\(number)", spans: spans.map { span($0, $1) })
            })
    }

    @Test func gammaIsThatOfTheReference() throws {
        let units = threeAnnotators.map { spans in
            spans.map { GammaAgreement.Unit(start: Double($0.lowerBound), end: Double($0.upperBound), label: $1 == "A" ? 0 : 1) }
        }
        let gamma = GammaAgreement(units, sampleCount: 500, seed: 1)
        // Times 25 units of 3 annotators: disorders are per unit of one annotator.
        #expect(abs(gamma.observed / (25.0 / 3) - 0.7369341) < 1e-6)
        // Three runs of the reference with 500 samples gave 0.5236, 0.5249 and 0.5219.
        #expect(abs(try #require(gamma.value) - 0.5234) < 0.006)
    }

    @Test func pairsHaveTheKappaAndF1OfTheReference() throws {
        let pairs = AgreementReport([document]).pairs
        #expect(pairs.map { "\($0.first) \($0.second)" } == ["w0 w1", "w0 w2", "w1 w2"])
        for (pair, expected) in zip(pairs, [(0.6989652, 0.3529412), (0.5981246, 0.4705882), (0.3686287, 0)]) {
            #expect(abs(try #require(pair.cohenKappa).value - expected.0) < 1e-6)
            #expect(abs(try #require(pair.exactF1).value - expected.1) < 1e-6)
        }
    }

    @Test func gammaIsOneForTheSameAnswersAndNearZeroForUnrelatedOnes() throws {
        let same = [[GammaAgreement.Unit]](repeating: [GammaAgreement.Unit(start: 3, end: 9, label: 0)], count: 3)
        #expect(GammaAgreement(same, sampleCount: 10, seed: 1).value == 1)
        var random = SplitMix64(seed: 7)
        let unrelated = (0..<3).map { _ in
            var position = 0.0
            return (0..<60).map { _ in
                position += random.normal(mean: 12, deviation: 6)
                return GammaAgreement.Unit(
                    start: position, end: position + 1 + Double(random.below(6)), label: Int32(random.below(3)))
            }.sorted { $0.start < $1.start }
        }
        #expect(abs(try #require(GammaAgreement(unrelated, sampleCount: 30, seed: 1).value)) < 0.12)
    }

    @Test func gammaOfManyUnitsIsQuick() {
        var random = SplitMix64(seed: 7)
        let units = (0..<3).map { _ in
            (0..<167).map { number in
                let start = Double(20 * number + random.below(5))
                return GammaAgreement.Unit(start: start, end: start + 1 + Double(random.below(6)), label: Int32(random.below(3)))
            }
        }
        let start = ContinuousClock.now
        #expect(GammaAgreement(units, sampleCount: 30, seed: 1).value != nil)
        #expect(ContinuousClock.now - start < .seconds(5), "501 units and 30 samples take a fifth of a second on an idle machine")
    }

    // MARK: Assignment

    @Test(arguments: 0..<50) func theAssignmentIsTheBestOfAll(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let gains = (0..<5).map { _ in
            (0..<4).compactMap { column in random.uniform() < 0.6 ? (column: column, gain: Double(1 + random.below(9))) : nil }
        }
        let assignment = SparseAssignment(gains: gains, columnCount: 4)
        let total = assignment.columnOfRow.enumerated().reduce(0.0) { sum, entry in
            sum + (gains[entry.offset].first { $0.column == entry.element }?.gain ?? 0)
        }
        func best(_ row: Int, _ taken: Set<Int>) -> Double {
            guard row < gains.count else { return 0 }
            return gains[row].filter { !taken.contains($0.column) }.reduce(best(row + 1, taken)) {
                max($0, $1.gain + best(row + 1, taken.union([$1.column])))
            }
        }
        #expect(total == best(0, []))
        let used = assignment.columnOfRow.filter { $0 >= 0 }
        #expect(Set(used).count == used.count)
    }

    // MARK: Report

    @Test func matchingsByHand() {
        func cells(_ range: Range<Int32>, _ label: Int32) -> CellSpan {
            CellSpan(start: range.lowerBound, end: range.upperBound, label: label)
        }
        let left = [cells(0..<3, 0), cells(5..<6, 1), cells(8..<12, 0)]
        let right = [cells(0..<3, 0), cells(5..<7, 1), cells(9..<10, 1), cells(20..<21, 0)]
        #expect(SpanMatching.allCases.map { $0.common(left, right) } == [1, 2, 3])
    }

    @Test func theReportDoesNotDependOnAnyOrder() {
        let crowd = Crowd(documents: 12, recalls: [0.9, 0.7, 0.6], seed: 3)
        let turned = crowd.documents.reversed().map {
            AnsweredDocument(id: $0.id, tokens: $0.tokens, answers: $0.answers.reversed())
        }
        let (one, other) = (AgreementReport(crowd.documents), AgreementReport(turned))
        #expect(one.text == other.text)
        #expect(one.overall.gamma == other.overall.gamma)
        #expect(one.overall.exactF1 == other.overall.exactF1)
    }

    @Test func intervalsHoldTheValueAndNarrowWithMoreDocuments() throws {
        func interval(_ count: Int) throws -> AgreementReport.Estimate {
            try #require(AgreementReport(Crowd(documents: count, recalls: [0.9, 0.7, 0.6], seed: 3).documents).overall.exactF1)
        }
        let (few, many) = (try interval(8), try interval(80))
        #expect(few.low <= few.value && few.value <= few.high)
        #expect(many.high - many.low < few.high - few.low)
    }

    @Test func withoutTwoWorkersThereIsNothingToSay() {
        let report = AgreementReport([AnsweredDocument(id: "d", tokens: tokens(4), answers: [answer("w1", (0, 1, "A"))])])
        #expect(report.documentCount == 0)
        #expect(report.overall.exactF1 == nil && report.overall.gamma == nil && report.pairs.isEmpty)
    }
}
