import Annotations
import Testing

@testable import Suggestions

@Suite(.timeLimit(.minutes(1)))
struct SpanPartTests {
    @Test(arguments: [
        ("patients with breast cancer (BC) died", "BC", "breast cancer"),
        ("von Hippel-Lindau (VHL) disease", "VHL", "von Hippel-Lindau"),
        ("the gap junction proteins (GJPs) are", "GJPs", "gap junction proteins"),
        ("ataxia telangiectasia (A-T)", "A-T", "ataxia telangiectasia"),
    ])
    func findsTheLongFormOf(text: String, short: String, long: String) throws {
        let tokens = SpanTokens(Scalars(DocumentText(text)))
        let definitions = AbbreviationFinder.definitions(in: tokens)
        let range = try #require(definitions[FeatureKey.exactKey(of: short.unicodeScalars)])
        let scalars = tokens.text.values[
            tokens.tokens[range.lowerBound].range.lowerBound..<tokens.tokens[range.upperBound - 1].range.upperBound]
        #expect(String(String.UnicodeScalarView(scalars)) == long)
    }

    @Test(arguments: ["we saw many (n = 12) of them", "this was shown (Smith)", "(BC) at the start", "low (see) text", "XY (AB)"])
    func whatIsNoDefinitionIsNotTakenForOne(text: String) {
        #expect(AbbreviationFinder.definitions(in: SpanTokens(Scalars(DocumentText(text)))).isEmpty)
    }

    @Test func tagsGiveTheirSpansBack() {
        let tags = SpanTags(labelCount: 2)
        let spans = [TokenRange(range: 0..<1, label: 1), TokenRange(range: 1..<3, label: 0), TokenRange(range: 4..<8, label: 1)]
        #expect(tags.spans(of: tags.tags(tokenCount: 9, spans: spans)) == spans)
        #expect(tags.count == 9)
    }

    @Test func spansWithoutOverlapAreChosenForTheGreatestSum() {
        func candidate(_ range: Range<Int>, _ probability: Double) -> SpanDecoder.Candidate {
            SpanDecoder.Candidate(span: TokenRange(range: range, label: 0), probability: probability)
        }
        let chosen = SpanDecoder.best(
            [candidate(0..<4, 0.5), candidate(0..<2, 0.45), candidate(2..<4, 0.45), candidate(6..<7, 0.3)], above: 0.3)
        #expect(chosen.map(\.span.range) == [0..<2, 2..<4])
        let other = SpanDecoder.best([candidate(0..<4, 0.9), candidate(0..<2, 0.45), candidate(2..<4, 0.45)], above: 0.3)
        #expect(other.map(\.span.range) == [0..<4])
    }

    @Test func probabilitiesOfSpansAddUpToWhatTheirTagsHave() {
        let tags = SpanTags(labelCount: 1)
        var generator = SeededGenerator(seed: 5)
        let transitions = (0..<25).map { _ in Double.random(in: -1...1, using: &generator) }
        var lattice = ChainLattice(labelCount: 5, transitions: transitions)
        lattice.reset(itemCount: 4)
        for item in 0..<4 { lattice.setScores((0..<5).map { _ in Double.random(in: -1...1, using: &generator) }, at: item) }
        _ = lattice.run()
        let candidates = SpanDecoder(tags: tags).candidates(lattice, atLeast: 1e-9)
        #expect(candidates.count == 10)
        let whole = candidates.first { $0.span.range == 0..<4 }?.probability
        #expect(whole == lattice.probability(of: [1, 2, 2, 3], from: 0))
        let single = candidates.first { $0.span.range == 2..<3 }?.probability
        #expect(single == lattice.marginal(item: 2, label: tags.single(0)))
    }

    @Test func aDocumentDoesNotFindItsOwnMarks() {
        let tokens = ["old Bonamine helps", "new Bonamine too", "only Corastine here"].map { SpanTokens(Scalars(DocumentText($0))) }
        let spans = Array(repeating: [TokenRange(range: 1..<2, label: 0)], count: 3)
        let builder = GazetteerBuilder(Array(zip(tokens, spans)))
        let known = tokens.map { builder.gazetteer(without: $0, spans: spans[0]).words[$0.tokens[1].stem] }
        #expect(known[0] != nil && known[0] == known[1])
        #expect(known[2] == nil)
        #expect(builder.gazetteer().phrases.count == 2)
    }

    @Test func labelsThatOftenOverlapAreLearntApart() {
        let nested = (0..<20).map { number -> TrainingDocument in
            let inner = ScalarSpan(start: ScalarOffset(0), end: ScalarOffset(4), label: "CITY")
            let outer = ScalarSpan(start: ScalarOffset(0), end: ScalarOffset(15), label: "ORG")
            let other = ScalarSpan(start: ScalarOffset(20), end: ScalarOffset(24), label: "NAME")
            return TrainingDocument(
                text: DocumentText("Oslo University and Lind \(number)"), spans: [inner, outer, other].compactMap(\.self))
        }
        #expect(LabelLayers.layers(of: ["CITY", "NAME", "ORG"], in: nested) == [[0, 1], [2]])
        #expect(LabelLayers.layers(of: ["DOSE", "DRUG"], in: notes(20)) == [[1, 0]])
    }
}
