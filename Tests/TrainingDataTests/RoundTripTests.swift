import Annotations
import GroundTruth
import Testing

@testable import TrainingData

/// Texts that are hard on offsets, with spans of every kind, through every format and back.
@Suite(.timeLimit(.minutes(2)))
struct FormatRoundTripTests {
    /// A span by its surface, which stands once in the text.
    private static func document(_ id: String, _ text: String, _ marks: (String, Label)..., metadata: String? = nil) throws
        -> LabeledDocument
    {
        let scalars = Array(text.unicodeScalars)
        let entities = try marks.map { surface, label in
            let part = Array(surface.unicodeScalars)
            let start = try #require(scalars.indices.first { scalars[$0...].starts(with: part) }, "\(surface)")
            return ScoredSpan(
                span: try #require(
                    ScalarSpan(start: ScalarOffset(start), end: ScalarOffset(start + part.count), label: label)), confidence: 0.5)
        }
        var members: [String: JSONOutput] = ["id": .string(id), "text": .string(text)]
        members["metadata"] = try metadata.map { .raw(try JSONScanner.parse($0.utf8)) }
        return LabeledDocument(
            id: id, text: DocumentText(text), entities: entities,
            line: try ManifestLine(parsing: JSONOutput.object(members).bytes))
    }

    /// The traps, one by one: emoji, decomposed accents, joined emoji and flags, CR LF, no-break spaces, double blanks, edges, no
    /// spans, odd labels, spaCy's reserved names, marks of formats, what CSV quotes, a byte order mark.
    static func corpus() throws -> [LabeledDocument] {
        [
            try runningExample(),
            try document("decomposed", "Cafe\u{301} e\u{301}te\u{301}.", ("Cafe\u{301}", "A"), ("e\u{301}te\u{301}", "B")),
            try document(
                "joined", "\u{1F469}\u{200D}\u{1F52C} \u{1F1F3}\u{1F1F4} 𝐀 end", ("\u{1F469}\u{200D}\u{1F52C}", "A"), ("𝐀", "B"),
                ("end", "C")),
            try document("returns", "one\r\ntwo 🧪\r\nthree four\r\n", ("two", "A"), ("three four", "B")),
            try document("over-lines", "alpha\nbeta gamma\r\ndelta", ("alpha\nbeta", "A"), ("gamma\r\ndelta", "B")),
            try document("no-break", "New\u{A0}York is\u{2003}big\u{2028}yes", ("New\u{A0}York", "GPE"), ("yes", "A")),
            try document("double", "two  blanks   here  now", ("two  blanks", "A"), ("here  now", "B")),
            try document("edges", "first middle last", ("first", "A"), ("last", "A")),
            try document("adjacent", "aa bb cc dd", ("aa", "A"), ("bb cc", "A"), ("dd", "B")),
            try document("none", "Nothing to see."),
            try document("empty", ""),
            try document("reserved", "ID mark X cc agent det _", ("ID", "NUM"), ("mark X", "ORG"), ("agent", "det")),
            try document("marks", "a_b *c* d|e [f] g\\h -> i;j #Text=k", ("*c*", "A"), ("[f]", "B"), ("g\\h", "C")),
            try document("start", "-DOCSTART- -X- O O and more", ("more", "A")),
            try document("csv", "\"quoted\", with, commas\nand \"lines\"", ("with", "A"), ("lines", "B")),
            try document("mark-order", "\u{FEFF}BOM first", ("first", "A")),
            try document("spaced id/1.x=%~", "ids are odd", ("odd", "A")),
            try document("control", "a\u{1F}b \u{B}c\td", ("c\td", "A")),
        ]
    }

    /// Spans that only some formats hold.
    static func hard() throws -> [LabeledDocument] {
        [
            try document("nested", "the University of Oslo Hospital", ("University of Oslo Hospital", "ORG"), ("Oslo", "GPE")),
            try document("crossing", "one two three four", ("one two three", "A"), ("two three four", "B")),
            try document("twice", "Oslo is one", ("Oslo", "GPE"), ("Oslo", "ORG")),
        ]
    }

    static let formats = DataFormat.all.map(\.name)

    private func marks(_ entities: [ScoredSpan], _ text: DocumentText) -> Set<String> {
        Set(
            entities.map { "\($0.span.start)..<\($0.span.end) \($0.span.label) \(text.slice($0.span).unicodeScalars.map(\.value))" }
        )
    }

    /// What a document's spans are where a format has no words for edges inside tokens.
    private func expected(_ document: LabeledDocument, _ format: DataFormat) throws -> Set<String> {
        let losses = try FormatTest(format.name).export(document).losses
        #expect(losses.allSatisfy { ["line-end", "white-space", "metadata-key"].contains($0.code) }, "\(losses)")
        return marks(document.entities, document.text)
    }

    @Test(arguments: formats) func spansComeBack(name: String) async throws {
        let format = try #require(DataFormat(named: name))
        // Comprehend takes no empty line and no decomposed emoji's problem is its own; labels are upper case already.
        let corpus = try Self.corpus().filter { name != "comprehend" || (!$0.text.isEmpty && $0.id != "reserved") }
            .filter { !($0.id == "marks" && format.unit == .tokens) && !($0.id == "marks" && name == "prodigy") }
        let (files, _) = try FormatTest(name).files(of: corpus)
        let (documents, problems) = try await MemoryFiles(files).imported(name)
        #expect(problems.isEmpty, "\(problems)")
        #expect(documents.count == corpus.count)
        let byID = Dictionary(grouping: documents) { $0.id ?? "" }
        for (index, original) in corpus.enumerated() {
            let back = format.holds.contains(.ids) ? try #require(byID[original.id]?.first, "\(original.id)") : documents[index]
            let entities = try #require(back.entities)
            #expect(marks(entities, back.text).count == original.entities.count, "\(original.id)")
            if format.holds.contains(.exactText) {
                #expect(back.text == original.text, "\(original.id)")
                #expect(try marks(entities, back.text) == expected(original, format), "\(original.id)")
            } else {
                // Another text, but every span in its place.
                #expect(
                    Set(entities.map { "\($0.span.start) \($0.span.end)" })
                        == Set(original.entities.map { "\($0.span.start) \($0.span.end)" }), "\(original.id)")
            }
            if format.holds.contains(.confidences) { #expect(entities.map(\.confidence) == original.entities.map(\.confidence)) }
        }
    }

    @Test(arguments: formats.filter { DataFormat(named: $0)?.holds.contains([.overlaps, .severalLabels]) == true })
    func overlapsComeBack(name: String) async throws {
        let hard = try Self.hard()
        let (files, losses) = try FormatTest(name).files(of: hard)
        #expect(losses.allSatisfy { $0.code == "span-group" })
        let documents = try await MemoryFiles(files).imported(name).documents
        let byID = Dictionary(grouping: documents) { $0.id ?? "" }
        for original in hard {
            let back = try #require(byID[original.id]?.first)
            #expect(marks(try #require(back.entities), back.text) == marks(original.entities, original.text), "\(original.id)")
        }
    }

    @Test(arguments: formats.filter { DataFormat(named: $0)?.holds.contains(.overlaps) == false })
    func flatFormatsSayWhatTheyDrop(name: String) throws {
        let losses = try FormatTest(name).files(of: Self.hard()).losses.filter { $0.id != "all" }
        #expect(Set(losses.map(\.id)) == ["nested", "crossing", "twice"])
        #expect(losses.allSatisfy { $0.code == "overlap" })
    }

    /// What we wrote is canonical: importing it and exporting it again gives the same bytes.
    @Test(arguments: formats) func anExportOfAnImportIsTheSame(name: String) async throws {
        let corpus = try (Self.corpus() + Self.hard()).filter { name != "comprehend" || !$0.text.isEmpty }
        let written = try FormatTest(name).files(of: corpus).files
        let documents = try await MemoryFiles(written).imported(name).documents
        let again = try FormatTest(name).files(of: documents.enumerated().map { try $1.labeled(number: $0 + 1) }).files
        #expect(Set(again.keys) == Set(written.keys))
        for (file, bytes) in written where !file.hasSuffix(".spacy") {
            #expect(again[file].map { String(decoding: $0, as: UTF8.self) } == String(decoding: bytes, as: UTF8.self), "\(file)")
        }
        for (file, bytes) in written where file.hasSuffix(".spacy") {
            let unpacked = try Zlib.decompress(bytes, atMost: 1 << 20)
            #expect(try Zlib.decompress(try #require(again[file]), atMost: 1 << 20) == unpacked, "\(file)")
        }
    }

    /// From any format through spans to any other: the same spans, where both hold them.
    @Test(arguments: formats) func everyPairAgrees(first: String) async throws {
        let corpus = [
            try runningExample(), try Self.document("p2", "Aim: e\u{301}te\u{301} 🧪 in Oslo now.", ("Oslo", "GPE"), ("Aim", "ORG")),
        ]
        let files = try FormatTest(first).files(of: corpus).files
        let imported = try await MemoryFiles(files).imported(first).documents
        let documents = try imported.enumerated().map { try $1.labeled(number: $0 + 1) }
        for second in Self.formats {
            let again = try FormatTest(second).files(of: documents).files
            let back = try await MemoryFiles(again).imported(second).documents
            #expect(
                Set(back.map { marks($0.entities ?? [], $0.text) }) == Set(corpus.map { marks($0.entities, $0.text) }),
                "\(first) to \(second)")
        }
    }

    @Test(arguments: ["doccano", "prodigy", "label-studio", "argilla", "ground-truth"]) func metadataComesBack(name: String)
        async throws
    {
        let document = try Self.document("p1", "Aim", ("Aim", "A"), metadata: #"{"year":1.0,"author":"Ø"}"#)
        let files = try FormatTest(name).files(of: [document]).files
        let back = try #require(try await MemoryFiles(files).imported(name).documents.first)
        let line = try ManifestLine(parsing: back.line)
        #expect(line["metadata"]?["year"].map { String(decoding: $0.raw, as: UTF8.self) } == "1.0")
        #expect(line["metadata"]?["author"]?.string == "Ø")
    }

    @Test func metadataNeverReplacesATextOrLabels() throws {
        let document = try Self.document(
            "p1", "Aim", ("Aim", "A"), metadata: #"{"text":"x","label":[],"id":9,"year":1}"#)
        let exported = try FormatTest("doccano").export(document)
        #expect(exported.text == #"{"id":"p1","label":[[0,3,"A"]],"text":"Aim","year":1}"# + "\n")
        #expect(exported.losses.map(\.code) == ["metadata-key", "metadata-key", "metadata-key"])
    }

    @Test(arguments: formats) func aLongTextIsNoTrouble(name: String) async throws {
        let text = String(repeating: "alpha beta 🧪 gamma. ", count: 50_000)
        let document = try Self.document("long", text + "omega", ("omega", "A"))
        if name == "comprehend" {
            #expect(throws: RecordError.self) { try FormatTest(name).export(document) }
            return
        }
        let (files, losses) = try FormatTest(name).files(of: [document])
        #expect(losses.allSatisfy { ["long-text", "line-too-long", "attribute-too-long"].contains($0.code) })
        let back = try #require(try await MemoryFiles(files).imported(name).documents.first)
        #expect(back.marks == ["A omega"])
    }
}

@Suite(.timeLimit(.minutes(1)))
struct SplitTests {
    /// Words of a fixed pseudo-random order.
    private static func text(_ seed: Int, words: Int = 120) -> String {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        return (0..<words).map { _ in
            String((0..<Int(2 + next() % 8)).map { _ in Character(Unicode.Scalar(UInt8(97 + next() % 26))) })
        }.joined(separator: " ")
    }

    /// The text with a share of its characters replaced, dropped or doubled, as recognition errs.
    private static func noisy(_ text: String, seed: Int, share: Double = 0.03) -> String {
        var state = UInt64(seed) &+ 99
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        var result = ""
        for character in text {
            guard Double(next() % 100_000) < share * 100_000 else {
                result.append(character)
                continue
            }
            switch next() % 4 {
            case 0: break
            case 1: result += "\(character)\(character)"
            default: result.append(Character(Unicode.Scalar(UInt8(97 + next() % 26))))
            }
        }
        return result
    }

    @Test func twoHundredNoisyCopiesStayOnTheSideOfTheirOriginals() throws {
        var copies = NearDuplicates()
        var owners: [Int] = []
        for index in 0..<600 {
            copies.add(DocumentText(Self.text(index)), seed: 1)
            owners.append(index)
        }
        for index in 0..<200 {
            copies.add(DocumentText(Self.noisy(Self.text(index), seed: index)), seed: 1)
            owners.append(index)
        }
        let groups = copies.groups()
        #expect(groups.count == 600, "no copy is missed and no two texts are mixed up")
        let parts = try #require(DataSplit("80,10,10")).assign(groups)
        for index in 0..<200 { #expect(parts[600 + index] == parts[index]) }
        #expect([0, 1, 2].map { part in parts.count { $0 == part } } == [640, 80, 80])
    }

    /// Two scans of one page, without the page.
    @Test func twoNoisyCopiesAreFoundWithoutTheOriginal() {
        var copies = NearDuplicates()
        for index in 0..<200 {
            copies.add(DocumentText(Self.noisy(Self.text(index), seed: index)), seed: 1)
            copies.add(DocumentText(Self.noisy(Self.text(index), seed: index + 5000)), seed: 1)
        }
        #expect(copies.groups().count <= 202)
    }

    @Test(arguments: [("text 1", "text 2", 2), ("Text 1.", "text  1", 1), ("", "", 1), ("", " ", 1), ("a", "", 2)])
    func shortTextsAreCopiesOnlyWhenTheirLettersAreTheSame(first: String, second: String, groups: Int) {
        var copies = NearDuplicates()
        copies.add(DocumentText(first), seed: 0)
        copies.add(DocumentText(second), seed: 0)
        #expect(copies.groups().count == groups)
    }

    @Test func aGroupLargerThanAPartGoesWhereThereIsMostRoom() throws {
        var copies = NearDuplicates()
        for _ in 0..<9 { copies.add(DocumentText("the same"), seed: 0) }
        copies.add(DocumentText("another"), seed: 0)
        let parts = try #require(DataSplit("50,50")).assign(copies.groups())
        #expect(Set(parts[0..<9]).count == 1)
        #expect(parts.count == 10)
    }
}
