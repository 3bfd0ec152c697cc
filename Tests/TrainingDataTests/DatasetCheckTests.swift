import GroundTruth
import Testing

@testable import TrainingData

@Suite(.timeLimit(.minutes(1)))
struct DatasetCheckTests {
    private func findings(_ lines: String...) -> [String] {
        var check = DatasetCheck()
        var findings: [String] = []
        for (index, line) in lines.enumerated() {
            findings += check.check(LineSplitter.Line(number: index + 1, bytes: Array(line.utf8))).map { "\($0.line) \($0.code)" }
        }
        return findings + check.finish().map { "\($0.line) \($0.code)" }
    }

    private func record(_ spans: String, text: String = "Aim: 🧪 40 mg", id: String = "p1", more: String = "") -> String {
        #"{"id":"\#(id)","text":"\#(text)"\#(more),"entities":[\#(spans)]}"#
    }

    private func span(_ start: String, _ end: String, _ label: String = "A", more: String = "") -> String {
        #"{"startOffset":\#(start),"endOffset":\#(end),"label":"\#(label)"\#(more)}"#
    }

    @Test func aGoodRecordHasNoFindings() {
        #expect(findings(record(span("0", "3") + "," + span("5", "6", "B"), more: #","tokens":[[0,3],[3,4],[5,6]]"#), "").isEmpty)
    }

    @Test(arguments: [
        ("0", "99", "out-of-range"), ("3", "2", "out-of-range"), ("-1", "2", "out-of-range"), ("0.0", "2", "bad-span"),
        (#""0""#, "2", "bad-span"), ("3", "5", "edge-space"), ("1", "3", "off-token"),
    ])
    func oneBadSpanIsOneFinding(start: String, end: String, code: String) {
        let tokens = code == "off-token" ? #","tokens":[[0,3]]"# : ""
        #expect(findings(record(span(start, end), more: tokens)) == ["1 \(code)"])
    }

    @Test func overlapsOfOneOwnerAreFound() {
        #expect(findings(record(span("0", "6") + "," + span("0", "3", "B") + "," + span("5", "9"))) == ["1 overlap", "1 overlap"])
        #expect(findings(record(span("0", "3") + "," + span("0", "3"))) == ["1 duplicate-span"])
        let answers =
            #","annotations":[{"worker-id":"w1","entities":[\#(span("0", "3"))]},{"worker-id":"w2","entities":[\#(span("0", "3"))]}]"#
        #expect(findings(record(span("0", "3"), more: answers)).isEmpty)
    }

    @Test func surfacesTellTheUnit() {
        #expect(findings(record(span("5", "6", more: #","text":"🧪""#))).isEmpty)
        #expect(findings(record(span("5", "6", more: #","text":"x""#))) == ["1 surface-differs"])
        #expect(
            findings(record(span("5", "7", more: #","text":"🧪""#) + "," + span("8", "10", more: #","text":"40""#))) == [
                "1 offset-unit"
            ])
        #expect(findings(record("", more: #","offset-unit":"utf-16""#)) == ["1 offset-unit"])
    }

    @Test func idsStandOnce() {
        #expect(findings(record("", id: "a"), record("", id: "a")) == ["2 duplicate-id"])
        #expect(findings(record("", id: "a"), record("", text: "x", id: "a")) == ["2 mixed-texts"])
    }

    @Test func labelsAreWrittenOneWay() {
        let lines = [
            record(span("0", "3", "DOSE-Unit"), id: "a"), record(span("0", "3", "DOSE-Unit"), id: "b"),
            record(span("5", "6", "dose_unit"), id: "c"),
        ]
        #expect(findings(lines[0], lines[1], lines[2]) == ["3 label-spelling"])
    }

    @Test func oneSurfaceHasOneLabel() {
        #expect(
            findings(
                record(span("0", "3", "A"), id: "a"), record(span("0", "3", "B"), id: "b"), record(span("0", "3", "B"), id: "c"))
                == ["1 label-conflict"])
    }

    @Test(arguments: [
        ("{", "not-json"), ("[]", "bad-record"), (#"{"text":5}"#, "bad-record"), (#"{"text":"x","id":5}"#, "bad-record"),
        (#"{"text":"x","entities":{}}"#, "bad-record"), (#"{"text":"x","annotations":[{}]}"#, "bad-record"),
    ])
    func whatIsNoRecordIsFound(line: String, code: String) { #expect(findings(line) == ["1 \(code)"]) }
}
