import Annotations
import Consolidation
import GroundTruth
import Storage
import Testing
import TrainingData

@testable import Pipeline

extension DatasetReader.Item {
    /// `id: label start..<end, …` of a document, `id: code` of what is left out, with `!` for a failure.
    fileprivate var summary: String {
        switch self {
        case .document(let document):
            "\(document.id): "
                + document.entities.map { "\($0.span.label) \($0.span.start)..<\($0.span.end)" }.joined(separator: ", ")
        case .left(let loss, let isFailure): "\(loss.id): \(loss.code)\(isFailure ? "!" : "")"
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct DatasetReaderTests {
    private let folder: TestStore

    init() throws { folder = try TestStore() }

    private func read(_ lines: [String], attribute: String? = nil) async throws -> [String] {
        try await folder.put(lines: lines, to: "s3://papers/input")
        var items: [String] = []
        let reader = try await DatasetReader(
            store: folder.store, input: try ObjectURI(received: "s3://papers/input"), attribute: attribute)
        try await reader.forEachItem { items.append($0.summary) }
        return items
    }

    private func labeled(_ reference: String, _ entities: String, text: String = "s3://papers/t", unit: String = "utf-16") -> String
    {
        #"{"source-ref":"\#(reference)","text-file-s3-uri":"\#(text)","ner":{"annotations":{"entities":[\#(entities)]},"consolidation":{"offset-unit":"\#(unit)"}}}"#
    }

    @Test func readsAnOutputManifestWithItsTexts() async throws {
        try await folder.put("🧪 40 mg", to: "s3://papers/t")
        let items = try await read([
            labeled("s3://papers/1", #"{"startOffset":3,"endOffset":8,"label":"DOSE"}"#), labeled("s3://papers/2", ""),
            labeled("s3://papers/3", #"{"startOffset":1,"endOffset":3,"label":"DOSE"}"#, unit: "token"),
            #"{"source":"Aim","ner":{"annotations":{"entities":[]}}}"#,
        ])
        #expect(items == ["s3://papers/1: DOSE 2..<7", "s3://papers/2: ", "s3://papers/3: DOSE 2..<7", "line-4: "])
    }

    @Test func keepsUnlabeledFailedAndBadLinesApart() async throws {
        try await folder.put("Aim", to: "s3://papers/t")
        let items = try await read([
            labeled("s3://papers/1", ""), #"{"source-ref":"s3://papers/2"}"#,
            #"{"source-ref":"s3://papers/3","ner-metadata":{"failure-reason":"expired"}}"#, "nonsense",
            labeled("s3://papers/5", #"{"startOffset":0,"endOffset":9,"label":"A"}"#),
            labeled("s3://papers/6", "", text: "s3://papers/missing"),
            labeled("s3://papers/7", "", text: "file:///etc/passwd"),
            #"{"source-ref":"s3://papers/8","ner":{"annotationsFromAllWorkers":[]}}"#,
            #"{"source-ref":"s3://papers/9","ner":{"annotations":{"entities":[]}}}"#,
        ])
        #expect(
            items == [
                "s3://papers/1: ", "s3://papers/2: unlabeled", "s3://papers/3: failed", "line-4: not-json!", "line-5: bad-span!",
                "line-6: unreadable-text!",
                "line-7: unreadable-text!", "line-8: no-entities!", "line-9: no-text!",
            ])
    }

    /// What a line is does not depend on where it stands.
    @Test func theFirstLineMayBeUnlabeledOrFailed() async throws {
        try await folder.put("Aim", to: "s3://papers/t")
        let items = try await read([
            #"{"source-ref":"s3://papers/1"}"#, #"{"source-ref":"s3://papers/2","ner-metadata":{"failure-reason":"expired"}}"#,
            labeled("s3://papers/3", ""),
        ])
        #expect(items == ["s3://papers/1: unlabeled", "s3://papers/2: failed", "s3://papers/3: "])
    }

    @Test func ofSeveralAttributesOneMustBeNamed() async throws {
        let entity = #"{"startOffset":0,"endOffset":3,"label":"X"}"#
        let lines = [
            #"{"source":"Aim","a":{"annotations":{"entities":[]}}}"#,
            #"{"source":"Aim","b":{"annotations":{"entities":[\#(entity)]}}}"#,
        ]
        let error = await #expect(throws: PlanError.self) { _ = try await read(lines) }
        #expect(error?.message.contains("labels under a, b; choose one with --label-attribute") == true)
        #expect(try await read(lines, attribute: "b") == ["line-1: unlabeled", "line-2: X 0..<3"])
        let unknown = await #expect(throws: PlanError.self) { try await read(lines, attribute: "c") }
        #expect(unknown?.message == "s3://papers/input: no line has `c`; labels stand under a, b")
    }

    @Test func anAttributeThatOnlyFailedLinesHaveIsThere() async throws {
        let lines = [#"{"source":"Aim","a-metadata":{"failure-reason":"expired"}}"#]
        #expect(try await read(lines, attribute: "a") == ["line-1: failed"])
    }

    @Test func aRecordOfSpansMayHaveAnyKeys() async throws {
        let items = try await read([
            #"{"source":"PubMed","source-ref":"s3://papers/1","id":"p1","text":"Aim","entities":[{"startOffset":0,"endOffset":3,"label":"A"}]}"#,
            #"{"source":"PubMed","id":"p2","text":"Aim","annotations":[]}"#,
        ])
        #expect(items == ["p1: A 0..<3", "p2: unlabeled"])
        #expect(try await read([#"{"source":"Aim","text":"x","ner":{"annotations":{"entities":[]}}}"#]) == ["line-1: "])
    }

    @Test func aManifestWithoutLabelsIsNamed() async throws {
        let error = await #expect(throws: PlanError.self) { _ = try await read([#"{"source":"Aim"}"#]) }
        #expect(error?.message.hasPrefix("s3://papers/input: no key of any line holds labels") == true)
    }

    @Test func readsSpanLines() async throws {
        let items = try await read([
            #"{"id":"p1","text":"🧪 40 mg","entities":[{"startOffset":2,"endOffset":7,"label":"DOSE"}]}"#, "", #"{"text":"x"}"#,
            #"{"text":"x","entities":[]}"#, "{",
            #"{"id":"p6","text":"x","entities":[{"startOffset":0,"endOffset":2,"label":"A"}]}"#,
            #"{"id":"p7","text":"x","annotations":[{"worker-id":"w1","entities":[]}]}"#,
        ])
        #expect(
            items == [
                "p1: DOSE 2..<7", "line-3: unlabeled", "line-4: ", "line-5: not-json!", "line-6: bad-span!", "line-7: no-entities!",
            ])
    }

    @Test func knowsTheAttributeToWrite() async throws {
        try await folder.put(lines: [#"{"source":"x"}"#, labeled("s3://papers/1", "")], to: "s3://papers/input")
        let uri = try ObjectURI(received: "s3://papers/input")
        #expect(try await DatasetReader(store: folder.store, input: uri, attribute: nil).labelAttribute == "ner")
        #expect(try await DatasetReader(store: folder.store, input: uri, attribute: "mine").labelAttribute == "mine")
        try await folder.put(lines: [#"{"text":"x","entities":[]}"#], to: "s3://papers/input")
        #expect(try await DatasetReader(store: folder.store, input: uri, attribute: nil).labelAttribute == "labels")
    }
}

@Suite(.timeLimit(.minutes(1)))
struct DatasetExportTests {
    private let folder: TestStore

    init() throws { folder = try TestStore() }

    private func export(
        _ lines: [String], format: String = "spacy-jsonl", split: String? = nil, seed: Int = 0, to name: String = "out"
    ) async throws -> DatasetExport.Summary {
        try await folder.put(lines: lines, to: "s3://papers/input")
        let reader = try await DatasetReader(
            store: folder.store, input: try ObjectURI(received: "s3://papers/input"), attribute: nil)
        return try await DatasetExport(
            store: folder.store, reader: reader, format: try #require(DataFormat(named: format)),
            options: ExportOptions(attribute: "ner"), folder: ObjectURI(received: "s3://papers/\(name)"),
            split: try split.map { try #require(DataSplit($0)) }, seed: seed
        ).run()
    }

    private func record(_ id: Int, text: String? = nil) -> String {
        #"{"id":"p\#(id)","text":"\#(text ?? "text \(id)")","entities":[{"startOffset":0,"endOffset":4,"label":"A"}]}"#
    }

    @Test func writesOneFileAndWhatWasLost() async throws {
        let summary = try await export([
            record(1),
            #"{"id":"p2","text":"a b","entities":[{"startOffset":0,"endOffset":2,"label":"A"},{"startOffset":0,"endOffset":3,"label":"B"}]}"#,
            "{", #"{"text":"x","entities":[]}"#,
        ])
        #expect(
            try await folder.lines("s3://papers/out/all.jsonl") == [
                #"{"entities":[[0,4,"A"]],"id":"p1","text":"text 1"}"#, #"{"entities":[[0,3,"B"]],"id":"p2","text":"a b"}"#,
                #"{"entities":[],"id":"line-4","text":"x"}"#,
            ])
        let losses = try await folder.lines("s3://papers/out/loss.jsonl").map { try JSONScanner.parse($0.utf8) }
        #expect(losses.map { $0["code"]?.string } == ["trimmed", "overlap", "not-json"])
        #expect(losses.map { $0["id"]?.string } == ["p2", "p2", "line-3"])
        #expect(
            summary
                == DatasetExport.Summary(
                    documents: 3, entities: 3, losses: 3, failures: 1,
                    parts: [.init(name: "all.jsonl", documents: 3, labels: ["A": 2, "B": 1])]))
        #expect(try await folder.names("s3://papers/out") == ["all.jsonl", "export.json", "loss.jsonl"])
    }

    @Test(arguments: [
        ("ground-truth", ["all.manifest"]), ("conll", ["all.conll", "all.tokens.jsonl"]), ("hf", ["README.md", "all.jsonl"]),
        ("spacy", ["all.spacy"]), ("gliner", ["all.json", "all.tokens.jsonl"]), ("label-studio", ["all.json", "label-config.xml"]),
        ("comprehend", ["all.csv", "all.txt"]), ("brat", ["all/annotation.conf", "all/p1.ann", "all/p1.txt"]),
        ("webanno-tsv", ["all/p1.tsv"]), ("w3c", ["all/p1.jsonld", "all/p1.txt"]),
    ])
    func namesItsFiles(format: String, names: [String]) async throws {
        _ = try await export([record(1)], format: format)
        #expect(Set(try await folder.names("s3://papers/out")) == Set(names + ["export.json", "loss.jsonl"]))
    }

    @Test func anExportReplacesAnEarlierOneOfItsFormat() async throws {
        _ = try await export((0..<20).map { record($0) }, split: "80,10,10")
        _ = try await export([record(1)])
        #expect(try await folder.names("s3://papers/out") == ["all.jsonl", "export.json", "loss.jsonl"])
        _ = try await export([record(1), record(2)], format: "brat", to: "brat")
        _ = try await export([record(2)], format: "brat", to: "brat")
        #expect(
            Set(try await folder.names("s3://papers/brat")) == [
                "all/annotation.conf", "all/p2.ann", "all/p2.txt", "export.json", "loss.jsonl",
            ])
    }

    @Test func anExportOfAnotherFormatIsRefusedAndNothingChanges() async throws {
        _ = try await export([record(1)], format: "conll")
        let before = try await folder.names("s3://papers/out")
        let error = await #expect(throws: PlanError.self) { try await export([record(1)], format: "prodigy") }
        #expect(error?.message.contains("holds an export in the format conll") == true)
        #expect(try await folder.names("s3://papers/out") == before)
    }

    @Test(arguments: ["all.jsonl", "loss.jsonl"]) func filesOfOtherOriginAreNotReplaced(name: String) async throws {
        try await folder.put("mine", to: "s3://papers/out/\(name)")
        try await folder.put("mine", to: "s3://papers/out/notes.txt")
        let error = await #expect(throws: PlanError.self) { try await export([record(1)]) }
        #expect(error?.message.contains("has a \(name) that is of no earlier export") == true)
        #expect(try await folder.text("s3://papers/out/\(name)") == "mine")
        _ = try await export([record(1)], to: "other")
    }

    @Test func twoDocumentsOfOneIDCannotHaveOneFile() async throws {
        let summary = try await export([record(1), record(1, text: "other")], format: "brat")
        #expect(summary.documents == 1 && summary.failures == 1)
        #expect(try await folder.text("s3://papers/out/loss.jsonl").contains("duplicate-id"))
        #expect(try await folder.text("s3://papers/out/all/p1.txt") == "text 1")
    }

    @Test func theReportSaysWhatTheExportIs() async throws {
        _ = try await export([record(1), record(2)], format: "conll", split: "50,50", seed: 3)
        #expect(
            try await folder.text("s3://papers/out/export.json")
                == #"{"documents":2,"entities":2,"failures":0,"files":["dev.conll","dev.tokens.jsonl","loss.jsonl","train.conll","train.tokens.jsonl"],"#
                + #""format":"conll","losses":0,"parts":[{"documents":1,"labels":{"A":1},"name":"train.conll"},"#
                + #"{"documents":1,"labels":{"A":1},"name":"dev.conll"}],"scheme":"BIO2","seed":3,"split":[50,50]}"# + "\n")
    }

    @Test func sizesOfASplitAreExact() async throws {
        let summary = try await export((0..<20).map { record($0) }, split: "80,10,10")
        #expect(
            summary.parts == [
                .init(name: "train.jsonl", documents: 16, labels: ["A": 16]),
                .init(name: "dev.jsonl", documents: 2, labels: ["A": 2]),
                .init(name: "test.jsonl", documents: 2, labels: ["A": 2]),
            ])
        let two = try await export((0..<20).map { record($0) }, split: "75,25", to: "two")
        #expect(two.parts.map(\.documents) == [15, 5])
    }

    @Test func oneTextStaysInOnePart() async throws {
        let summary = try await export((0..<30).map { record($0, text: "text \($0 % 3)") }, split: "34,33,33")
        #expect(summary.parts.map(\.documents) == [10, 10, 10])
    }

    private func parts(_ name: String) async throws -> [Set<String>] {
        var parts: [Set<String>] = []
        for part in ["train", "dev", "test"] { parts.append(Set(try await folder.lines("s3://papers/\(name)/\(part).jsonl"))) }
        return parts
    }

    @Test func theOrderOfTheInputDoesNotDecideAndTheSeedDoes() async throws {
        let lines = (0..<40).map { record($0) }
        _ = try await export(lines, split: "50,25,25", to: "one")
        _ = try await export(lines.reversed(), split: "50,25,25", to: "other")
        _ = try await export(lines, split: "50,25,25", seed: 1, to: "seeded")
        let one = try await parts("one")
        #expect(try await parts("other") == one)
        #expect(try await parts("seeded") != one)
        #expect(one.reduce(0) { $0 + $1.count } == 40)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct SpanConsolidationTests {
    private let folder: TestStore

    init() throws { folder = try TestStore() }

    private func run(_ lines: [String], _ method: ConsolidationMethod = .groundTruth) async throws -> [String] {
        try await folder.put(lines: lines, to: "s3://papers/spans")
        var outcomes: [String] = []
        try await SpanConsolidation(store: folder.store, method: method).run(spans: ObjectURI(received: "s3://papers/spans")) {
            outcome in
            switch outcome {
            case .line(let bytes): outcomes.append(bytes.text)
            case .failure(let line, let reason): outcomes.append("\(line): \(reason)")
            }
        }
        return outcomes
    }

    private let record =
        #"{"id":"p1", "n":1.0,"text":"🧪 40 mg","annotations":[{"worker-id":"w1","entities":[{"startOffset":2,"endOffset":7,"label":"DOSE"}]},{"worker-id":"w2","entities":[]}]}"#

    @Test func addsEntitiesAndKeepsTheRest() async throws {
        #expect(
            try await run([record]) == [
                record.dropLast()
                    + #","entities":[{"confidence":0.5,"endOffset":7,"label":"DOSE","label-shares":{"DOSE":1.0},"rule":"cluster","startOffset":2,"support":["w1"]}]}"#
                    + "\n"
            ])
    }

    @Test func bestIsNamedByItsRuleAndReadsTokens() async throws {
        let answers = (1...4).map { #"{"worker-id":"w\#($0)","entities":[{"startOffset":2,"endOffset":7,"label":"DOSE"}]}"# }
        let lines = try await run(
            [#"{"text":"🧪 40 mg","tokens":[[0,1],[2,4],[5,7]],"annotations":[\#(answers.joined(separator: ","))]}"#], .best)
        #expect(lines.count == 1)
        #expect(lines[0].contains(#""rule":"likely-mean","startOffset":2,"support":["w1","w2","w3","w4"]}"#))
    }

    @Test func excludedWorkersDoNotCount() async throws {
        try await folder.put(lines: [record], to: "s3://papers/spans")
        var lines: [String] = []
        let consolidation = SpanConsolidation(store: folder.store, method: .groundTruth, excludedWorkers: ["w1"])
        let summary = try await consolidation.run(spans: ObjectURI(received: "s3://papers/spans")) { outcome in
            if case .line(let bytes) = outcome { lines.append(bytes.text) }
        }
        #expect(lines == [record.dropLast() + #","entities":[]}"# + "\n"])
        #expect(summary.workers == 1)
    }

    @Test(arguments: ["[[0,1],[0,2]]", "[[2,99]]", "[[3]]", "7"]) func badTokensAreNamed(tokens: String) async throws {
        let outcomes = try await run([#"{"text":"🧪 40 mg","tokens":\#(tokens)}"#])
        #expect(outcomes.count == 1 && outcomes[0].hasPrefix("1: bad-"))
    }

    @Test func allWorkersChangesNothing() async throws { #expect(try await run([record], .allWorkers) == [record + "\n"]) }

    @Test func aBadRecordIsNamedAndTheOthersAreDone() async throws {
        let outcomes = try await run([
            "{", "", #"{"text":"x","annotations":[{"worker-id":"w1","entities":[{"startOffset":0,"endOffset":2,"label":"A"}]}]}"#,
            #"{"text":"x"}"#,
        ])
        #expect(outcomes.count == 3)
        #expect(outcomes[0].hasPrefix("1: not-json"))
        #expect(outcomes[1].hasPrefix("3: bad-span") && outcomes[1].contains("worker w1"))
        #expect(outcomes[2] == #"{"text":"x","entities":[]}"# + "\n")
    }
}
