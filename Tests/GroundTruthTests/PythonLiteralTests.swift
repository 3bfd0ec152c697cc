import Annotations
import GroundTruth
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PythonLiteralTests {
    @Test(arguments: [
        ("{}", "{}"), (" {'a': 'b'} ", #"{"a":"b"}"#), (#"{"a": 'b'}"#, #"{"a":"b"}"#),
        ("{u'a': u'b', 'c': U'd'}", #"{"a":"b","c":"d"}"#),
        ("{'t': True, 'f': False, 'n': None}", #"{"t":true,"f":false,"n":null}"#),
        (
            "{'z': 1, 'a': -2, 'm': 1.0, 'e': 1e3, 'big': 18446744073709551616}",
            #"{"z":1,"a":-2,"m":1.0,"e":1e3,"big":18446744073709551616}"#
        ),
        ("{'l': [1, 'x', [None], {'k': []}]}", #"{"l":[1,"x",[null],{"k":[]}]}"#), ("{'a': [1, 2,], }", #"{"a":[1,2]}"#),
        (#"{'a': "it's"}"#, #"{"a":"it's"}"#), (#"{'a': 'it\'s "x"'}"#, #"{"a":"it's \"x\""}"#),
        (#"{'a': '\n\t\r\\\a\b\f\v'}"#, #"{"a":"\n\t\r\\\u0007\b\f\u000b"}"#), (#"{'a': '\x41\xe9'}"#, #"{"a":"Aé"}"#),
        (#"{'a': '\u00e9\u2028'}"#, "{\"a\":\"é\u{2028}\"}"), (#"{'a': '\U0001F9EA'}"#, #"{"a":"🧪"}"#),
        (#"{'a': '\ud83e\uddea'}"#, #"{"a":"🧪"}"#),
        (#"{'a': '\101\60\7'}"#, #"{"a":"A0\u0007"}"#), ("{'café 🧪': 'é'}", #"{"café 🧪":"é"}"#), ("{'a': ''}", #"{"a":""}"#),
        ("{'a' : 'b' , 'c':'d'}\r", #"{"a":"b","c":"d"}"#),
    ])
    func rewritesADictAsJSON(python: String, json: String) throws {
        let written = try PythonLiteral.json(from: python.utf8)
        #expect(written.text == json)
        _ = try JSONScanner.parse(written)
    }

    @Test(arguments: [
        ("{'a': (1, 2)}", "tuple"), ("{'a', 'b'}", "set"), ("{'a': {1, 2}}", "key must be a quoted string"), ("{'a': b'x'}", "b"),
        ("{'a': nan}", "nan"),
        ("{'a': inf}", "inf"), ("{'a': -inf}", "number"), ("{'a': true}", "true"), ("{'a': null}", "null"), ("{'a': word}", "word"),
        ("{1: 'a'}", "key must be a quoted string"), ("{None: 'a'}", "key must be a quoted string"),
        ("{b'a': 1}", "key must be a quoted string"),
        ("{'a': 1, 'a': 2}", "stands twice"), ("{'a': 'x' 'y'}", "side by side"), ("{'a': 0x10}", "number"),
        ("{'a': 1_000}", "number"),
        ("{'a': 5L}", "number"), ("{'a': 1.}", "number"), ("{'a': 007}", "number"), ("{'a': 3j}", "number"),
        ("{'a': 'x}", "closing quote"),
        (#"{'a': '\ud800'}"#, "lone surrogate"), (#"{'a': '\ud800\u0041'}"#, "lone surrogate"),
        (#"{'a': '\U00110000'}"#, "U+10FFFF"),
        (#"{'a': '\x4'}"#, "digits"), (#"{'a': '\u12'}"#, "digits"), (#"{'a': '\q'}"#, "escape"), (#"{'a': '\N{DASH}'}"#, "escape"),
        ("{'a' 1}", "`:`"),
        ("{'a': 1 'b': 2}", "expected `,`"), ("{'a': 1} x", "after the dict"), ("[1]", "must be a dict"), ("'a'", "must be a dict"),
        ("", "must be a dict"),
        ("{'a': datetime.date(2020, 1, 1)}", "datetime"), ("{'a': r'x'}", "r"), ("{'a': f'x'}", "f"), ("{'a': }", ""),
        ("{'a': 1", ""), ("{,}", ""),
    ])
    func refusesByNameWhatJSONCannotHold(python: String, name: String) {
        let error = #expect(throws: JSONError.self) { try PythonLiteral.json(from: python.utf8) }
        if !name.isEmpty { #expect(error?.message.contains(name) == true, "\(error?.message ?? "")") }
    }

    @Test func boundsNesting() throws {
        func nested(_ depth: Int) -> String {
            "{'a': " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        }
        _ = try PythonLiteral.json(from: nested(150).utf8)
        let error = #expect(throws: JSONError.self) { try PythonLiteral.json(from: nested(300).utf8) }
        #expect(error?.message.contains("nesting") == true)
    }

    @Test func refusesBytesThatAreNotUTF8() {
        let error = #expect(throws: JSONError.self) {
            try PythonLiteral.json(from: Array("{'a': '".utf8) + [0xE9] + Array("'}".utf8))
        }
        #expect(error?.description == "not UTF-8 at byte 7")
    }
}
