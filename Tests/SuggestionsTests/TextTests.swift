import Annotations
import Testing

@testable import Suggestions

@Suite(.timeLimit(.minutes(1)))
struct TextTests {
    private func sentences(_ text: String) -> [String] {
        let text = DocumentText(text)
        return SentenceSplitter.sentences(of: text).map { text.slice($0) }
    }

    @Test(arguments: [
        ["We test it.", "It works!", "Does it?", "Yes."],
        ["Enzymes, e.g. Lipase or i.e. Those of Fig. 2, were added.", "Done."],
        ["Smith et al. [3] and Jones et al. (2010) agree.", "J. R. Lee disagrees."],
        ["We follow Smith et al.", "The results differ."],
        ["It was 3.5 mg vs. 4 mg (approx. 2 %).", "No. 5 was lost."],
        ["Errors fell by 7. 8% of all.", "Fine."],
        ["They said \u{201C}no.\u{201D}", "We said (yes.)", "[End]"],
        ["Visit example.com or Node.js now.", "Thanks."],
        ["Wait... what is p53?", "A gene."],
        ["Water boils at 100 \u{B0}C.", "\u{C9}tude."],
        ["It rained.", "3 of 4 stayed.", "(All left.)"],
    ])
    func findsTheSentencesOf(expected: [String]) {
        #expect(sentences(expected.joined(separator: " ")) == expected)
    }

    @Test func aLineFeedEndsParagraphsAndFinishedSentencesOnly() {
        let long = String(repeating: "word ", count: 60)
        #expect(sentences("A heading\n\n\(long)end.\nnext") == ["A heading", "\(long)end.", "next"])
        #expect(sentences("one two\nthree four\nfive.\nsix") == ["one two\nthree four\nfive.", "six"])
        #expect(sentences("One.\r\nTwo.\r\n") == ["One.", "Two."])
    }

    @Test func aSpaceThatRecognitionLostIsMadeUpFor() {
        #expect(sentences("We train networks.The error falls.") == ["We train networks.", "The error falls."])
        #expect(sentences("See foo.Bar and Xyz.Abc now.") == ["See foo.Bar and Xyz.Abc now."])
    }

    @Test func scriptsWithoutSpacesAndCaseAreDivided() {
        #expect(
            sentences("\u{6211}\u{4EEC}\u{3002}\u{7ED3}\u{679C}\u{3002}") == [
                "\u{6211}\u{4EEC}\u{3002}", "\u{7ED3}\u{679C}\u{3002}",
            ])
        #expect(sentences("\u{627}\u{628}. \u{62A}\u{62B}.").count == 2)
    }

    @Test(arguments: ["", " \n\t ", "\u{FEFF}"])
    func blankTextsHaveNoSentences(text: String) {
        #expect(sentences(text).filter { $0 != "\u{FEFF}" }.isEmpty)
    }

    @Test func everyVisibleScalarLiesInOneSentence() {
        let text = "  One e\u{301}. Two\n\nthree? \u{1F600}\u{1F600} Four.  "
        let joined = sentences(text).joined().unicodeScalars.filter { !$0.properties.isWhitespace }
        #expect(joined.elementsEqual(text.unicodeScalars.filter { !$0.properties.isWhitespace }))
    }

    @Test func signsByTheMegabyteTakeNoLongerThanWords() {
        for unit in [".", " .", "\n ", ". A", "((", "a."] {
            let clock = ContinuousClock()
            let time = clock.measure { _ = sentences(String(repeating: unit, count: 1_000_000)) }
            #expect(time < .seconds(10), "\(unit)")
        }
    }

    @Test func wordsNumbersAndSignsStandApart() {
        let text = "Don't use 3.5% of 1,000 \u{6587}\u{5B57} (GLP-1)."
        let scalars = Scalars(DocumentText(text))
        let words = Words.words(of: scalars, in: 0..<scalars.count)
        let forms = words.map { String(String.UnicodeScalarView(scalars.values[$0.range])) }
        #expect(forms == ["Don't", "use", "3.5%", "of", "1,000", "\u{6587}", "\u{5B57}", "(", "GLP", "-", "1", ")", "."])
        #expect(words[4].key == words[10].key && words[2].key != words[4].key)
    }

    @Test func tokensKeepLettersAndDigitsTogetherAndLieInSentences() {
        let tokens = SpanTokens(Scalars(DocumentText("HLA-B27 rises. C282Y too.")))
        let forms = tokens.tokens.map { String(String.UnicodeScalarView(tokens.text.values[$0.range])) }
        #expect(forms == ["HLA", "-", "B27", "rises", ".", "C282Y", "too", "."])
        #expect(tokens.sentences == [0..<5, 5..<8])
        #expect(tokens.tokenRange(of: 5..<9) == 2..<4)
        #expect(tokens.tokenRange(of: 8..<17) == nil)
        #expect(tokens.tokenRange(of: 7..<8) == nil)
    }
}
