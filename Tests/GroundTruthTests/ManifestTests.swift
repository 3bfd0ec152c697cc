import Annotations
import GroundTruth
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LineSplitterTests {
    @Test(arguments: [1, 2, 3, 7, 1000]) func findsTheSameLinesWhereverPiecesEnd(size: Int) {
        let found = lines(of: Array("one\r\n\ntwo \u{2028} é\r\r\nlast".utf8), pieces: size)
        #expect(
            found == [
                LineSplitter.Line(number: 1, bytes: Array("one".utf8)), LineSplitter.Line(number: 2, bytes: []),
                LineSplitter.Line(number: 3, bytes: Array("two \u{2028} é\r".utf8)),
                LineSplitter.Line(number: 4, bytes: Array("last".utf8), isTerminated: false),
            ])
    }

    @Test(arguments: [("", 0), ("\n", 1), ("a", 1), ("a\n", 1), ("a\n\n", 2), ("\n\na", 3)])
    func countsLines(text: String, count: Int) {
        #expect(lines(of: Array(text.utf8), pieces: 1).count == count)
    }

    @Test func cutsALineThatIsTooLongAndGoesOn() throws {
        var splitter = LineSplitter()
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        for _ in 0...(LineSplitter.maximumLineBytes >> 20) { #expect(splitter.append(piece).isEmpty) }
        let found = splitter.append("\nnext\n".utf8)
        let first = try #require(found.first)
        #expect(first.isTooLong && first.bytes.count == LineSplitter.maximumLineBytes)
        #expect(found.dropFirst().map(\.isTooLong) == [false])
        #expect(found.last == LineSplitter.Line(number: 2, bytes: Array("next".utf8)))
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ManifestLineTests {
    @Test func readsMembers() throws {
        let line = try ManifestLine(parsing: #"{"source-ref":"s3://papers/p1.jpg","n":1.0}"#.utf8)
        #expect(line.string("source-ref") == "s3://papers/p1.jpg")
        #expect(line["n"]?.written == "1.0")
        #expect(line.string("n") == nil)
    }

    @Test(arguments: [
        ("{'source': 'x'}", ManifestError.Code.pythonQuoting), ("[1]", .notAnObject), ("{", .notJSON), ("{'a': (1,)}", .notJSON),
        ("\"x\"", .notAnObject),
    ])
    func saysWhyALineCannotBeRead(line: String, code: ManifestError.Code) {
        let error = #expect(throws: ManifestError.self) { try ManifestLine(parsing: line.utf8) }
        #expect(error?.code == code)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ManifestValidatorTests {
    private func codes(_ line: String, number: Int = 2, isTerminated: Bool = true) -> [String] {
        var validator = ManifestValidator()
        return validator.check(LineSplitter.Line(number: number, bytes: Array(line.utf8), isTerminated: isTerminated)).findings.map(
            \.code)
    }

    @Test(arguments: [
        #"{"source":"Aim: test"}"#, #"{"source-ref":"s3://papers/p1.jpg"}"#,
        #"{"source-ref":"s3://papers/a b/é.jpg","text-file-s3-uri":"s3://papers/p1.txt","metadata":{"$x":1.0},"n":[1e3,null]}"#,
        #" { "source" : "x" } "#,
    ])
    func findsNothingOnAGoodLine(line: String) { #expect(codes(line).isEmpty) }

    @Test(arguments: [
        ("", "blank-line"), (" \t", "blank-line"), ("{", "not-json"), ("[]", "not-an-object"),
        ("{'source': 'x'}", "python-quoting"),
        (#"{"source":"x","source":"y"}"#, "duplicate-key"), (#"{"source":"x","$id":1}"#, "reserved-key"),
        (#"{"metadata":{}}"#, "no-source"),
        (#"{"source":"x","source-ref":"s3://b/k"}"#, "both-sources"), (#"{"source":5}"#, "not-a-string"),
        (#"{"source-ref":null}"#, "not-a-string"),
        (#"{"source":"x","text-file-s3-uri":[]}"#, "not-a-string"), (#"{"source":""}"#, "empty-source"),
        (#"{"source-ref":""}"#, "empty-source"),
        (#"{"source-ref":"file:///p1.jpg"}"#, "not-s3"), (#"{"source-ref":"p1.jpg"}"#, "not-s3"),
        (#"{"source-ref":"s3://bucket"}"#, "not-s3"),
        (#"{"source-ref":"s3://bucket/"}"#, "not-s3"), (#"{"source-ref":"s3:///key"}"#, "not-s3"),
        (#"{"source":"x","text-file-s3-uri":"http://x/y"}"#, "not-s3"),
        ("\u{FEFF}{\"source\":\"x\"}", "byte-order-mark"),
    ])
    func findsOneThing(line: String, code: String) { #expect(codes(line) == [code]) }

    @Test func findsAByteOrderMarkOnAnyLine() {
        #expect(codes("\u{FEFF}{\"source\":\"x\"}", number: 1) == ["byte-order-mark"])
    }

    @Test func findsAMissingFinalNewline() { #expect(codes(#"{"source":"x"}"#, isTerminated: false) == ["missing-final-newline"]) }

    @Test func countsCharactersOfLinesAndAttributes() {
        let limit = ManifestValidator.maximumAttributeCharacters
        #expect(codes(#"{"source":"\#(String(repeating: "é", count: limit))"}"#).isEmpty)
        #expect(codes(#"{"source":"\#(String(repeating: "🧪", count: limit + 1))"}"#) == ["attribute-too-long"])
        #expect(codes(#"{"source":"x","m":[\#(String(repeating: "1,", count: limit / 2))1]}"#) == ["attribute-too-long"])
        let wide = (0..<6).map { #""k\#($0)":"\#(String(repeating: "é", count: 17_000))""# }.joined(separator: ",")
        #expect(codes(#"{"source":"x",\#(wide)}"#) == ["line-too-long"])
    }

    @Test func findsTheFirstObjectTooMany() {
        var validator = ManifestValidator()
        var found: [ManifestValidator.Finding] = []
        let bytes = Array(#"{"source":"x"}"#.utf8)
        for number in 1...ManifestValidator.maximumObjects + 3 {
            found += validator.check(LineSplitter.Line(number: number, bytes: bytes)).findings
        }
        #expect(found.map(\.code) == ["too-many-objects"])
        #expect(found.first?.line == ManifestValidator.maximumObjects + 1)
    }

    @Test func reportsACutLine() {
        var validator = ManifestValidator()
        let outcome = validator.check(LineSplitter.Line(number: 3, bytes: Array("{".utf8), isTooLong: true))
        #expect(outcome.findings.map(\.description).first?.hasPrefix("line-too-long: ") == true)
        #expect(outcome.repaired == nil)
    }

    // MARK: Repair

    @Test(arguments: [
        ("{'source-ref': 's3://b/k', 'n': 1.0, 'x': None}", 2, #"{"source-ref":"s3://b/k","n":1.0,"x":null}"#),
        (#"{"source" :"x", "n":1.0}"#, 2, #"{"source" :"x", "n":1.0}"#), ("\u{FEFF}{\"source\":\"x\"}", 1, #"{"source":"x"}"#),
    ])
    func repairsWithoutLoss(line: String, number: Int, expected: String) {
        var validator = ManifestValidator(repairs: true)
        let outcome = validator.check(LineSplitter.Line(number: number, bytes: Array(line.utf8), isTerminated: false))
        #expect(outcome.repaired?.text == expected)
        #expect(outcome.findings.isEmpty)
    }

    @Test func aRepairDropsBlankLinesSilently() {
        var validator = ManifestValidator(repairs: true)
        let outcome = validator.check(LineSplitter.Line(number: 2, bytes: []))
        #expect(outcome.repaired == nil && outcome.findings.isEmpty)
    }

    @Test(arguments: [("{'source': (1, 2)}", "tuple"), ("{'source': nan}", "nan"), (" {u'source': b'x'}", "`b` string")])
    func aRepairThatWouldLoseSomethingIsRefused(line: String, name: String) throws {
        var validator = ManifestValidator(repairs: true)
        let outcome = validator.check(LineSplitter.Line(number: 2, bytes: Array(line.utf8)))
        #expect(outcome.repaired == nil)
        let refusal = try #require(outcome.findings.first { $0.code == "repair-refused" })
        #expect(refusal.message.contains(name))
    }

    @Test func aLineThatIsNeitherJSONNorPythonIsLeftOutOfTheRepairedFile() {
        var validator = ManifestValidator(repairs: true)
        let outcome = validator.check(LineSplitter.Line(number: 2, bytes: Array(#"{"source": x"#.utf8)))
        #expect(outcome.repaired == nil)
        #expect(outcome.findings.map(\.code) == ["not-json"])
        #expect(outcome.findings.first?.message.contains("not in the repaired file") == true)
    }

    @Test func aRepairedLineIsStillChecked() {
        var validator = ManifestValidator(repairs: true)
        let outcome = validator.check(LineSplitter.Line(number: 2, bytes: Array("{'source-ref': 'p1.jpg', '$a': 1}".utf8)))
        #expect(outcome.findings.map(\.code).sorted() == ["not-s3", "reserved-key"])
        #expect(outcome.repaired != nil)
    }
}
