import Annotations
import GroundTruth
import Testing

@Suite(.timeLimit(.minutes(1)))
struct JSONOutputTests {
    @Test func sortsKeysByTheirBytes() {
        let output: JSONOutput = ["é": 1, "z": 2, "a": 3, "Z": 4, "🧪": 5, "\u{FF01}": 6, "a-b": 7]
        #expect(output.bytes.text == #"{"Z":4,"a":3,"a-b":7,"z":2,"é":1,"！":6,"🧪":5}"#)
    }

    @Test func escapesOnlyWhatMustBe() {
        let output = JSONOutput.string("\"\\/\u{8}\t\n\u{C}\r\u{0}\u{1F}\u{7F}é\u{2028}🧪\r\n")
        #expect(output.bytes.text == #""\"\\/\b\t\n\f\r\u0000\u001f"# + "\u{7F}é\u{2028}🧪" + #"\r\n""#)
    }

    @Test(arguments: ["", "Café 🧪", "e\u{301}\r\n\u{FEFF}\u{2028}", "\"\\\u{0}\u{1F}"])
    func whatIsWrittenReadsBack(string: String) throws {
        let value = try JSONScanner.parse(JSONOutput.object([string: .string(string)]).bytes)
        #expect(value[string]?.string?.utf8.elementsEqual(string.utf8) == true)
    }

    @Test(arguments: [
        (0.0, "0.0"), (-0.0, "0.0"), (1.0, "1.0"), (0.5, "0.5"), (2.0 / 3, "0.6667"), (0.00004, "0.0"), (0.00006, "0.0001"),
        (96.0, "96.0"),
        (-1.25, "-1.25"),
    ])
    func roundsDecimalsToFourPlaces(value: Double, expected: String) {
        #expect(JSONOutput.decimal(value).bytes.text == expected)
    }

    @Test(arguments: [1e15, 1e22, Double.greatestFiniteMagnitude, -1e300]) func hugeDecimalsStayNumbers(value: Double) throws {
        #expect(try JSONScanner.parse(JSONOutput.decimal(value).bytes).double == value)
    }

    @Test func splicesRawBytes() throws {
        let value = try JSONValue.parsed(#"{ "b":1.0, "a":"\u00e9" }"#)
        #expect(JSONOutput.array([.raw(value), .null, true, "x"]).bytes.text == #"[{ "b":1.0, "a":"\u00e9" },null,true,"x"]"#)
    }
}

/// Members set in an object whose other members stay byte for byte.
@Suite(.timeLimit(.minutes(1)))
struct SettingTests {
    @Test func keepsOtherMembersByteForByte() throws {
        let line = #"{"z":1.0,"n":1e3,"big":18446744073709551616,"s":"\u00e9\/🧪","o":{ "b" : [1,  2] },"d":1,"d":2}"#
        let value = try JSONValue.parsed(line)
        #expect(value.setting(["new": 1, "more": "x"]).text == line.dropLast() + #","more":"x","new":1}"#)
    }

    @Test func takesOutWhatItReplaces() throws {
        let value = try JSONValue.parsed(#"{"a": 1.0 , "b":2,"c" : 3}"#)
        #expect(value.setting(["b": 5]).text == #"{"a": 1.0,"c" : 3,"b":5}"#)
    }

    @Test func takesOutEveryMemberOfTheKey() throws {
        let value = try JSONValue.parsed(#"{"a":1,"b":2,"a":3}"#)
        #expect(value.setting(["a": 5]).text == #"{"b":2,"a":5}"#)
    }

    @Test(arguments: [
        ("{}", #"{"k":1}"#), ("{ }", #"{"k":1}"#), (#"{"k":0}"#, #"{"k":1}"#), (#"{"r":0}"#, #"{"k":1}"#),
        (#"{"a":1 }"#, #"{"a":1,"k":1}"#),
    ])
    func setsAndRemoves(line: String, expected: String) throws {
        #expect(try JSONValue.parsed(line).setting(["k": 1], removing: ["r"]).text == expected)
    }

    @Test func removesWithoutAdding() throws {
        #expect(try JSONValue.parsed(#"{"a":1,"b":2}"#).setting([:], removing: ["a", "b"]).text == "{}")
    }
}
