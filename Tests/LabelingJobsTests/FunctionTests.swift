import GroundTruth
import LabelingJobs
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FunctionTests {
    private static let custom: [String: JSONOutput] = [
        "AnnotationConsolidationConfig": [
            "AnnotationConsolidationLambdaArn": "arn:aws:lambda:us-west-2:111122223333:function:post"
        ],
        "PreHumanTaskLambdaArn": "arn:aws:lambda:us-west-2:111122223333:function:pre",
    ]

    @Test func withoutFunctionsTheLineIsTheInputAndTheAnswersAreReferredTo() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request(builtIn: nil))
        let task = try #require(try await bench.store.claim("demo", for: "w1", at: bench.clock.now))
        #expect(task.input == #"{"source":"text 0","weight":1.0}"#)
        try await bench.store.submit(try JSONScanner.parse("{}".utf8), to: "demo", 0, by: "w1", at: bench.clock.now)
        try await bench.engine.advance()
        let line = try #require(try await bench.output().first)
        #expect(line["kind"]?.object?.isEmpty == true)
        #expect(
            line["kind-metadata"]?["worker-response-ref"]?.string
                == "s3://bench/out/demo/annotations/worker-response/iteration-1/0/2024-03-01_10:02:03.json")
        #expect(line["kind-metadata"]?["creation-date"]?.string == "2024-03-01T10:02:03+0000")
    }

    @Test func anObjectThatBreaksTheConsolidationFunctionFailsAlone() async throws {
        let bench = try Bench { name, event in
            guard name.hasSuffix("post") else { return ["isHumanAnnotationRequired": "true", "taskInput": ["a": 1]] }
            let uri = event["payload"]?["s3Uri"]?.string ?? ""
            // Two answers in the first payload; the function knows only how to fail on both together.
            if uri.hasSuffix("10:02:03.json") { throw JobError(.functionFailed, "both") }
            return [["consolidatedAnnotation": ["content": ["kind": "ok"]], "datasetObjectId": "1"]]
        }
        try await bench.putInput(2)
        try await bench.start(try request(builtIn: nil, human: Self.custom))
        for _ in 0..<2 { try await bench.answer("w1", "{}") }
        try await bench.engine.advance()
        let lines = try await bench.output()
        #expect(lines[0]["kind"] == nil)
        #expect(lines[0]["kind-metadata"]?["failure-reason"]?.string?.contains("answered nothing") == true)
        #expect(lines[1]["kind"]?.string == "ok")
    }

    @Test(arguments: [
        (#"{"labels":1,"other":2}"#, "it has `labels`, `other`"), ("{}", "it has no keys"),
        (#""kind""#, "it has no keys: it is a string"),
    ])
    func aContentWithoutTheLabelAttributeIsToldByItsKeys(content: String, words: String) async throws {
        let bench = try Bench { name, event in
            guard name.hasSuffix("post") else { return ["isHumanAnnotationRequired": "true", "taskInput": ["a": 1]] }
            return [["consolidatedAnnotation": ["content": .raw(Array(content.utf8)[...])], "datasetObjectId": "0"]]
        }
        try await bench.putInput(1)
        try await bench.start(try request(builtIn: nil, human: Self.custom))
        try await bench.answer("w1", "{}")
        try await bench.engine.advance()
        let reason = try await bench.output()[0]["kind-metadata"]?["failure-reason"]?.string
        #expect(reason?.contains("no key `kind`, the label attribute; \(words)") == true, "\(reason ?? "")")
    }

    @Test func anObjectWithoutAUsableAnswerFailsAndIsNotCountedAsLabeled() async throws {
        let reason = "no answer could be read: the span ends after the text"
        let bench = try Bench { name, event in
            guard name.hasSuffix("post") else { return ["isHumanAnnotationRequired": "true", "taskInput": ["a": 1]] }
            let content: JSONOutput = ["kind": ["consolidation": ["failure-reason": .string(reason)]]]
            return [["consolidatedAnnotation": ["content": content], "datasetObjectId": "0"]]
        }
        try await bench.putInput(1)
        try await bench.start(try request(builtIn: nil, human: Self.custom))
        try await bench.answer("w1", "{}")
        try await bench.engine.advance()
        let counters = try await bench.store.counters(of: try await bench.store.job(named: "demo"))
        #expect((counters.labeled, counters.failed) == (0, 1))
        let line = try #require(try await bench.output().first)
        #expect(line["kind"] == nil && line["kind-metadata"]?["failure-reason"]?.string == reason)
    }

    @Test func anObjectThatNeedsNoAnnotationIsCopiedAndCountedNowhere() async throws {
        let bench = try Bench { _, event in
            let isFirst = event["dataObject"]?["source"]?.string == "text 0"
            return ["isHumanAnnotationRequired": .bool(!isFirst), "taskInput": ["a": 1]]
        }
        try await bench.putInput(2)
        try await bench.start(try request(builtIn: nil, human: ["PreHumanTaskLambdaArn": "pre"]))
        #expect(try await bench.answer("w1", "{}") == 1)
        try await bench.engine.advance()
        let job = try await bench.store.job(named: "demo")
        let counters = try await bench.store.counters(of: job)
        #expect((counters.labeled, counters.failed, counters.unlabeled) == (1, 0, 0))
        #expect(String(decoding: try await bench.output()[0].raw, as: UTF8.self) == #"{"source":"text 0","weight":1.0}"#)
    }

    @Test func namedEntitiesAreConsolidatedInTheDocumentedShape() async throws {
        let bench = try Bench()
        try await bench.putInput(1, labels: ["DOSE", "DRUG"])
        try await bench.start(try request(workers: 2, builtIn: "NamedEntityRecognition"))
        let answer = #"{"crowd-entity-annotation":{"entities":[{"endOffset":4,"label":"DOSE","startOffset":0}]}}"#
        try await bench.answer("w1", answer)
        try await bench.answer("w2", answer)
        try await bench.engine.advance()
        let line = try #require(try await bench.output().first)
        let entity = try #require(line["kind"]?["annotations"]?["entities"]?.array?.first)
        #expect((entity["startOffset"]?.int, entity["endOffset"]?.int, entity["label"]?.string) == (0, 4, "DOSE"))
        #expect(line["kind"]?["annotations"]?["labels"]?.array?.count == 2)
        #expect(line["kind-metadata"]?["entities"]?.array?.map { $0["confidence"]?.double } == [1])
        #expect(line["kind-metadata"]?["type"]?.string == "groundtruth/text-span")
    }

    @Test func aMarkThatCannotBeUsedReachesNoOutputAndIsNamed() async throws {
        let bench = try Bench()
        try await bench.putInput(1, labels: ["DOSE", "DRUG"])
        try await bench.start(try request(workers: 2, builtIn: "NamedEntityRecognition"))
        let good = #"{"endOffset":4,"label":"DOSE","startOffset":0}"#
        let zebra = #"{"endOffset":1,"label":"zebra","startOffset":0}"#
        let outside = #"{"endOffset":100,"label":"DRUG","startOffset":-1}"#
        try await bench.answer("w1", #"{"crowd-entity-annotation":{"entities":[\#(good),\#(zebra)]}}"#)
        try await bench.answer("w2", #"{"crowd-entity-annotation":{"entities":[\#(zebra),\#(outside),\#(good)]}}"#)
        try await bench.engine.advance()
        let line = try #require(try await bench.output().first)
        #expect(line["kind"]?["annotations"]?["entities"]?.array?.map { $0["label"]?.string } == ["DOSE"])
        let metadata = try #require(line["kind-metadata"])
        #expect(metadata["entities"]?.array?.map { $0["confidence"]?.double } == [1])
        let rejected = metadata["rejected"]?.array ?? []
        #expect(rejected.map { $0["workerId"]?.string } == ["w1", "w2", "w2"])
        let words = ["`zebra` is none of the job's labels", "-1..<100 (DRUG) is no span", "`zebra` is none"]
        #expect(zip(rejected, words).allSatisfy { $0["reason"]?.string?.contains($1) == true })
    }

    @Test func severalLabelsHaveTheirMaps() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request(workers: 2, builtIn: "TextMultiClassMultiLabel"))
        try await bench.answer("w1", #"{"crowd-classifier-multi-select":{"labels":["plant","person"]}}"#)
        try await bench.answer("w2", #"{"crowd-classifier-multi-select":{"labels":["plant"]}}"#)
        try await bench.engine.advance()
        let line = try #require(try await bench.output().first)
        #expect(line["kind"]?.array?.map(\.int) == [0, 2])
        #expect(line["kind-metadata"]?["class-map"]?["2"]?.string == "plant")
        let person = try #require(line["kind-metadata"]?["confidence-map"]?["0"]?.double)
        let plant = try #require(line["kind-metadata"]?["confidence-map"]?["2"]?.double)
        #expect(plant > person)
    }
}
