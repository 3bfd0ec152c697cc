import GroundTruth
import Storage
import Testing

@testable import Pipeline

@Suite(.timeLimit(.minutes(1)))
struct ManifestBuildTests {
    private let folder: TestStore

    init() throws { folder = try TestStore() }

    private func build(_ metadata: PageMetadata? = nil) async throws -> ManifestBuild.Outcome {
        try await ManifestBuild(store: folder.store).run(
            images: ObjectURI(received: "s3://papers/pages"), texts: ObjectURI(received: "s3://papers/text"), textSuffix: ".txt",
            metadata: metadata,
            output: ObjectURI(received: "s3://papers/out.manifest"))
    }

    @Test func joinsImagesWithTheirTextsByFullPath() async throws {
        for name in ["a/p1.jpg", "b/p1.jpg", "p2.png", "notes.md"] { try await folder.put("x", to: "s3://papers/pages/\(name)") }
        for name in ["a/p1.jpg.txt", "p2.png.txt", "p3.jpg.txt", "p2.png.page.json"] {
            try await folder.put("x", to: "s3://papers/text/\(name)")
        }
        let outcome = try await build(try PageMetadata(parsing: Array("file,Author\na/p1.jpg,N\n".utf8), name: "m.csv"))
        #expect(
            try await folder.lines("s3://papers/out.manifest") == [
                #"{"source-ref":"s3://papers/pages/a/p1.jpg","metadata":{"Author":"N"},"text-file-s3-uri":"s3://papers/text/a/p1.jpg.txt"}"#,
                #"{"source-ref":"s3://papers/pages/p2.png","text-file-s3-uri":"s3://papers/text/p2.png.txt"}"#,
            ])
        #expect(outcome.lines == 2)
        #expect(
            outcome.findings == [
                "no-text: s3://papers/pages/b/p1.jpg has no text s3://papers/text/b/p1.jpg.txt; it is not in the manifest",
                "no-image: s3://papers/text/p3.jpg.txt has no image; it is not in the manifest",
            ])
    }

    @Test func takesEveryPageOfADocumentThatHasAText() async throws {
        try await folder.put("x", to: "s3://papers/pages/x.pdf")
        for page in ["p0001", "p0003", "p0010"] { try await folder.put("x", to: "s3://papers/text/x.pdf.\(page).png.txt") }
        let outcome = try await build()
        #expect(outcome.lines == 3 && outcome.findings.isEmpty)
        let pages = try await folder.lines("s3://papers/out.manifest").map { try manifestLine($0)["page"]?.int }
        #expect(pages == [1, 3, 10])
    }

    @Test func whatItMakesHasNoFindings() async throws {
        try await folder.put("x", to: "s3://papers/pages/p1.jpg")
        try await folder.put("x", to: "s3://papers/text/p1.jpg.txt")
        _ = try await build()
        var splitter = LineSplitter()
        var validator = ManifestValidator()
        let lines = splitter.append(Array(try await folder.text("s3://papers/out.manifest").utf8))
        #expect(lines.flatMap { validator.check($0).findings }.isEmpty)
        #expect(lines.count == 1)
    }

    @Test func aFolderThatIsNotThereIsNamed() async throws {
        let error = await #expect(throws: StorageError.self) { _ = try await build() }
        #expect(error?.message.contains("s3://papers/pages") == true)
        #expect(try await folder.names("s3://papers/out.manifest").isEmpty)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ManifestMergeTests {
    private let folder: TestStore

    init() throws { folder = try TestStore() }

    private func merge(_ files: [[String]], key: String = "source-ref", preferred: Int? = nil) async throws -> (
        lines: [String], findings: [String]
    ) {
        var inputs: [ManifestMerge.Input] = []
        for (index, lines) in files.enumerated() {
            let uri = "s3://papers/m\(index)"
            try await folder.put(lines: lines, to: uri)
            inputs.append(.init(uri: try ObjectURI(received: uri), name: "m\(index)"))
        }
        var findings: [String] = []
        let merge = ManifestMerge(store: folder.store, key: key, preferred: preferred.map { inputs[$0].uri })
        let count = try await merge.run(inputs, output: ObjectURI(received: "s3://papers/out")) { findings.append($0.description) }
        let lines = try await folder.lines("s3://papers/out")
        #expect(lines.count == count)
        return (lines, findings)
    }

    @Test func unitesAttributesInTheOrderOfFirstAppearance() async throws {
        let result = try await merge([
            [#"{"source-ref":"s3://b/2", "a":1.0}"#, #"{"source-ref":"s3://b/1"}"#],
            [
                #"{"z":{ "y":1e3 },"source-ref":"s3://b/1"}"#, #"{"b":"\u00e9","source-ref":"s3://b/2"}"#,
                #"{"source-ref":"s3://b/3"}"#,
            ],
        ])
        #expect(
            result.lines == [
                #"{"source-ref":"s3://b/2", "a":1.0,"b":"\u00e9"}"#, #"{"source-ref":"s3://b/1","z":{ "y":1e3 }}"#,
                #"{"source-ref":"s3://b/3"}"#,
            ])
        #expect(result.findings.isEmpty)
    }

    @Test func aConflictIsAFindingAndTheEarlierValueStays() async throws {
        let result = try await merge([[#"{"source-ref":"s3://b/1","a":1}"#], [#"{"source-ref":"s3://b/1","a":2}"#]])
        #expect(result.lines == [#"{"source-ref":"s3://b/1","a":1}"#])
        #expect(result.findings == ["m1:1: conflict: `a` is 2, m0:1 has 1; the earlier value stays (--prefer FILE decides)"])
    }

    @Test(arguments: [(0, "1"), (1, "2"), (2, "3")]) func thePreferredFileWins(preferred: Int, value: String) async throws {
        let files = (1...3).map { [#"{"source-ref":"s3://b/1","a":\#($0)}"#] }
        let result = try await merge(files, preferred: preferred)
        #expect(result.lines == [#"{"source-ref":"s3://b/1","a":\#(value)}"#])
        #expect(result.findings.count == (preferred == 2 ? 1 : 0))
    }

    @Test func aConflictInsideThePreferredFileIsAFinding() async throws {
        let files = [
            [#"{"source-ref":"s3://b/1","a":1}"#, #"{"source-ref":"s3://b/1","a":2}"#], [#"{"source-ref":"s3://b/1","a":3}"#],
        ]
        let result = try await merge(files, preferred: 0)
        #expect(result.lines == [#"{"source-ref":"s3://b/1","a":1}"#])
        #expect(result.findings.map { $0.split(separator: ": ")[1] } == ["duplicate-object", "conflict"])
    }

    @Test func aKeyThatNoLineHasWritesNothing() async throws {
        await #expect(throws: PlanError.self) { _ = try await merge([[#"{"source-ref":"s3://b/1"}"#]], key: "id") }
        #expect(try await folder.names("s3://papers/").contains("out") == false)
    }

    @Test func equalValuesWrittenDifferentlyAreNoConflict() async throws {
        let result = try await merge([
            [#"{"source-ref":"s3://b/1","m":{"a":1,"b":"é"}}"#], [#"{"m":{ "b":"\u00e9", "a":1 },"source-ref":"s3://b/1"}"#],
        ])
        #expect(result.findings.isEmpty)
        #expect(result.lines == [#"{"source-ref":"s3://b/1","m":{"a":1,"b":"é"}}"#])
    }

    @Test func joinsByAnotherKey() async throws {
        let result = try await merge([[#"{"id":"x","a":1}"#], [#"{"id":"x","b":2}"#, #"{"source-ref":"s3://b/1"}"#]], key: "id")
        #expect(result.lines == [#"{"id":"x","a":1,"b":2}"#])
        #expect(result.findings == ["m1:2: no-key: no string under `id`; the line is left out"])
    }

    @Test func badLinesAreNamedAndLeftOut() async throws {
        let result = try await merge([
            [
                "{", "", "{'source-ref': 'x'}", "[]", #"{"source-ref":5}"#, #"{"source-ref":"s3://b/1"}"#,
                #"{"source-ref":"s3://b/1"}"#,
            ]
        ])
        #expect(result.lines == [#"{"source-ref":"s3://b/1"}"#])
        #expect(
            result.findings.map { $0.split(separator: ": ").prefix(2).joined(separator: ": ") } == [
                "m0:1: not-json", "m0:3: python-quoting", "m0:4: not-an-object", "m0:5: no-key", "m0:7: duplicate-object",
            ])
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ManifestUpdateTests {
    private let folder: TestStore

    init() throws { folder = try TestStore() }

    private func update(_ lines: [String]) async throws -> [String] {
        let spool = try LineSpool()
        var references: [ObjectURI] = []
        for (index, line) in lines.enumerated() {
            try spool.keep(Array(line.utf8), at: index)
            references.append(try ObjectURI(received: try #require(manifestLine(line).string("source-ref"))))
        }
        let manifest = try ObjectURI(received: "s3://papers/m")
        try await ManifestUpdate(store: folder.store, manifest: manifest)
            .run(references, lines: spool, writer: folder.store.writer(to: manifest))
        return try await folder.lines("s3://papers/m")
    }

    @Test func theFirstRunMakesTheManifest() async throws {
        let lines = [#"{"source-ref":"s3://b-1/2","page":1}"#, #"{"source-ref":"s3://b-1/1"}"#]
        #expect(try await update(lines) == lines)
    }

    @Test func otherPagesStayByteForByteAndNewOnesFollow() async throws {
        try await folder.put(
            "{\"source-ref\":\"s3://b-1/9\", \"n\":1.0}\r\nnonsense\n{\"source-ref\":\"s3://b-1/1\",\"text-file-s3-uri\":\"old\",\"page\":7,\"mine\":1e3}\nno end",
            to: "s3://papers/m")
        let lines = try await update([#"{"source-ref":"s3://b-1/2"}"#, #"{"source-ref":"s3://b-1/1","text-file-s3-uri":"new"}"#])
        #expect(
            lines == [
                #"{"source-ref":"s3://b-1/9", "n":1.0}"#, "nonsense",
                #"{"source-ref":"s3://b-1/1","mine":1e3,"text-file-s3-uri":"new"}"#, "no end",
                #"{"source-ref":"s3://b-1/2"}"#,
            ])
    }

    @Test func everyLineOfAPageIsBroughtUpToDate() async throws {
        try await folder.put(
            lines: [#"{"source-ref":"s3://b-1/1","a":1}"#, #"{"source-ref":"s3://b-1/1","a":2}"#], to: "s3://papers/m")
        let lines = try await update([#"{"source-ref":"s3://b-1/1","text-file-s3-uri":"new"}"#])
        #expect(
            lines == [
                #"{"source-ref":"s3://b-1/1","a":1,"text-file-s3-uri":"new"}"#,
                #"{"source-ref":"s3://b-1/1","a":2,"text-file-s3-uri":"new"}"#,
            ])
    }

    @Test func aSecondRunChangesNothing() async throws {
        let lines = [#"{"source-ref":"s3://b-1/2","page":1}"#, #"{"source-ref":"s3://b-1/1"}"#]
        let first = try await update(lines)
        #expect(try await update(lines) == first)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct LineSpoolTests {
    @Test func givesLinesBackInAnyOrder() throws {
        let spool = try LineSpool()
        let lines = (0..<200).map { Array(String(repeating: "é\($0)", count: $0).utf8) }
        for index in lines.indices.reversed() { try spool.keep(lines[index], at: index) }
        for index in lines.indices { #expect(try spool.line(at: index) == lines[index]) }
        #expect(try spool.line(at: 200) == nil)
    }
}
