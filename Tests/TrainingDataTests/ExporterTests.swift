import Annotations
import GroundTruth
import Testing
import TrainingData

@Suite(.timeLimit(.minutes(1)))
struct GroundTruthExporterTests {
    private let exporter = FormatTest("ground-truth", ExportOptions(attribute: "ner"))

    @Test func otherKeysPassThroughByteForByte() throws {
        let line = #"{"metadata":{ "n":1.0,"é":"\u00e9" },"source-ref":"s3://b/p1.jpg","text-file-s3-uri":"s3://b/p1.txt"}"#
        let exported = try exporter.export(document("Aim", (0, 3, "A"), line: line))
        #expect(exported.text.hasPrefix(#"{"metadata":{ "n":1.0,"é":"\u00e9" },"text-file-s3-uri":"s3://b/p1.txt","ner":"#))
        let written = try ManifestLine(parsing: exported.bytes)
        #expect(written.string("original-source-ref") == "s3://b/p1.jpg")
        #expect(written["source-ref"] == nil)
        #expect(written.string("source") == "Aim")
    }

    @Test func whatItWritesIsAGoodManifestLine() throws {
        let exported = try exporter.export(
            runningExample(line: #"{"source-ref":"s3://b/p1.jpg","ner":{"old":1},"text":"x","entities":[],"annotations":[]}"#))
        var validator = ManifestValidator()
        #expect(validator.check(LineSplitter.Line(number: 1, bytes: Array(exported.bytes.dropLast()))).findings.isEmpty)
        let written = try ManifestLine(parsing: exported.bytes)
        #expect(written["text"] == nil && written["entities"] == nil && written["annotations"] == nil)
        #expect(written["ner"]?["old"] == nil)
    }

    @Test func keepsConfiguredLabelsAndTheJobsMetadata() throws {
        let line =
            #"{"source":"Aim","ner":{"annotations":{"entities":[],"labels":[{"label":"A","shortDisplayName":"a"},{"label":"B"}]}},"ner-metadata":{"job-name":"j","creation-date":"2024-03-01T10:02:03","type":"groundtruth/custom"}}"#
        let written = try ManifestLine(parsing: exporter.export(document("Aim", (0, 3, "A"), line: line)).bytes)
        let labels = try #require(written["ner"]?["annotations"]?["labels"])
        #expect(String(decoding: labels.raw, as: UTF8.self) == #"[{"label":"A","shortDisplayName":"a"},{"label":"B"}]"#)
        #expect(written["ner-metadata"]?["job-name"]?.string == "j")
        #expect(written["ner-metadata"]?["creation-date"]?.string == "2024-03-01T10:02:03")
        #expect(written["ner-metadata"]?["type"]?.string == "groundtruth/text-span")
    }

    @Test func overlapsStay() throws {
        let exported = try exporter.export(document("Ship two crates", (0, 15, "A"), (5, 8, "B"), (5, 8, "C")))
        #expect(exported.losses.isEmpty)
        #expect(try ManifestLine(parsing: exported.bytes)["ner"]?["annotations"]?["entities"]?.array?.count == 3)
    }

    @Test func aLineOverTheServicesLimitsIsReported() throws {
        let exported = try exporter.export(document(String(repeating: "a ", count: 12_000), (0, 1, "A")))
        #expect(exported.losses.map(\.code) == ["attribute-too-long"])
    }

    @Test func aDocumentWithoutEntitiesIsExported() throws {
        let written = try ManifestLine(parsing: exporter.export(document("Aim")).bytes)
        #expect(written["ner"]?["annotations"]?["entities"]?.array?.isEmpty == true)
        #expect(written["ner-metadata"]?["entities"]?.array?.isEmpty == true)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct CoNLLExporterTests {
    @Test func adjacentSpansOfOneLabelBeginAnew() throws {
        #expect(try conll.export(document("aa bb cc", (0, 2, "A"), (3, 8, "A"))).tags == ["aa/B-A", "bb/B-A", "cc/I-A"])
    }

    @Test func aSpanInsideATokenIsWidenedAndReported() throws {
        let exported = try conll.export(document("double-blind trials", (8, 15, "A")))
        #expect(exported.tags == ["double/O", "-/O", "blind/B-A", "trials/I-A"])
        #expect(exported.lossSummaries == ["widened 8..<15 A"])
    }

    @Test func twoSpansInOneTokenCannotBothBeHeld() throws {
        let exported = try conll.export(document("antibody", (0, 4, "A"), (4, 8, "B")))
        #expect(exported.tags == ["antibody/B-A"])
        #expect(exported.lossSummaries == ["widened 0..<4 A", "overlap 4..<8 B"])
    }

    @Test(arguments: ["TWO WORDS", "NO\u{A0}BREAK", "LINE\nBREAK"]) func aLabelWithWhiteSpaceIsLeftOutAndReported(label: String)
        throws
    {
        let exported = try conll.export(document("Aim now", (0, 3, Label(label)), (4, 7, "A")))
        #expect(exported.tags == ["Aim/O", "now/B-A"])
        #expect(exported.losses.map(\.code) == ["unwritable-label"])
    }

    @Test func aDocumentWithoutEntitiesIsExported() throws {
        let exported = try conll.export(document("Aim: test"))
        #expect(exported.tags == ["Aim/O", ":/O", "test/O"])
        #expect(exported.losses.isEmpty)
    }

    @Test func anEmptyDocumentIsItsHeadOnly() throws {
        #expect(try conll.export(document("")).text == "-DOCSTART- -X- O O\n\n")
    }

    @Test func lineEndsOfTheTextNeverReachAColumn() throws {
        let exported = try conll.export(document("a\r\nb\u{2028}c\u{85}d\u{1E}e", (0, 4, "A")))
        #expect(exported.tags == ["a/B-A", "b/I-A", "c/O", "d/O", "e/O"])
    }
}

/// What every flat format does with spans it cannot hold.
@Suite(.timeLimit(.minutes(1)))
struct FlatteningTests {
    private func spacy(_ document: LabeledDocument) throws -> (triples: [String], losses: [String]) {
        let exported = try spacyOffsets.export(document)
        let triples = try JSONScanner.parse(exported.bytes)["entities"]?.array ?? []
        return (triples.map { String(decoding: $0.raw, as: UTF8.self) }, exported.lossSummaries)
    }

    @Test func theLongestSpanStays() throws {
        let result = try spacy(document("Ship two crates to Oslo", (5, 8, "A"), (5, 15, "B"), (9, 23, "C")))
        #expect(result.triples == [#"[5,8,"A"]"#, #"[9,23,"C"]"#])
        #expect(result.losses == ["overlap 5..<15 B"])
    }

    @Test func ofEqualLengthsTheEarliestStays() throws {
        let result = try spacy(document("abcdefgh", (3, 7, "A"), (1, 5, "B")))
        #expect(result.triples == [#"[1,5,"B"]"#])
        #expect(result.losses == ["overlap 3..<7 A"])
    }

    @Test(
        arguments: [
            ([0.4, 0.9], "B"), ([0.9, 0.4], "A"), ([0.5, 0.5], "A"), ([nil, 0.1], "B"), ([nil, 0], "A"), ([0, nil], "A"),
        ] as [([Double?], String)])
    func onOneSpanTheSurerThenTheSmallerLabelStays(confidences: [Double?], winner: String) throws {
        let one = try spacy(document("Ship", (0, 4, "A"), (0, 4, "B"), confidences: confidences))
        let other = try spacy(document("Ship", (0, 4, "B"), (0, 4, "A"), confidences: confidences.reversed()))
        #expect(one.triples == [#"[0,4,"\#(winner)"]"#])
        #expect(other.triples == one.triples)
        #expect(other.losses == one.losses)
    }

    @Test func manySpansNeverOverlapAndNoneIsLostSilently() throws {
        var spans: [ScoredSpan] = []
        for start in 0..<40 {
            for length in [1, 3, 7] where start + length <= 40 {
                spans.append(
                    ScoredSpan(
                        span: try #require(ScalarSpan(start: ScalarOffset(start), end: ScalarOffset(start + length), label: "A")),
                        confidence: nil))
            }
        }
        let made = try document(String(repeating: "a", count: 40))
        let exported = try spacyOffsets.export(
            LabeledDocument(id: "p", text: made.text, entities: spans, line: made.line))
        let kept = try #require(JSONScanner.parse(exported.bytes)["entities"]?.array).map { triple in
            (try #require(triple.array?[0].int), try #require(triple.array?[1].int))
        }
        #expect(zip(kept, kept.dropFirst()).allSatisfy { $0.1 <= $1.0 })
        #expect(kept.count + exported.losses.count == spans.count)
    }

    @Test func whiteSpaceAtEdgesIsTrimmedAndReported() throws {
        let result = try spacy(document("a \u{A0}bb\u{2028}\r\nc", (1, 8, "A"), (8, 9, "B")))
        #expect(result.triples == [#"[3,5,"A"]"#, #"[8,9,"B"]"#])
        #expect(result.losses == ["trimmed 1..<8 A"])
    }

    @Test func aSpanOfWhiteSpaceOnlyIsLeftOutAndReported() throws {
        let result = try spacy(document("a \r\n b", (1, 5, "A")))
        #expect(result.triples.isEmpty)
        #expect(result.losses == ["only-white-space 1..<5 A"])
    }

    @Test func touchingSpansAreNoOverlap() throws {
        let result = try spacy(document("aabb", (0, 2, "A"), (2, 4, "B")))
        #expect(result.triples.count == 2)
        #expect(result.losses.isEmpty)
    }

    @Test func lossesAreWrittenAsLines() throws {
        let exported = try spacyOffsets.export(document("a ", (0, 2, "A"), id: "p/1"))
        #expect(
            exported.losses.map { String(decoding: $0.line, as: UTF8.self) } == [
                #"{"code":"trimmed","id":"p/1","message":"white space at an edge is not part of the exported span","span":{"endOffset":2,"label":"A","startOffset":0}}"#
                    + "\n"
            ])
    }
}

@Suite(.timeLimit(.minutes(1)))
struct TokenizerTests {
    @Test(arguments: [
        ("Aim: test 40 mg.", ["Aim", ":", "test", "40", "mg", "."]), ("double-blind", ["double", "-", "blind"]),
        ("snake_case x2", ["snake_case", "x2"]),
        ("e\u{301}te\u{301} o\u{323}\u{302}", ["e\u{301}te\u{301}", "o\u{323}\u{302}"]),
        ("a\u{A0}b\u{2003}c\u{3000}d", ["a", "b", "c", "d"]),
        ("x\u{1F469}\u{200D}\u{1F52C}y", ["x", "\u{1F469}\u{200D}\u{1F52C}", "y"]),
        ("\u{1F44D}\u{1F3FD}!", ["\u{1F44D}\u{1F3FD}", "!"]),
        ("\u{2764}\u{FE0F}", ["\u{2764}\u{FE0F}"]), ("🧪🧪", ["🧪", "🧪"]), ("日本 語", ["日本", "語"]), ("½ Ⅳ ٣", ["½", "Ⅳ", "٣"]),
        ("...", [".", ".", "."]),
        ("\u{301}a", ["\u{301}", "a"]), ("", []), (" \r\n\u{2028}\u{85}\u{1C}", []), ("p<0.05", ["p", "<", "0", ".", "05"]),
    ])
    func cutsWordsAndSigns(text: String, expected: [String]) {
        let document = DocumentText(text)
        let found = Tokenizer.tokens(of: document).map { Array(document.slice($0).unicodeScalars) }
        #expect(found == expected.map { Array($0.unicodeScalars) })
    }

    @Test func tokensCoverAllButWhiteSpaceInOrder() {
        let text = DocumentText("\u{FEFF}Café e\u{301}\r\n🧪\u{200D}x  \u{1F1F3}\u{1F1F4}\u{AD}end.")
        let tokens = Tokenizer.tokens(of: text)
        var position = ScalarOffset(0)
        for token in tokens {
            #expect(token.lowerBound >= position && token.lowerBound < token.upperBound)
            #expect(text.slice(position..<token.lowerBound).unicodeScalars.allSatisfy { $0.properties.isWhitespace })
            position = token.upperBound
        }
        #expect(position.rawValue == text.scalarCount)
    }
}
