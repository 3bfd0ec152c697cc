import Testing

@testable import PageReading

@Suite(.timeLimit(.minutes(1)))
struct AbstractFinderTests {
    /// Title and authors over the page.
    private func pageWithTitle() -> PrintedPage {
        var page = PrintedPage()
        page.add("A Study of Reading Machines", left: 350, top: 100, size: 2)
        page.add("Ada Lovelace and Charles Babbage", left: 450, top: 200)
        return page
    }

    private func addTwoColumns(to page: inout PrintedPage, top: Int, heading: String = "1 Introduction") {
        page.add(heading, left: 110, top: top, size: 1.3)
        page.addProse(lineCount: 20, left: 110, right: 620, top: top + 50)
        page.addProse(lineCount: 22, left: 650, right: 1160, top: top, opening: "text of the")
    }

    @Test(arguments: ["Abstract", "ABSTRACT", "Summary", "Zusammenfassung", "A B S T R A C T", "Absrract"])
    func takesTheBlockUnderAHeading(heading: String) throws {
        var page = pageWithTitle()
        page.add(heading, left: 560, top: 300)
        page.addProse(lineCount: 6, left: 180, right: 1090, top: 340)
        addTwoColumns(to: &page, top: 600)
        #expect(try page.tops() == Array(stride(from: 340, to: 490, by: 25)))
    }

    @Test(arguments: ["Abstract— We study", "Abstract. We study", "ABSTRACT: We study", "Summary: We study", "Abstract—This paper"])
    func takesTheBlockThatBeginsWithAHeading(opening: String) throws {
        var page = pageWithTitle()
        page.addProse(lineCount: 8, left: 110, right: 620, top: 320, opening: opening)
        page.add("Index Terms—reading, machines", left: 130, top: 532)
        page.addProse(lineCount: 20, left: 650, right: 1160, top: 320, opening: "text of the")
        #expect(try page.tops() == Array(stride(from: 320, to: 520, by: 25)))
    }

    @Test(arguments: [
        "Keywords: reading", "Key words reading", "Index Terms—reading", "CCS Concepts: reading", "Schlüsselwörter: Lesen",
    ])
    func endsBeforeWhatFollowsAnAbstract(follower: String) throws {
        var page = pageWithTitle()
        page.add("Abstract", left: 560, top: 300)
        page.addProse(lineCount: 6, left: 180, right: 1090, top: 340)
        page.add(follower, left: 180, top: 500)
        let finding = try #require(try page.finding())
        #expect(finding.parts.flatMap { $0 }.count == 6)
        #expect(finding.ending != .columnEnds)
        #expect(finding.confidence > 0.9)
    }

    @Test
    func keepsTheHeadingsOfAStructuredAbstract() throws {
        var page = pageWithTitle()
        page.add("Abstract", left: 110, top: 300)
        page.addProse(lineCount: 3, left: 110, right: 1160, top: 340, opening: "Background: We")
        page.addProse(lineCount: 3, left: 110, right: 1160, top: 425, opening: "Methods: We")
        page.add("Keywords: reading", left: 110, top: 520)
        #expect(try page.tops() == [340, 365, 390, 425, 450, 475])
    }

    @Test
    func staysBesideAnInfoColumn() throws {
        var page = pageWithTitle()
        page.add("A R T I C L E I N F O", left: 110, top: 300)
        for index in 0..<5 { page.add("Received 2020", left: 110, top: 340 + 25 * index) }
        page.add("A B S T R A C T", left: 450, top: 300)
        page.addProse(lineCount: 6, left: 450, right: 1160, top: 340)
        addTwoColumns(to: &page, top: 600)
        let finding = try #require(try page.finding())
        #expect(finding.parts.flatMap { $0 }.allSatisfy { $0.box.left >= 450 })
        #expect(finding.parts.flatMap { $0 }.count == 6)
    }

    @Test
    func followsAnAbstractIntoTheNextColumn() throws {
        var page = pageWithTitle()
        page.add("Abstract", left: 110, top: 1000, size: 1.2)
        page.addProse(lineCount: 18, left: 110, right: 620, top: 1050)
        page.add("of the last line that goes on to the very next column yet", left: 110, top: 1500)
        page.addProse(lineCount: 5, left: 650, right: 1160, top: 1000, opening: "the rest of it")
        page.add("Keywords: reading", left: 650, top: 1135)
        page.addProse(lineCount: 14, left: 650, right: 1160, top: 1200)
        let finding = try #require(try page.finding())
        #expect(finding.parts.map(\.count) == [19, 5])
    }

    @Test
    func takesTheIndentedBlockOfALetterWithoutHeading() throws {
        var page = pageWithTitle()
        page.addProse(lineCount: 7, left: 230, right: 1040, top: 300)
        page.addProse(lineCount: 20, left: 110, right: 620, top: 530, opening: "Text of the")
        page.addProse(lineCount: 20, left: 650, right: 1160, top: 530, opening: "text of the")
        let finding = try #require(try page.finding())
        #expect(finding.parts.flatMap { $0 }.count == 7)
        #expect(finding.evidence == .form)
        #expect(finding.confidence < 0.9)
    }

    @Test
    func findsNothingOnAPageOfText() throws {
        var page = PrintedPage()
        page.addProse(lineCount: 40, left: 110, right: 620, top: 150, opening: "text of the")
        page.addProse(lineCount: 40, left: 650, right: 1160, top: 150, opening: "text of the")
        #expect(try page.finding() == nil)
    }

    @Test
    func findsNothingOnAnEmptyPage() throws {
        #expect(try PrintedPage().finding() == nil)
    }

    @Test
    func takesNoSentenceForAHeading() throws {
        var page = PrintedPage()
        page.addProse(lineCount: 12, left: 110, right: 1160, top: 150, opening: "Summary statistics are shown")
        #expect(try page.finding() == nil)
    }

    @Test
    func takesNoLastSectionForAnAbstract() throws {
        var page = PrintedPage()
        page.addProse(lineCount: 20, left: 110, right: 1160, top: 150, opening: "text of the")
        page.add("Summary", left: 110, top: 700, size: 1.2)
        page.addProse(lineCount: 8, left: 110, right: 1160, top: 740)
        #expect(try page.finding() == nil)
    }

    @Test
    func passesOverACopyrightNotice() throws {
        var page = pageWithTitle()
        page.addProse(lineCount: 4, left: 180, right: 1130, top: 280, opening: "Copyright 2020 by the authors")
        page.addProse(lineCount: 7, left: 180, right: 1130, top: 420)
        addTwoColumns(to: &page, top: 680, heading: "1. Introduction")
        #expect(try page.tops()?.first == 420)
    }
}
