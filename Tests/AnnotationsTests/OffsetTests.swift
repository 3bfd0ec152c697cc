import Annotations
import Testing

@Suite(.timeLimit(.minutes(1)))
struct OffsetTests {
    /// A text with the number of its UTF-8 bytes, scalars and UTF-16 units, counted by Python.
    struct Counted: CustomTestStringConvertible {
        let name: String
        let text: String
        let bytes: Int
        let scalars: Int
        let utf16: Int
        var testDescription: String { name }
    }

    @Test(arguments: [
        Counted(name: "nothing", text: "", bytes: 0, scalars: 0, utf16: 0),
        Counted(name: "ASCII", text: "Aim: test 40 mg.", bytes: 16, scalars: 16, utf16: 16),
        Counted(name: "the running example", text: "Café Nørd 🧪 joined Lumen Labs in Oslo.", bytes: 43, scalars: 38, utf16: 39),
        Counted(name: "composed accent", text: "\u{E9}", bytes: 2, scalars: 1, utf16: 1),
        Counted(name: "decomposed accent", text: "e\u{301}", bytes: 3, scalars: 2, utf16: 2),
        Counted(name: "ZWJ sequence", text: "\u{1F469}\u{200D}\u{1F52C}", bytes: 11, scalars: 3, utf16: 5),
        Counted(name: "flag", text: "\u{1F1F3}\u{1F1F4}", bytes: 8, scalars: 2, utf16: 4),
        Counted(name: "CR LF", text: "\r\n", bytes: 2, scalars: 2, utf16: 2),
        Counted(name: "byte order mark", text: "\u{FEFF}a", bytes: 4, scalars: 2, utf16: 2),
        Counted(name: "line separator", text: "a\u{2028}b", bytes: 5, scalars: 3, utf16: 3),
        Counted(name: "ligature", text: "\u{FB01}", bytes: 3, scalars: 1, utf16: 1),
        Counted(name: "mathematical bold", text: "\u{1D400}", bytes: 4, scalars: 1, utf16: 2),
    ])
    func countsEachUnit(_ counted: Counted) {
        let text = DocumentText(counted.text)
        #expect(text.bytes.count == counted.bytes)
        #expect(text.scalarCount == counted.scalars)
        #expect(text.utf16Count == counted.utf16)
        #expect(text.byteOffset(ScalarOffset(text.scalarCount)) == counted.bytes)
        #expect(text.utf16(ScalarOffset(text.scalarCount)) == UTF16Offset(counted.utf16))
    }

    /// The table of the running example: surface, scalars, UTF-16 units, bytes.
    @Test(arguments: [
        ("Café Nørd", 0..<9, 0..<9, 0..<11), ("🧪", 10..<11, 10..<12, 12..<16), ("Lumen Labs", 19..<29, 20..<30, 24..<34),
        ("Oslo", 33..<37, 34..<38, 38..<42),
    ])
    func convertsTheRunningExample(surface: String, scalars: Range<Int>, utf16: Range<Int>, bytes: Range<Int>) throws {
        let text = DocumentText("Café Nørd 🧪 joined Lumen Labs in Oslo.")
        let span = try #require(
            ScalarSpan(start: ScalarOffset(scalars.lowerBound), end: ScalarOffset(scalars.upperBound), label: "ORG"))
        let converted = text.utf16(span)
        #expect(converted.start.rawValue..<converted.end.rawValue == utf16)
        #expect(text.byteOffset(span.start)..<text.byteOffset(span.end) == bytes)
        #expect(try text.scalar(converted) == span)
        #expect(text.slice(span) == surface)
    }

    @Test(arguments: [
        "plain", "Café Nørd 🧪 joined", "e\u{301}\u{323}x", "\u{1F469}\u{200D}\u{1F52C}\u{1F1F3}\u{1F1F4}",
        "\u{FEFF}a\r\nb\u{2028}c🧪🧪",
        "🧪", "🧪a🧪",
    ])
    func everyScalarOffsetComesBackFromUTF16(string: String) throws {
        let text = DocumentText(string)
        var expected = 0
        for (index, scalar) in string.unicodeScalars.enumerated() {
            #expect(text.utf16(ScalarOffset(index)).rawValue == expected)
            #expect(try text.scalar(UTF16Offset(expected)) == ScalarOffset(index))
            expected += UTF16.width(scalar)
        }
        #expect(try text.scalar(UTF16Offset(expected)) == ScalarOffset(text.scalarCount))
        #expect(try text.scalar(UTF16Offset(expected + 1)) == nil)
        #expect(try text.scalar(UTF16Offset(-1)) == nil)
    }

    @Test(arguments: [("a🧪b", 2), ("🧪🧪", 1), ("🧪🧪", 3), ("é🧪e\u{301}🧪", 6)])
    func refusesAnOffsetInsideASurrogatePair(string: String, offset: Int) {
        let error = #expect(throws: TextError.self) { try DocumentText(string).scalar(UTF16Offset(offset)) }
        #expect(error?.code == .insideSurrogatePair)
        #expect(error?.message.contains("\(offset)") == true)
    }

    @Test func refusesASpanThatCutsASurrogatePair() throws {
        let span = try #require(UTF16Span(start: UTF16Offset(0), end: UTF16Offset(1), label: "A"))
        let error = #expect(throws: TextError.self) { try DocumentText("🧪").scalar(span) }
        #expect(error?.code == .insideSurrogatePair)
    }

    @Test func refusesSpansPastTheText() throws {
        let text = DocumentText("Ship 🧪")
        let utf16 = try #require(UTF16Span(start: UTF16Offset(5), end: UTF16Offset(8), label: "CARGO"))
        let scalars = try #require(ScalarSpan(start: ScalarOffset(5), end: ScalarOffset(7), label: "CARGO"))
        let first = #expect(throws: TextError.self) { try text.scalar(utf16) }
        let second = #expect(throws: TextError.self) { try text.check(scalars) }
        #expect(first?.code == .outOfRange && first?.message.contains("CARGO") == true)
        #expect(second?.code == .outOfRange && second?.message.contains("6 characters") == true)
    }

    @Test func aSpanUpToTheEndIsInside() throws {
        let text = DocumentText("a🧪")
        let utf16 = try #require(UTF16Span(start: UTF16Offset(1), end: UTF16Offset(3), label: "X"))
        let span = try text.scalar(utf16)
        try text.check(span)
        #expect(text.slice(span) == "🧪")
    }

    @Test func aByteOrderMarkIsTheFirstScalar() {
        #expect(DocumentText("\u{FEFF}Aim").slice(ScalarOffset(1)..<ScalarOffset(4)) == "Aim")
    }
}
