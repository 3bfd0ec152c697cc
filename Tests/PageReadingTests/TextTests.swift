import Annotations
import Testing

@testable import PageReading

@Suite
struct TextAssemblyTests {
    private func line(_ text: String, top: Int = 0) -> [RecognizedWord] {
        var left = 0
        return text.split(separator: " ").map { word in
            defer { left += 10 * (word.count + 1) }
            return RecognizedWord(
                text: String(word), confidence: 90,
                box: PixelBox(left: left, top: top, right: left + 10 * word.count, bottom: top + 20))
        }
    }

    private func assembly(_ paragraphs: [[String]], valid: Set<String> = []) -> TextAssembly {
        TextAssembly(
            paragraphs.map { $0.map { line($0) } }, isValid: valid.contains,
            normalize: {
                NormalizedBox(left: Double($0.left), top: Double($0.top), width: Double($0.width), height: Double($0.height))
            })
    }

    @Test
    func joinsLinesByASpaceAndParagraphsByALineFeed() {
        #expect(assembly([["one two", "three"], ["four"]]).text == "one two three\nfour")
    }

    @Test
    func takesOutAHyphenThatOnlyBrokeTheLine() {
        let assembly = assembly([["a func-", "tion"]], valid: ["function"])
        #expect(assembly.text == "a function")
        #expect(assembly.joinedHyphens == [ScalarOffset(6)])
    }

    @Test
    func mapsEveryCharacterButWhiteSpaceToOneWord() {
        let assembly = assembly([["naïve func-", "tions of “state-", "space”"], ["𝛼 models-", "2"]], valid: ["functions"])
        let document = DocumentText(assembly.text)
        var covered: [Int] = []
        for word in assembly.lines.flatMap(\.words) {
            covered += word.range.lowerBound.rawValue..<word.range.upperBound.rawValue
            #expect(word.text.hasPrefix(document.slice(word.range)))
        }
        let expected = assembly.text.unicodeScalars.enumerated().filter { !$0.element.properties.isWhitespace }.map(\.offset)
        #expect(covered == expected)
    }

    @Test
    func endsWithoutALineFeedOrSpace() {
        #expect(assembly([["one"], ["two"]]).text == "one\ntwo")
        #expect(assembly([]).text == "")
    }

    @Test
    func beginsAParagraphAfterAShortLineThatEndsASentence() {
        let lines = [
            line("a long line of many words", top: 0), line("ends here.", top: 30), line("another line of many words", top: 60),
        ]
        #expect(Paragraphs.divide(lines).map(\.count) == [2, 1])
    }
}

@Suite
struct ProseTests {
    private func isProse(_ text: String) -> Bool { Prose.isProse(text.split(separator: " ").map(String.init)) }

    @Test
    func tellsProseFromNamesAndListsOfContents() {
        #expect(isProse("We study how machines read the pages of books, and which of them are read well by all."))
        #expect(
            !isProse("Ada Lovelace, Department of Machines, University of London, and Charles Babbage, Cambridge Road 1, London W1")
        )
        #expect(!isProse("aims of the work ............ 1 what was done before ........ 7 how machines read ......... 12"))
    }
}

@Suite
struct HyphenationTests {
    private let valid: Set<String> = [
        "function", "state", "art", "term", "network", "self", "supervised", "multimodal", "long", "high",
    ]

    @Test(arguments: [
        ("func-", "tion", false), ("COVID-", "19", true), ("state-of-", "the", true), ("state-", "art", true),
        ("Smith-", "Jones", true),
        ("self-", "supervised", true), ("unheard", "of-", true), ("xyz-", "zy", false), ("anti-func-", "tion", false),
        ("multi-", "modal", false),
    ])
    func keepsAHyphenThatBelongsToTheWord(first: String, second: String, keeps: Bool) {
        guard first.hasSuffix("-") else { return #expect(!Hyphenation.continues(first)) }
        #expect(Hyphenation(words: [], isValid: valid.contains).keepsHyphen(first, second) == keeps)
    }

    @Test
    func followsHowTheWordIsPrintedElsewhere() {
        #expect(Hyphenation(words: ["(data-driven)"], isValid: { _ in true }).keepsHyphen("data-", "driven,"))
        #expect(!Hyphenation(words: ["Dataset."], isValid: { _ in false }).keepsHyphen("data-", "set"))
    }

    @Test(arguments: [("word-", true), ("word", false), ("-", false), ("—", false), ("3-", true)])
    func continuesOnlyAfterALetterOrDigit(word: String, continues: Bool) {
        #expect(Hyphenation.continues(word) == continues)
    }
}

@Suite
struct HeadingWordsTests {
    @Test(arguments: [
        "Abstract", "ABSTRACT", "Abstract:", "Abstract—We", "A B S T R A C T", "Abstract We", "Résumé", "Absrract", "Abstract . We",
    ])
    func knowsAnAbstractsHeading(text: String) {
        #expect(HeadingWords.beginsAbstract(text.split(separator: " ").map(String.init)))
    }

    @Test(arguments: ["Summary statistics are", "Abstraction", "We abstract", "A B C", "", "Introduction", "—"])
    func takesNothingElseForOne(text: String) {
        #expect(!HeadingWords.beginsAbstract(text.split(separator: " ").map(String.init)))
    }

    @Test(arguments: [
        "Keywords: a, b", "Keywords—ocean", "KEY WORDS a", "Index Terms—b", "1 Introduction", "1. Introduction", "I. INTRODUCTION",
    ])
    func knowsWhatEndsAnAbstract(text: String) {
        #expect(HeadingWords.follower(at: text.split(separator: " ").map(String.init)) != nil)
    }

    @Test(arguments: ["introduction of new words", "Citation counts rise", "1 of them", "Background: We", "Received wisdom has it"])
    func takesNoSentenceForAnEnd(text: String) {
        #expect(HeadingWords.follower(at: text.split(separator: " ").map(String.init)) == nil)
    }

    @Test
    func trimsTheHeadingAndWhatFollows() {
        let lines = ["Abstract—We read.", "It works.", "Keywords: reading", "more"].map { text in
            text.split(separator: " ").map {
                RecognizedWord(text: String($0), confidence: 90, box: PixelBox(left: 0, top: 0, right: 110, bottom: 20))
            }
        }
        let trimmed = AbstractTrimming.trim([lines])
        #expect(trimmed.lines.map { $0.map(\.text) } == [["We", "read."], ["It", "works."]])
        #expect(trimmed.lines[0][0].box.left == 90)
        #expect(trimmed.follower == "keywords")
    }
}
