import Annotations
import GroundTruth
import PageReading
import Storage
import SystemPackage
import Testing

@testable import Pipeline

@Suite(.timeLimit(.minutes(1)))
struct PageMetadataTests {
    private func csv(_ text: String) throws(MetadataError) -> PageMetadata {
        try PageMetadata(parsing: Array(text.utf8), name: "m.csv")
    }
    private func jsonl(_ text: String) throws(MetadataError) -> PageMetadata {
        try PageMetadata(parsing: Array(text.utf8), name: "m.jsonl")
    }

    @Test(arguments: [
        ("file,Author\np1.jpg,Nørd\n", #"{"Author":"Nørd"}"#), ("Author,file\nNørd,p1.jpg", #"{"Author":"Nørd"}"#),
        ("file,b,a\r\np1.jpg,2,1\r\n", #"{"a":"1","b":"2"}"#),
        ("file,t\np1.jpg,\"a, \"\"b\"\"\r\nc\"\n", #"{"t":"a, \"b\"\r\nc"}"#), ("\u{FEFF}file,t\np1.jpg,x\n", #"{"t":"x"}"#),
        ("file,t\n\n\np1.jpg,\n\n", #"{"t":""}"#),
        ("file,t\n\"p1.jpg\",\"\"\n", #"{"t":""}"#), ("file\np1.jpg\n", "{}"), ("file,t\np1.jpg, x \n", #"{"t":" x "}"#),
    ])
    func readsCSV(text: String, expected: String) throws {
        #expect(try csv(text).matched(to: ["p1.jpg"])["p1.jpg"]?.text == expected)
    }

    @Test(arguments: [
        ("", "m.csv:1"), ("name,t\nx,y\n", "m.csv:1"), ("file,t\np1.jpg\n", "m.csv:2: 1 fields, the header has 2"),
        ("file,t\np1.jpg,a,b\n", "m.csv:2: 3 fields"),
        ("file,t\np1.jpg,x\np1.jpg,y\n", "m.csv:3: `p1.jpg` has a row already"),
        ("file,t\n\"a\nb\",x\np1.jpg\n", "m.csv:4: 1 fields"), ("file,t\np1.jpg,a\"b\n", "m.csv:2: a quote inside"),
        ("file,t\np1.jpg,\"a\n", "m.csv:2: a quote that is not closed"), ("file,t\np1.jpg,\"a\"b\"c\n", "m.csv:2"),
        ("file,t\np1.jpg,\"a\"b\n", "m.csv:2: text after the quote"),
        ("file,t,t\np1.jpg,a,b\n", "m.csv:1: two columns are called `t`"),
    ])
    func namesBadRowsOfCSV(text: String, message: String) {
        let error = #expect(throws: MetadataError.self) { try csv(text) }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test func namesTheLineThatIsNotUTF8() {
        let error = #expect(throws: MetadataError.self) {
            try PageMetadata(parsing: Array("file,t\np1.jpg,".utf8) + [0xE9, 0x0A], name: "m.CSV")
        }
        #expect(error?.message == "m.CSV:2: not UTF-8")
    }

    @Test func readsJSONLinesAsTheyAre() throws {
        let metadata = try jsonl("{\"n\": 1.0, \"file\":\"a/p1.jpg\",\"s\":\"\\u00e9\"}\r\n\n{\"file\":\"p2.jpg\"}").matched(to: [
            "a/p1.jpg", "p2.jpg",
        ])
        #expect(metadata["a/p1.jpg"]?.text == #"{"n": 1.0,"s":"\u00e9"}"#)
        #expect(metadata["p2.jpg"]?.text == "{}")
    }

    @Test(arguments: [
        ("{}", "m.jsonl:1: expected an object with a string `file`"), ("\n{\"file\":5}", "m.jsonl:2"), ("[]", "m.jsonl:1"),
        ("\n\nnonsense", "m.jsonl:3: not JSON"),
        ("{\"file\":\"a\"}\n{\"file\":\"a\"}", "m.jsonl:2: `a` has a row already"),
    ])
    func namesBadJSONLines(text: String, message: String) {
        let error = #expect(throws: MetadataError.self) { try jsonl(text) }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test func givesRowsToPagesByPathElseByUniqueBaseName() throws {
        let metadata = try csv("file,t\na/p1.jpg,a1\nb/p1.jpg,b1\np2.jpg,2\np3.jpg,3\nc/p4.jpg,c4\np5.jpg,root\n")
        let match = metadata.matched(to: [
            "a/p1.jpg", "c/p1.jpg", "x/y/p2.jpg", "d/p3.jpg", "e/p3.jpg", "d/p4.jpg", "p5.jpg", "d/p5.jpg",
        ])
        #expect(match["a/p1.jpg"]?.text == #"{"t":"a1"}"#)
        #expect(match["c/p1.jpg"] == nil, "a row with a folder is about that folder's page only")
        #expect(match["x/y/p2.jpg"]?.text == #"{"t":"2"}"#)
        #expect(match["d/p3.jpg"] == nil && match["e/p3.jpg"] == nil, "two pages have this base name")
        #expect(match["d/p4.jpg"] == nil)
        #expect(match["p5.jpg"]?.text == #"{"t":"root"}"# && match["d/p5.jpg"] == nil)
        #expect(match.unused == ["b/p1.jpg", "p3.jpg", "c/p4.jpg"])
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ReadingPlanTests {
    private let folder: TestStore

    init() throws { folder = try TestStore() }

    private func s3(_ text: String) throws -> ObjectURI { try ObjectURI(received: text) }

    private func plan(_ inputs: [String], root: String? = nil) async throws -> ReadingPlan {
        var plan = ReadingPlan(store: folder.store, root: try root.map { try s3($0) })
        for input in inputs { try await plan.add(s3(input), typed: input) }
        await plan.expand(.all, documents: OpenDocuments(store: folder.store, capacity: 2))
        return plan
    }

    private func put(_ names: String...) async throws {
        for name in names { try await folder.put("x", to: "s3://papers/\(name)") }
    }

    @Test func walksFoldersAndSkipsWhatIsNoImage() async throws {
        try await put("in/b.JPG", "in/a/p.png", "in/a.tif", "in/x.pdf", "in/notes.txt", "in/noending", "in/dir.jpg/readme")
        let plan = try await plan(["s3://papers/in"])
        #expect(plan.sources.map(\.name) == ["a.tif", "a/p.png", "b.JPG", "x.pdf"])
        #expect(plan.sources.map(\.imageName) == ["a.tif.p0001.png", "a/p.png", "b.JPG", "x.pdf.p0001.png"])
        #expect(plan.sources.map { "\($0.document)" }.first == "s3://papers/in/a.tif")
        #expect(plan.skippedFiles == 3)
    }

    @Test func skipsImagesThatAnEarlierRunMadeOfTIFF() async throws {
        try await put("in/a.tif", "in/a.tif.p0001.png", "in/a.tif.p0001.png.page.json", "in/a.tif.p0002.png", "in/c.p1.png")
        let plan = try await plan(["s3://papers/in"])
        #expect(plan.sources.map(\.name) == ["a.tif", "a.tif.p0002.png", "c.p1.png"], "a page of one's own has no record")
        #expect(plan.skippedFiles == 2)
    }

    @Test func aDocumentThatCannotBeOpenedStaysAsTheFirstPageAskedFor() async throws {
        try await folder.put("%PDF-1.4 broken", to: "s3://papers/in/a.pdf")
        var plan = ReadingPlan(store: folder.store, root: nil)
        try await plan.add(s3("s3://papers/in"), typed: "in")
        await plan.expand(try #require(PageSelection("5,2-3")), documents: OpenDocuments(store: folder.store, capacity: 2))
        #expect(plan.sources.map(\.page) == [2])
        #expect(plan.withoutSelectedPages.isEmpty)
    }

    @Test func twoSpellingsOfOneLetterAreTwoPages() async throws {
        var plan = try await read(["/a/\u{E9}.png", "/b/e\u{301}.png"])
        try plan.settle()
        #expect(plan.sources.count == 2)
    }

    @Test func namesMissingInputsAndGoesOn() async throws {
        try await put("in/b.jpg")
        let plan = try await plan(["s3://papers/nothing", "s3://papers/in/b.jpg"])
        #expect(plan.missingInputs == ["s3://papers/nothing"])
        #expect(plan.sources.map(\.name) == ["b.jpg"])
    }

    @Test func dropsPagesNamedTwiceAndKeepsTheOrder() async throws {
        try await put("in/b.jpg", "in/a.jpg")
        var plan = try await plan(["s3://papers/in/b.jpg", "s3://papers/in", "s3://papers/in/a.jpg"])
        try plan.settle()
        #expect(plan.sources.map(\.name) == ["b.jpg", "a.jpg"])
    }

    @Test func refusesTwoSourcesForOneName() async throws {
        try await put("x/p.jpg", "y/p.jpg")
        var plan = try await plan(["s3://papers/x", "s3://papers/y"])
        let error = #expect(throws: PlanError.self) { try plan.settle() }
        #expect(error?.message.contains("s3://papers/x/p.jpg and s3://papers/y/p.jpg both become p.jpg") == true)
        #expect(error?.message.contains("--root") == true)
    }

    @Test func refusesATIFFBesideAnImageOfItsName() async throws {
        try await put("x/p.tif", "y/p.tif.p0001.png")
        var plan = try await plan(["s3://papers/x/p.tif", "s3://papers/y/p.tif.p0001.png"])
        #expect(throws: PlanError.self) { try plan.settle() }
    }

    @Test func aCommonRootKeepsNamesApart() async throws {
        try await put("x/p.jpg", "y/p.jpg")
        var plan = try await plan(["s3://papers/x", "s3://papers/y/p.jpg"], root: "s3://papers/")
        try plan.settle()
        #expect(plan.sources.map(\.name) == ["x/p.jpg", "y/p.jpg"])
        await #expect(throws: PlanError.self) { _ = try await self.plan(["s3://papers/x"], root: "s3://papers/z") }
    }

    // MARK: Standard input

    private func read(_ lines: [String]) async throws -> ReadingPlan {
        var plan = ReadingPlan(store: folder.store, root: nil)
        for (index, line) in lines.enumerated() {
            try plan.add(line: LineSplitter.Line(number: index + 1, bytes: Array(line.utf8))) {
                try ObjectURI(typed: $0, currentFolder: "/here")
            }
        }
        return plan
    }

    @Test func readsURIsPathsAndManifestLines() async throws {
        let plan = try await read(["s3://papers/a/p1.jpg", "", "b/p2.png", "  ", #" {"source-ref":"s3://papers/p3.jpg","n":1.0}"#])
        #expect(plan.sources.map { "\($0.document)" } == ["s3://papers/a/p1.jpg", "file:///here/b/p2.png", "s3://papers/p3.jpg"])
        #expect(plan.sources.map(\.name) == ["p1.jpg", "p2.png", "p3.jpg"])
        #expect(
            plan.sources.map { $0.givenLine.map { Array($0.raw).text } } == [
                nil, nil, #"{"source-ref":"s3://papers/p3.jpg","n":1.0}"#,
            ])
        #expect(plan.badLines.isEmpty)
    }

    @Test(arguments: [
        (#"{"source-ref":"file:///etc/passwd"}"#, "file:///etc/passwd"), (#"{"source-ref":"p1.jpg"}"#, "p1.jpg"),
        (#"{"source":"x"}"#, "source-ref"), ("{", "not-json"),
        ("{'source-ref': 's3://papers/p'}", "Python"), ("http://x/y.jpg", "http://x/y.jpg"), ("s3://x/y.jpg", "bucket name"),
    ])
    func aBadLineIsNamedAndTheRestIsRead(line: String, name: String) async throws {
        let plan = try await read(["s3://papers/p1.jpg", line, "s3://papers/p2.jpg"])
        #expect(plan.sources.map(\.name) == ["p1.jpg", "p2.jpg"])
        #expect(plan.badLines.map(\.line) == [2])
        #expect(plan.badLines.first?.reason.contains(name) == true)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ReadingRegionTests {
    @Test(arguments: ["abstract", "page", "0.1,0.2,0.5,0.25", "0.0,0.0,1.0,1.0"]) func readsBack(text: String) throws {
        #expect(try #require(ReadingRegion(text)).description == text)
    }

    @Test func readsABox() {
        #expect(ReadingRegion("0.1,.2,0.5,0.8") == .box(NormalizedBox(left: 0.1, top: 0.2, width: 0.5, height: 0.8)))
    }

    @Test(arguments: [
        "", "Abstract", "0,0,1", "0,0,1,1,1", "0,0,0,1", "0,0,1,0", "-0.1,0,0.5,0.5", "0.6,0,0.5,1", "0,0.6,1,0.5", "a,b,c,d",
        "nan,0,1,1", "0,0,inf,1", "0, 0,1,1",
    ])
    func refusesOtherRegions(text: String) { #expect(ReadingRegion(text) == nil) }
}

@Suite(.timeLimit(.minutes(1)))
struct PageRecordTests {
    private let settings = ReadingSettings(region: .abstract, language: "eng", engine: "test 1")

    private func record(_ status: PageStatus) -> PageRecord {
        PageRecord(
            status: status, sourceSHA256: "aa", settings: settings.json.bytes,
            text: .init(characters: 6, confidence: 0.96, sha256: "bb", regions: .array(samplePage.regions.map(\.json))))
    }

    @Test(arguments: [PageStatus.found, .notFound]) func comesBackFromItsBytes(status: PageStatus) throws {
        let read = try #require(PageRecord(parsing: record(status).json(content: samplePage)))
        #expect(read.status == status)
        #expect(read.sourceSHA256 == "aa")
        #expect(read.settings == settings.json.bytes)
        #expect(read.text?.characters == 6 && read.text?.confidence == 0.96 && read.text?.sha256 == "bb")
        #expect(read.text?.regions.bytes.text == #"[{"Height":0.2,"Left":0.1,"Top":0.3,"Width":0.4}]"#)
    }

    @Test func aFailureComesBackWithItsReason() throws {
        let failed = PageRecord(status: .failed(reason: "truncated"), sourceSHA256: "aa", settings: settings.json.bytes)
        let read = try #require(PageRecord(parsing: failed.json(content: nil)))
        #expect(read.status == .failed(reason: "truncated"))
        #expect(read.text == nil)
    }

    @Test func hasTextractsBlocksAndTheWordsPlaces() throws {
        let value = try JSONScanner.parse(record(.found).json(content: samplePage))
        let blocks = try #require(value["Blocks"]?.array)
        #expect(blocks.map { $0["BlockType"]?.string } == ["PAGE", "LINE", "WORD", "WORD"])
        #expect(blocks.map { $0["Id"]?.string } == ["page-1", "line-1", "word-1", "word-2"])
        #expect(blocks[1]["Relationships"]?.array?.first?["Ids"]?.array?.map(\.string) == ["word-1", "word-2"])
        #expect(blocks[1]["Confidence"]?.double == 93.25)
        #expect(blocks[2]["Geometry"]?["BoundingBox"]?["Left"]?.double == 0.1)
        #expect(blocks[2]["Geometry"]?["Polygon"]?.array?.count == 4)
        let map = try #require(value["TextMap"])
        #expect(map["OffsetUnit"]?.string == "scalar")
        #expect(map["JoinedHyphens"]?.array?.map(\.int) == [2])
        let text = DocumentText(samplePage.text)
        let words = try #require(map["Words"]?.array).map { word in
            text.slice(ScalarOffset(try #require(word["StartOffset"]?.int))..<ScalarOffset(try #require(word["EndOffset"]?.int)))
        }
        #expect(words == ["Café", "🧪"])
    }

    @Test(arguments: [
        "", "{}", "nonsense", #"{"settings":{},"source-sha256":"aa","status":"new"}"#,
        #"{"settings":{},"source-sha256":"aa","status":"found"}"#,
    ])
    func whatIsNoRecordIsNone(text: String) { #expect(PageRecord(parsing: Array(text.utf8)) == nil) }

    @Test func everySettingIsPartOfTheRecord() {
        let others = [
            ReadingSettings(region: .page, language: "eng", engine: "test 1"),
            ReadingSettings(region: .abstract, language: "deu", engine: "test 1"),
            ReadingSettings(region: .abstract, language: "eng", engine: "test 2"),
        ]
        #expect(Set((others + [settings]).map(\.json.bytes)).count == 4)
    }
}

/// What reader processes and their owner say to each other.
@Suite(.timeLimit(.minutes(1)))
struct ReaderMessageTests {
    @Test func contentComesBack() throws {
        guard case .content(let content)? = ReaderReply(json: ReaderReply.content(samplePage).json) else {
            Issue.record("expected content")
            return
        }
        #expect(content == samplePage)
    }

    @Test func aFailureComesBack() {
        guard case .failure(let code, let message)? = ReaderReply(json: ReaderReply.failure(code: "c", message: "m").json) else {
            Issue.record("expected a failure")
            return
        }
        #expect((code, message) == ("c", "m"))
    }

    @Test(arguments: [ReadingRegion.abstract, .page, .box(NormalizedBox(left: 0.25, top: 0, width: 0.5, height: 1))])
    func aRequestComesBack(region: ReadingRegion) throws {
        let read = try #require(ReaderRequest(json: ReaderRequest(page: 2, region: region, picture: .explanation).json))
        #expect((read.page, read.picture) == (2, .explanation))
        #expect(read.region == region)
    }

    /// A reader that decodes hostile images is not trusted.
    @Test(arguments: [
        (#""confidence":0.96"#, #""confidence":1e999"#), (#""confidence":0.96"#, #""confidence":2"#),
        (#""width":1000"#, #""width":0"#), (#""joinedHyphens":[2]"#, #""joinedHyphens":[7]"#),
        (",0,4,", ",0,40,"), (",0,4,", ",4,0,"), (",0,4,", ",-1,4,"), (#""status":"found""#, #""status":"x""#), ("96.5", "196.5"),
        (#""regions":[[0.1"#, #""regions":[[1.5"#), (#""lines":"#, #""line":"#),
    ])
    func aReplyOutOfBoundsIsNone(part: String, replacement: String) throws {
        let json = ReaderReply.content(samplePage).json.text
        let changed = json.replacing(part, with: replacement)
        try #require(changed != json)
        #expect(ReaderReply(json: Array(changed.utf8)) == nil)
    }

    @Test(arguments: [0, 1, 255, 256, 70_000]) func frameHeadersComeBack(count: Int) {
        #expect(Frame.length(Frame.header(of: [UInt8](repeating: 0, count: count))) == count)
    }

    @Test func aFrameBeyondTheLimitIsNone() { #expect(Frame.length([0x40, 0, 0, 1]) == nil) }
}
