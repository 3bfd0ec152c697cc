import Annotations
import GroundTruth
import Testing

@Suite(.timeLimit(.minutes(1)))
struct WorkerAnswerTests {
    private func characters(_ answer: WorkerAnswer) throws -> [UTF16Span] {
        guard case .characters(let spans) = answer.marks else { throw UnexpectedForm() }
        return spans
    }

    private func tokens(_ answer: WorkerAnswer) throws -> [WorkerAnswer.SeedSpan] {
        guard case .tokens(let spans) = answer.marks else { throw UnexpectedForm() }
        return spans
    }

    private struct UnexpectedForm: Error {}

    /// The seed page's answer: a document inside a string.
    private func seed(_ value: String) -> String {
        JSONOutput.object([
            "annotations": .string(#"{"value":\#(value),"tag":"METHODS","claimResult":false,"notes":"","numPages":1}"#)
        ]).bytes.text
    }

    @Test(arguments: ["crowd-entity-annotation", "myOwnName"]) func readsEntitiesWhateverTheElementIsCalled(name: String) throws {
        let answer = try WorkerAnswer(
            parsing:
                #"{"\#(name)":{"entities":[{"endOffset":13,"label":"CARGO","startOffset":5},{"endOffset":13,"label":"CARGO","startOffset":5}]}}"#
        )
        let span = try #require(UTF16Span(start: UTF16Offset(5), end: UTF16Offset(13), label: "CARGO"))
        #expect(try characters(answer) == [span, span])
        #expect(answer.rejected.isEmpty)
    }

    @Test func readsTheSeedPagesTokens() throws {
        let answer = try WorkerAnswer(
            parsing: seed(
                ##"[{"start":2,"end":4,"tokens":["40","mg"],"tag":"METHODS","color":"#00ffa2"},{"start":0,"end":1,"tag":"RESULTS"}]"##
            ))
        let spans = try tokens(answer)
        #expect(
            spans.map(\.span) == [
                TokenSpan(start: TokenIndex(2), end: TokenIndex(4), label: "METHODS"),
                TokenSpan(start: TokenIndex(0), end: TokenIndex(1), label: "RESULTS"),
            ])
        #expect(spans.map(\.surface) == [["40", "mg"], nil])
        #expect(answer.rejected.isEmpty)
    }

    @Test func anEmptyAnswerIsAnAnswer() throws {
        #expect(try characters(WorkerAnswer(parsing: "{}")).isEmpty)
        #expect(try characters(WorkerAnswer(parsing: #"{"crowd-entity-annotation":{"entities":[]}}"#)).isEmpty)
        #expect(try tokens(WorkerAnswer(parsing: seed("[]"))).isEmpty)
    }

    @Test(arguments: [
        ("5.0", "9", "`startOffset` is 5.0"), ("5", #""9""#, #"`endOffset` is "9""#), ("-1", "9", "-1..<9"), ("9", "5", "9..<5"),
        ("5", "5", "5..<5"),
        ("null", "9", "startOffset"), ("5", "1e1", "1e1"), ("99999999999999999999", "9", "startOffset"),
    ])
    func aBadOffsetCostsItsSpanAndIsNamed(start: String, end: String, name: String) throws {
        let answer = try WorkerAnswer(
            parsing:
                #"{"e":{"entities":[{"startOffset":\#(start),"endOffset":\#(end),"label":"A"},{"startOffset":0,"endOffset":1,"label":"A"}]}}"#
        )
        #expect(try characters(answer).count == 1)
        #expect(answer.rejected.count == 1)
        #expect(answer.rejected.first?.hasPrefix("span 0: ") == true && answer.rejected.first?.contains(name) == true)
    }

    @Test(arguments: [
        #"{"start":0.0,"end":1,"tag":"A"}"#, #"{"start":-1,"end":1,"tag":"A"}"#, #"{"start":1,"end":1,"tag":"A"}"#,
        #"{"start":0,"end":1}"#, "7",
    ])
    func aBadTokenSpanCostsItselfOnly(element: String) throws {
        let answer = try WorkerAnswer(parsing: seed(#"[{"start":0,"end":2,"tag":"A"},\#(element)]"#))
        #expect(try tokens(answer).count == 1)
        #expect(answer.rejected.map { $0.hasPrefix("span 1: ") } == [true])
    }

    @Test(arguments: [
        ("nonsense", "not JSON"), ("[]", "an array"), (#""x""#, "a string"), (#"{"other":1,"x":2}"#, "`other`, `x`"),
        (#"{"annotations":"{"}"#, "`annotations`"),
        (#"{"annotations":"{\"value\":5}"}"#, "`value`"), (#"{"annotations":"[]"}"#, "`value`"),
    ])
    func anUnreadableAnswerSaysWhy(content: String, name: String) {
        let error = #expect(throws: ContractError.self) { try WorkerAnswer(parsing: content) }
        #expect(error?.message.contains(name) == true)
    }

    @Test func refusesAFloodOfSpans() throws {
        func answer(_ count: Int) -> String {
            #"{"e":{"entities":[\#(Array(repeating: #"{"startOffset":0,"endOffset":1,"label":"A"}"#, count: count).joined(separator: ","))]}}"#
        }
        #expect(try characters(WorkerAnswer(parsing: answer(WorkerAnswer.maximumSpans))).count == WorkerAnswer.maximumSpans)
        let error = #expect(throws: ContractError.self) { try WorkerAnswer(parsing: answer(WorkerAnswer.maximumSpans + 1)) }
        #expect(error?.message.contains("5001 spans") == true)
    }

    @Test func readsAnEchoOfTheText() throws {
        let answer = try WorkerAnswer(parsing: #"{"e":{"entities":[]},"text":"a\r\nb","text-sha256":"00"}"#)
        #expect(answer.echo?.text.utf8.elementsEqual("a\r\nb".utf8) == true)
        #expect(answer.echo?.sha256 == "00")
        #expect(try WorkerAnswer(parsing: #"{"e":{"entities":[]},"text":"a"}"#).echo == nil)
    }
}

/// Contracts section 8.
@Suite(.timeLimit(.minutes(1)))
struct SeedTokenizationTests {
    private func converted(_ text: String, _ start: Int, _ end: Int, surface: [String]? = nil) throws -> Range<Int> {
        let span = try #require(TokenSpan(start: TokenIndex(start), end: TokenIndex(end), label: "METHODS"))
        let scalars = try SeedTokenization(DocumentText(text)).scalar(span, surface: surface)
        return scalars.start.rawValue..<scalars.end.rawValue
    }

    @Test(
        arguments: [
            (2, 4, ["40", "mg"], 10..<15), (4, 5, ["aspirin.\n\nMethods:"], 16..<34), (5, 6, ["double-blind"], 35..<47),
            (0, 7, nil, 0..<54),
        ] as [(Int, Int, [String]?, Range<Int>)])
    func mapsTheWorkedExample(start: Int, end: Int, surface: [String]?, expected: Range<Int>) throws {
        #expect(try converted("Aim: test 40 mg aspirin.\n\nMethods: double-blind trial.", start, end, surface: surface) == expected)
    }

    /// The page sees LF where the text has CR LF or CR; the span's place in the text counts both.
    @Test(arguments: [
        ("a\r\nb c", 0, 1, ["a\nb"], 0..<4), ("a\r\nb c", 1, 2, ["c"], 5..<6), ("a\rb c", 1, 2, ["c"], 4..<5),
        ("a\r\r\nb c", 0, 1, ["a\n\nb"], 0..<5),
        ("\r\na b\r\n", 0, 2, ["a", "b"], 2..<5), ("a \r\n b", 1, 2, ["\n"], 2..<4),
    ])
    func mapsCarriageReturns(text: String, start: Int, end: Int, surface: [String], expected: Range<Int>) throws {
        #expect(try converted(text, start, end, surface: surface) == expected)
    }

    @Test(arguments: ["\u{A0}", "\u{FEFF}", "\u{2028}", " \t\n", "\u{3000}\u{FEFF}\u{2003}"])
    func trimsAsJavaScriptDoes(edge: String) throws {
        let lead = edge.unicodeScalars.count
        #expect(try converted("\(edge)Aim test\(edge)", 0, 1, surface: ["Aim"]) == lead..<lead + 3)
        #expect(try converted("\(edge)Aim test\(edge)", 1, 2, surface: ["test"]) == lead + 4..<lead + 8)
        #expect(SeedTokenization(DocumentText("\(edge)Aim test\(edge)")).count == 2)
    }

    @Test func splitsAtSpacesOnly() throws {
        #expect(SeedTokenization(DocumentText("a\u{A0}b\tc\u{2028}d")).count == 1)
        #expect(SeedTokenization(DocumentText("a  b")).count == 3)
        #expect(try converted("a  b", 0, 2, surface: ["a", ""]) == 0..<2)
        #expect(try converted("a  b", 2, 3, surface: ["b"]) == 3..<4)
    }

    @Test func countsScalarsOfWideText() throws {
        #expect(try converted("🧪🧪 e\u{301}x \u{1F1F3}\u{1F1F4}", 1, 2, surface: ["e\u{301}x"]) == 3..<6)
        #expect(try converted("🧪🧪 e\u{301}x \u{1F1F3}\u{1F1F4}", 2, 3, surface: ["\u{1F1F3}\u{1F1F4}"]) == 7..<9)
    }

    @Test(arguments: [["41", "mg"], ["40"], ["40", "mg", ""], ["40 mg "], []]) func refusesTokensThatDiffer(surface: [String]) {
        let error = #expect(throws: TextError.self) { try converted("Aim: test 40 mg", 2, 4, surface: surface) }
        #expect(error?.code == .surfaceDiffers)
        #expect(error?.message.contains("the text has `40 mg`") == true)
    }

    @Test func canonicallyEquivalentTokensDiffer() {
        let error = #expect(throws: TextError.self) { try converted("caf\u{E9}", 0, 1, surface: ["cafe\u{301}"]) }
        #expect(error?.code == .surfaceDiffers)
    }

    @Test(arguments: [("a b", 1, 3), ("a b", 5, 6), ("", 0, 2)]) func refusesSpansPastTheTokens(text: String, start: Int, end: Int)
    {
        let error = #expect(throws: TextError.self) { try converted(text, start, end) }
        #expect(error?.code == .outOfRange)
    }

    @Test(arguments: [("a  b", 1, 2), ("", 0, 1), (" \n ", 0, 1)]) func refusesASpanOfEmptyTokens(
        text: String, start: Int, end: Int
    ) {
        let error = #expect(throws: TextError.self) { try converted(text, start, end) }
        #expect(error?.code == .emptySpan)
    }
}
