import Annotations
import GroundTruth
import Testing
import TrainingData

@Suite(.timeLimit(.minutes(1)))
struct SpanRecordTests {
    private func record(_ line: String, number: Int = 3) throws(RecordError) -> SpanRecord {
        try SpanRecord(parsing: Array(line.utf8), number: number)
    }

    @Test func readsAnswersAndEntities() throws {
        let record = try record(
            #"{"id":"p1","text":"a🧪b","annotations":[{"worker-id":"w1","entities":[{"startOffset":1,"endOffset":2,"label":"X"}]},{"worker-id":"w2","entities":[]}],"entities":[{"startOffset":2,"endOffset":3,"label":"Y","confidence":0.5}]}"#
        )
        #expect(record.id == "p1")
        #expect(record.answers.map(\.workerID) == ["w1", "w2"])
        #expect(record.answers.map { $0.spans.map { record.text.slice($0) } } == [["🧪"], []])
        #expect(record.entities?.map { record.text.slice($0.span) } == ["b"])
        #expect(record.entities?.map(\.confidence) == [0.5])
    }

    @Test func readsSentencesThatFollowOneAnother() throws {
        let record = try record(#"{"text":"Aa. Bb.","sentences":[[0,3],[4,7]]}"#)
        #expect(record.sentences?.map { record.text.slice($0) } == ["Aa.", "Bb."])
        for bad in ["[[0,3],[2,7]]", "[[0,8]]", "[[3,3]]", "[[0]]", "[7]", "{}"] {
            #expect(throws: RecordError.self) { try self.record(#"{"text":"Aa. Bb.","sentences":\#(bad)}"#) }
        }
    }

    @Test(arguments: [#"{"text":"x"}"#, #"{"id":null,"text":"x","entities":null,"annotations":null}"#])
    func whatIsAbsentStaysAbsent(line: String) throws {
        let record = try record(line)
        #expect(record.id == "line-3")
        #expect(record.answers.isEmpty)
        #expect(record.entities == nil)
    }

    @Test func setsSuggestionsAndKeepsTheRest() throws {
        let record = try record(#"{"text":"Aim","suggestions":[],"entities":[]}"#)
        let line = String(decoding: record.setting(suggestions: []), as: UTF8.self)
        #expect(line == #"{"text":"Aim","entities":[],"suggestions":[]}"#)
    }

    @Test func setsEntitiesAndKeepsTheRest() throws {
        let record = try record(#"{"text":"Aim", "n":1.0,"entities":[],"gold":[{ }]}"#)
        let span = try #require(ScalarSpan(start: ScalarOffset(0), end: ScalarOffset(3), label: "A"))
        let line = String(decoding: record.setting(entities: [ScoredSpan(span: span, confidence: 0.25)]), as: UTF8.self)
        #expect(
            line
                == #"{"text":"Aim","n":1.0,"gold":[{ }],"entities":[{"confidence":0.25,"endOffset":3,"label":"A","startOffset":0}]}"#
        )
    }

    @Test(arguments: [
        ("{", "not-json", ""), ("[]", "not-an-object", "an array"), ("{}", "bad-record", "text"),
        (#"{"text":5}"#, "bad-record", "text"), (#"{"text":"x","id":5}"#, "bad-record", "id"),
        (#"{"text":"x","entities":{}}"#, "bad-record", "entities"),
        (#"{"text":"x","annotations":{}}"#, "bad-record", "annotations"),
        (#"{"text":"x","annotations":[{"entities":[]}]}"#, "bad-record", "worker-id"),
        (#"{"text":"x","annotations":[{"worker-id":"w1"}]}"#, "bad-record", "w1"),
        (
            #"{"text":"x","annotations":[{"worker-id":"w1","entities":[]},{"worker-id":"w1","entities":[]}]}"#, "duplicate-worker",
            "w1"
        ),
        (#"{"text":"🧪","entities":[{"startOffset":0,"endOffset":2,"label":"A"}]}"#, "bad-span", "1 characters"),
        (
            #"{"text":"x","annotations":[{"worker-id":"w1","entities":[{"startOffset":0,"endOffset":9,"label":"A"}]}]}"#,
            "bad-span", "worker w1"
        ),
        (#"{"text":"x","entities":[{"startOffset":0.0,"endOffset":1,"label":"A"}]}"#, "bad-span", "0.0"),
        (#"{"text":"x","entities":[{"startOffset":1,"endOffset":0,"label":"A"}]}"#, "bad-span", ""),
        (#"{"text":"x","entities":[{"startOffset":0,"endOffset":1}]}"#, "bad-span", ""),
    ])
    func refusesByName(line: String, code: String, name: String) {
        let error = #expect(throws: RecordError.self) { try record(line) }
        #expect(error?.code == code)
        #expect(name.isEmpty || error?.message.contains(name) == true, "\(error?.message ?? "")")
    }

    @Test func aConfidenceBeyondAllBoundsDoesNotStopAnExport() throws {
        let record = try record(
            #"{"text":"x","entities":[{"startOffset":0,"endOffset":1,"label":"A","confidence":1e999},{"startOffset":0,"endOffset":1,"label":"B","confidence":1e308}]}"#
        )
        let document = LabeledDocument(id: "p", text: record.text, entities: try #require(record.entities), line: record.line)
        _ = try ManifestLine(parsing: FormatTest("ground-truth").export(document).bytes)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ManifestLabelsTests {
    private func state(_ line: String) throws -> ManifestLabels.State {
        try ManifestLabels.state(of: ManifestLine(parsing: line.utf8), attribute: "ner")
    }

    private func spans(_ line: String, text: String) throws -> [ScoredSpan] {
        guard case .labeled(let labels) = try state(line) else { throw RecordError("unlabeled", "") }
        return try ManifestLabels.spans(labels, text: DocumentText(text))
    }

    @Test(arguments: [
        (#"{"source":"x"}"#, "unlabeled"), (#"{"source":"x","ner":null}"#, "unlabeled"),
        (#"{"source":"x","ner-metadata":{"human-annotated":"no"}}"#, "unlabeled"),
        (#"{"source":"x","ner-metadata":{"failure-reason":"expired"}}"#, "failed expired"),
        (
            #"{"source":"x","ner":{"annotationsFromAllWorkers":[],"consolidation":{"failure-reason":"no worker answered"}}}"#,
            "failed no worker answered"
        ),
        (#"{"source":"x","ner":{"annotations":{"entities":[]}}}"#, "labeled"),
        (#"{"source":"x","ner":{"annotations":{"entities":[{}]}}}"#, "labeled"),
    ])
    func keepsLabeledUnlabeledAndFailedApart(line: String, expected: String) throws {
        let found =
            switch try state(line) {
            case .labeled: "labeled"
            case .unlabeled: "unlabeled"
            case .failed(let reason): "failed \(reason)"
            }
        #expect(found == expected)
    }

    @Test(arguments: [
        (#"{"annotationsFromAllWorkers":[]}"#, "consolidate them first"), ("5", "no `annotations.entities`"),
        (#"{"annotations":{"entities":{}}}"#, "no `annotations.entities`"),
    ])
    func refusesAnAttributeWithoutEntities(value: String, name: String) {
        let error = #expect(throws: RecordError.self) { try state(#"{"source":"x","ner":\#(value)}"#) }
        #expect(error?.code == "no-entities")
        #expect(error?.message.contains(name) == true)
    }

    @Test func convertsUTF16Units() throws {
        let found = try spans(
            #"{"ner":{"annotations":{"entities":[{"endOffset":3,"label":"A","startOffset":2}]},"consolidation":{"confidence":[0.5]}}}"#,
            text: "🧪x🧪")
        #expect(try found.map(\.span) == [#require(ScalarSpan(start: ScalarOffset(1), end: ScalarOffset(2), label: "A"))])
        #expect(found.map(\.confidence) == [0.5])
    }

    @Test func convertsTokenUnits() throws {
        let line =
            #"{"ner":{"annotations":{"entities":[{"endOffset":4,"label":"A","startOffset":2}]},"consolidation":{"confidence":[0.5],"offset-unit":"token"}}}"#
        let found = try spans(line, text: "\u{FEFF}Aim: 🧪\r\n40 mg x y")
        #expect(try found.map(\.span) == [#require(ScalarSpan(start: ScalarOffset(12), end: ScalarOffset(16), label: "A"))])
        #expect(found.map(\.confidence) == [0.5])
    }

    @Test func readsConfidencesOfBuiltInJobs() throws {
        let line =
            #"{"ner":{"annotations":{"entities":[{"endOffset":1,"label":"A","startOffset":0}]}},"ner-metadata":{"entities":[{"confidence":0.71}]}}"#
        #expect(try spans(line, text: "x").map(\.confidence) == [0.71])
    }

    @Test func confidencesThatDoNotMatchAreNotGuessed() throws {
        let line =
            #"{"ner":{"annotations":{"entities":[{"endOffset":1,"label":"A","startOffset":0}]},"consolidation":{"confidence":[0.5,0.5]}}}"#
        #expect(try spans(line, text: "x").map(\.confidence) == [nil])
    }

    @Test(arguments: [
        (#"{"endOffset":9,"label":"A","startOffset":0}"#, "utf-16", "bad-span"),
        (#"{"endOffset":1,"label":"A","startOffset":0}"#, "utf-16", "bad-span"),
        (#"{"endOffset":2,"label":"A","startOffset":2}"#, "utf-16", "bad-span"),
        (#"{"endOffset":2.0,"label":"A","startOffset":0}"#, "utf-16", "bad-span"),
        (#"{"endOffset":2,"startOffset":0}"#, "utf-16", "bad-span"),
        (#"{"endOffset":2,"label":"A","startOffset":0}"#, "bytes", "unknown-unit"),
        (#"{"endOffset":5,"label":"A","startOffset":0}"#, "token", "bad-span"),
        (#"{"endOffset":0,"label":"A","startOffset":-1}"#, "token", "bad-span"),
    ])
    func refusesSpansThatDoNotFit(entity: String, unit: String, code: String) {
        let line = #"{"ner":{"annotations":{"entities":[\#(entity)]},"consolidation":{"offset-unit":"\#(unit)"}}}"#
        let error = #expect(throws: RecordError.self) { try spans(line, text: "🧪 x") }
        #expect(error?.code == code)
    }

    @Test(
        arguments: [
            (#"{"source":"x","ner":{"annotations":{"entities":[]}}}"#, ["ner"]),
            (#"{"source":"x","a":{"annotationsFromAllWorkers":[]},"b":1,"metadata":{"type":"x"}}"#, ["a"]),
            (#"{"source":"x","t":1,"t-metadata":{"type":"groundTruth/text-classification"}}"#, ["t"]),
            (#"{"source":"x","ner-metadata":{"type":"groundtruth/text-span"}}"#, []),
            (#"{"source":"x","b":{"annotations":{"entities":[]}},"a":{"annotations":{"entities":[]}}}"#, ["b", "a"]),
        ] as [(String, [String])])
    func findsLabelAttributes(line: String, expected: [String]) throws {
        #expect(ManifestLabels.attributes(of: try ManifestLine(parsing: line.utf8)) == expected)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct DataSplitTests {
    @Test(arguments: ["80,10,10", "90,10", "100,0", "0,0,100", "33,33,34"]) func readsPercents(text: String) throws {
        #expect(try #require(DataSplit(text)).percents.map(String.init).joined(separator: ",") == text)
    }

    @Test(arguments: ["", "100", "80,10", "80,10,20", "50,50,0,0", "110,-10", "80.0,20", "a,b", "80,20,", "80, 20"])
    func refusesOtherSplits(text: String) {
        #expect(DataSplit(text) == nil)
    }

    private func groups(_ texts: [String], seed: Int = 0) -> [NearDuplicates.Group] {
        var copies = NearDuplicates()
        for text in texts { copies.add(DocumentText(text), seed: seed) }
        return copies.groups()
    }

    /// Largest remainder: exact sizes.
    @Test(arguments: [
        (100, "80,10,10", [80, 10, 10]), (7, "80,10,10", [5, 1, 1]), (1, "80,10,10", [1, 0, 0]), (0, "90,10", [0, 0]),
        (3, "50,50", [2, 1]), (10, "33,33,34", [3, 3, 4]),
        (5, "100,0", [5, 0]), (9, "0,50,50", [0, 5, 4]),
    ])
    func sizesAreExact(count: Int, split: String, sizes: [Int]) throws {
        let split = try #require(DataSplit(split))
        let parts = split.assign(groups((0..<count).map { "text \($0)" }))
        #expect(parts.count == count)
        #expect(split.percents.indices.map { part in parts.count { $0 == part } } == sizes)
    }

    @Test func onlyTheTextsAndTheSeedDecide() throws {
        let split = try #require(DataSplit("50,50"))
        let texts = (0..<60).map { "text \($0)" }
        let parts = split.assign(groups(texts))
        #expect(split.assign(groups(texts.reversed())) == parts.reversed())
        #expect(split.assign(groups(texts, seed: 1)) != parts)
    }

    @Test func aGroupStaysInOnePart() throws {
        let split = try #require(DataSplit("34,33,33"))
        let texts = (0..<30).map { "text \($0 % 3)" }
        let parts = split.assign(groups(texts))
        #expect([0, 1, 2].map { part in parts.count { $0 == part } } == [10, 10, 10])
        #expect(parts.indices.allSatisfy { parts[$0] == parts[$0 % 3] })
    }
}
