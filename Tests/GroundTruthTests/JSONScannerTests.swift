import Annotations
import GroundTruth
import Testing

/// RFC 8259, and what passes through unchanged.
@Suite(.timeLimit(.minutes(1)))
struct JSONScannerTests {
    @Test(arguments: [
        "0", "-0", "5", "-12", "1.0", "1.50", "1e3", "1E+3", "1e-3", "-0.0e0", "9223372036854775807", "18446744073709551616",
        "1e999",
        "true", "false", "null", #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0041""#, #""\uD83E\uDDEA""#, #""\ud83e\uddea""#,
        #""é🧪""#, "\"\u{2028}\"", "\"\u{7F}\"", #""\u0000""#, "[]", "[ ]", "{}", "{ }", "[1,2]", "[[],{}]", #"{"a":1}"#,
        #"{ "a" : [ 1 , 2 ] }"#,
        #"{"":0}"#, #"{"a":1,"a":2}"#, " \t\r\n1 \t\r\n",
    ])
    func takesValidDocuments(document: String) throws {
        let value = try JSONValue.parsed(document)
        #expect(value.written == document.trimmed)
    }

    @Test func passesOverAByteOrderMarkBeforeADocument() throws {
        #expect(try JSONValue.parsed("\u{FEFF}{\"a\":1}").written == #"{"a":1}"#)
    }

    @Test(arguments: [
        "", " ", "01", "-", "+1", ".5", "1.", "1.e3", "1e", "1e+", "0x10", "1_000", "--1", "NaN", "Infinity", "-Infinity", "nan",
        "tru", "True",
        "nulll", "'a'", #""a"#, #"""#, #""\x41""#, #""\u12""#, #""\u12G4""#, #""\'""#, "\"a\nb\"", "\"a\tb\"", "\"\u{0}\"",
        "\"\u{1F}\"",
        "[1,]", "[,1]", "[1 2]", "[1", "]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{a:1}"#, #"{'a':1}"#,
        #"{1:2}"#,
        #"{"a":1 "b":2}"#, #"{"a":1"#, "1 2", "{} x", "[]]", "{}\u{FEFF}", "/* c */ 1", "\u{A0}1", "1\u{B}",
    ])
    func refusesInvalidDocuments(document: String) {
        #expect(throws: JSONError.self) { try JSONValue.parsed(document) }
    }

    @Test(arguments: [
        ("[1,]", 3, "expected a value"), (#"{"a":1,}"#, 7, "expected a key"), ("1 2", 2, "expected the end"),
        ("[1", 2, "found the end"),
    ])
    func namesTheByteAtWhichItStops(document: String, offset: Int, message: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue.parsed(document) }
        #expect(error?.offset == offset)
        #expect(error?.message.contains(message) == true)
    }

    @Test func refusesBytesThatAreNotUTF8() {
        let error = #expect(throws: JSONError.self) { try JSONScanner.parse([0x22, 0x61, 0xFF, 0x22]) }
        #expect(error?.description == "not UTF-8 at byte 2")
    }

    @Test(arguments: ["[", #"{"a":"#]) func boundsNesting(opening: String) throws {
        let closing = opening == "[" ? "]" : "}"
        func nested(_ depth: Int) -> String {
            String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
        }
        _ = try JSONValue.parsed(nested(200))
        let error = #expect(throws: JSONError.self) { try JSONValue.parsed(nested(201)) }
        #expect(error?.message.contains("nesting deeper than 200") == true)
    }

    @Test func hostileNestingDoesNotExhaustTheStack() {
        #expect(throws: JSONError.self) { try JSONScanner.parse([UInt8](repeating: UInt8(ascii: "["), count: 5_000_000)) }
    }

    @Test(arguments: [
        (#""\u0041\n\t\/""#, "A\n\t/"), (#""\uD83E\uDDEA\ud83e\uddea""#, "🧪🧪"), (#""e\u0301""#, "e\u{301}"),
        (#""\uFEFF\u2028""#, "\u{FEFF}\u{2028}"),
        (#""\u0000""#, "\u{0}"), (#""caf\u00e9 plain""#, "café plain"),
    ])
    func decodesEscapes(document: String, expected: String) throws {
        let string = try #require(try JSONValue.parsed(document).string)
        #expect(string.utf8.elementsEqual(expected.utf8))
    }

    @Test(arguments: [
        #""\ud800""#, #""\udc00""#, #""\ud800x""#, #""\ud800\n""#, #""\ud800\ud800""#, #""\uD83E\u0041""#, #""\udc00\ud800""#,
    ])
    func aLoneSurrogatePassesThroughAndCannotBeRead(document: String) throws {
        let value = try JSONValue.parsed(document)
        #expect(value.string == nil)
        #expect(value.written == document)
        #expect(value.kindName == "a string")
    }

    @Test func aKeyWithALoneSurrogateIsRefused() {
        let error = #expect(throws: JSONError.self) { try JSONValue.parsed(#"{"\ud800":1}"#) }
        #expect(error?.message.contains("lone surrogate") == true)
    }

    @Test func everyValueKeepsItsBytes() throws {
        let document = #" {"n": 1.0 , "e":1e3,"big":18446744073709551616, "s":"\u00e9\/", "l":[ 1, 2 ],"o":{ "b":1,"a":2 } } "#
        let value = try JSONValue.parsed(document)
        let members = try #require(value.object)
        #expect(members.map(\.key) == ["n", "e", "big", "s", "l", "o"])
        #expect(
            members.map(\.value.written) == ["1.0", "1e3", "18446744073709551616", #""\u00e9\/""#, "[ 1, 2 ]", #"{ "b":1,"a":2 }"#])
        #expect(members.map { String(decoding: $0.raw, as: UTF8.self) }.first == #""n": 1.0"#)
    }

    @Test func keepsDuplicateKeysAndReadsTheLast() throws {
        let value = try JSONValue.parsed(#"{"a":1,"b":2,"a":3}"#)
        #expect(value.object?.count == 3)
        #expect(value["a"]?.int == 3)
    }

    @Test func keysThatAreCanonicallyEquivalentDiffer() throws {
        let value = try JSONValue.parsed(#"{"caf\u00e9":1,"cafe\u0301":2}"#)
        #expect(value["caf\u{E9}"]?.int == 1)
        #expect(value["cafe\u{301}"]?.int == 2)
    }

    @Test(
        arguments: [
            ("5", 5), ("-0", 0), ("9223372036854775807", Int.max), ("5.0", nil), ("5e0", nil), ("9223372036854775808", nil),
            (#""5""#, nil), ("null", nil),
        ] as [(String, Int?)])
    func onlyWholeSpellingsAreIntegers(document: String, expected: Int?) throws {
        #expect(try JSONValue.parsed(document).int == expected)
    }

    @Test(
        arguments: [("0.25", 0.25), ("1e3", 1000), ("7", 7), ("1e999", nil), ("-1e999", nil), (#""1""#, nil)] as [(String, Double?)]
    )
    func numbersBeyondAllBoundsAreNoDoubles(document: String, expected: Double?) throws {
        #expect(try JSONValue.parsed(document).double == expected)
    }

    @Test(arguments: [
        (#"{"a":1,"b":[1,"x"]}"#, #"{ "b" : [ 1, "\u0078" ], "a":1 }"#, true), ("1.0", "1", false), (#""é""#, #""e\u0301""#, false),
        (#"{"a":1}"#, #"{"a":1,"b":2}"#, false), ("[1,2]", "[2,1]", false), ("null", "null", true),
    ])
    func comparesValuesHoweverTheyAreWritten(left: String, right: String, expected: Bool) throws {
        let (left, right) = (try JSONValue.parsed(left), try JSONValue.parsed(right))
        #expect(left.isEquivalent(to: right) == expected)
        #expect(right.isEquivalent(to: left) == expected)
    }

    @Test func nullCountsAsAbsentWhereThatIsAsked() throws {
        let value = try JSONValue.parsed(#"{"a":null,"b":false}"#)
        #expect(value["a"] != nil)
        #expect(value.present("a") == nil)
        #expect(value.present("b")?.bool == false)
    }
}

extension String {
    /// Without the white space of JSON at the edges.
    fileprivate var trimmed: String {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        let start = Array(utf8).drop { blanks.contains($0) }
        return String(decoding: start.reversed().drop { blanks.contains($0) }.reversed(), as: UTF8.self)
    }
}
