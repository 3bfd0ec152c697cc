import Annotations
import Consolidation
import Functions
import GroundTruth
import Storage
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PostAnnotationTests {
    private let folder: TestStore

    init() throws { folder = try TestStore() }

    private let text = "Aim: 🧪 40 mg aspirin.\r\nMethods: trial."
    private var content: JSONOutput { ["content": .string(text)] }

    private func functionError(_ event: String) async -> FunctionError? {
        await #expect(throws: FunctionError.self) { _ = try await folder.consolidate(Array(event.utf8)) }
    }

    // MARK: The answer's form

    @Test func writesEntitiesConfidencesAndSupport() async throws {
        let answered = try await folder.consolidate(
            event(
                object(
                    "0", ["content": "Ship 2 crates to Oslo"], answer("w1", content: crowd((5, 13, "CARGO"))),
                    answer("w2", content: crowd((5, 13, "CARGO"), (17, 21, "PLACE")))),
                categories: ["PLACE", "CARGO"]))
        let annotation = try #require(answered.annotations.first)
        #expect(
            annotation["annotations"]?.written
                == #"{"entities":[{"endOffset":13,"label":"CARGO","startOffset":5},{"endOffset":21,"label":"PLACE","startOffset":17}],"labels":[{"label":"PLACE"},{"label":"CARGO"}]}"#
        )
        #expect(
            annotation["consolidation"]?.written
                == #"{"confidence":[1.0,0.5],"method":"ground-truth","offset-unit":"utf-16","rejected":[],"rules":["cluster","cluster"],"support":[["w1","w2"],["w2"]]}"#
        )
    }

    @Test func nullCategoriesBecomeThoseUsedSorted() async throws {
        let answered = try await folder.consolidate(
            event(object("0", content, answer("w1", content: crowd((8, 13, "DOSE"), (0, 3, "AIM"))))))
        #expect(answered.annotations[0]["annotations"]?["labels"]?.written == #"[{"label":"AIM"},{"label":"DOSE"}]"#)
    }

    @Test func overlappingSpansSurvive() async throws {
        let marks = crowd((0, 22, "METHODS"), (8, 13, "DOSE"), (8, 13, "DRUG"))
        let answered = try await folder.consolidate(
            event(object("0", content, answer("w1", content: marks), answer("w2", content: marks))))
        #expect(answered.spans() == ["0..<22 METHODS", "8..<13 DOSE", "8..<13 DRUG"])
    }

    @Test func rawAnswersAreKeptByteForByte() async throws {
        let raw =
            #"[{ "workerId":"w1", "extra":1.0,"annotationData":{"content":"{\u007d"} },{"workerId":"w2","annotationData":{"content":"nonsense"}},7]"#
        let event =
            #"{"labelAttributeName":"demo","payload":[{"datasetObjectId":"0","dataObject":{"content":"x"},"annotations":\#(raw)}]}"#
        for method in ConsolidationMethod.allCases {
            let answered = try await folder.consolidate(Array(event.utf8), method: method)
            #expect(
                answered.annotations[0]["annotationsFromAllWorkers"]?.array?.map(\.written) == [
                    #"{ "workerId":"w1", "extra":1.0,"annotationData":{"content":"{\u007d"} }"#,
                    #"{"workerId":"w2","annotationData":{"content":"nonsense"}}"#, "7",
                ])
        }
    }

    @Test func allWorkersWritesTheAnswersOnly() async throws {
        let answered = try await folder.consolidate(
            event(object("0", content, answer("w1", content: "nonsense")), object("1", content)), method: .allWorkers)
        #expect(answered.ids == ["0", "1"])
        #expect(
            answered.annotations.map { $0.object?.map(\.key) } == [["annotationsFromAllWorkers"], ["annotationsFromAllWorkers"]])
        #expect(answered.failures.isEmpty)
    }

    @Test func theSameEventGivesTheSameBytes() async throws {
        let event = event(
            object(
                "0", content, answer("w1", content: crowd((8, 13, "A"), (0, 3, "B"))), answer("w2", content: crowd((8, 13, "C")))))
        let function = PostAnnotation(store: folder.store, manifest: nil, method: .groundTruth)
        let first = try await function.respond(to: event, logger: silent).body
        #expect(try await function.respond(to: event, logger: silent).body == first)
    }

    // MARK: Payload and answers by URI

    @Test(arguments: ["s3Uri", "s3uri"]) func readsPayloadAndAnswersByURI(key: String) async throws {
        try await folder.put(crowd((8, 13, "DOSE")), to: "s3://demo-out/answers/w1.json")
        let data: JSONOutput = ["annotationData": .object([key: "s3://demo-out/answers/w1.json"]), "workerId": "w1"]
        let payload = JSONOutput.array([object("0", content, data)])
        try await folder.store.put(payload.bytes, to: .s3(bucket: "demo-out", key: "payload.json"))
        let answered = try await folder.consolidate(
            Array(#"{"labelAttributeName":"demo","payload":{"s3Uri":"s3://demo-out/payload.json"}}"#.utf8))
        #expect(answered.spans() == ["8..<13 DOSE"])
    }

    @Test(arguments: ["file:///etc/passwd", "/etc/passwd", "s3://demo-out/../x"]) func anAnswerMayNotLieElsewhere(uri: String)
        async throws
    {
        let data: JSONOutput = ["annotationData": ["s3Uri": .string(uri)], "workerId": "w1"]
        let answered = try await folder.consolidate(event(object("0", content, data)))
        #expect(answered.failures == ["0"])
        #expect(answered.rejected().first?.hasPrefix("w1: \(uri)") == true)
    }

    @Test(arguments: ["file:///etc/passwd", "s3://demo-out/missing", "s3://demo-out/a/../b"]) func anUnreadablePayloadIsNamed(
        uri: String
    ) async {
        let error = await functionError(#"{"labelAttributeName":"demo","payload":{"s3Uri":"\#(uri)"}}"#)
        #expect(error?.code == .unreadablePayload)
        #expect(error?.message.contains(uri) == true)
    }

    @Test(arguments: [
        #"{"labelAttributeName":"demo","payload":[{}]}"#, #"{"labelAttributeName":"demo","payload":[{"datasetObjectId":null}]}"#,
    ])
    func aPayloadWithoutIdsIsBad(event: String) async {
        #expect(await functionError(event)?.code == .badPayload)
    }

    @Test func aPayloadFileThatIsNoArrayIsBad() async throws {
        try await folder.put("{}", to: "s3://demo-out/payload.json")
        #expect(
            await functionError(#"{"labelAttributeName":"demo","payload":{"s3Uri":"s3://demo-out/payload.json"}}"#)?.code
                == .badPayload)
        try await folder.put("nonsense", to: "s3://demo-out/payload.json")
        #expect(
            await functionError(#"{"labelAttributeName":"demo","payload":{"s3Uri":"s3://demo-out/payload.json"}}"#)?.code
                == .badPayload)
    }

    @Test(arguments: ["", "nonsense", "[]", "{}", #"{"payload":[]}"#]) func aBadEventIsNamed(event: String) async {
        #expect(await functionError(event)?.code == .badEvent)
    }

    @Test func anEmptyPayloadHasAnEmptyAnswer() async throws {
        #expect(try await folder.consolidate(event()).ids.isEmpty)
    }

    // MARK: Both answer forms

    /// The seed's tokens become UTF-16 offsets of the stored text, CR LF included.
    @Test func tokenSpansBecomeCharacters() async throws {
        let answered = try await folder.consolidate(
            event(
                object(
                    "0", content,
                    answer("w1", content: seed((2, 4, ["40", "mg"], "DOSE"), (4, 6, ["aspirin.\nMethods:", "trial."], "METHODS")))))
        )
        #expect(answered.spans() == ["8..<13 DOSE", "14..<39 METHODS"])
        #expect(answered.unit() == "utf-16")
        #expect(answered.rejected().isEmpty)
    }

    @Test func bothFormsMeetInOneText() async throws {
        let answered = try await folder.consolidate(
            event(
                object(
                    "0", content, answer("w1", content: seed((2, 4, ["40", "mg"], "DOSE"))),
                    answer("w2", content: crowd((8, 13, "DOSE"))))))
        #expect(answered.spans() == ["8..<13 DOSE"])
        #expect(answered.annotations[0]["consolidation"]?["support"]?.written == #"[["w1","w2"]]"#)
    }

    @Test func characterSpansAreConsolidatedWithoutAText() async throws {
        let answered = try await folder.consolidate(
            event(object("0", ["s3Uri": "s3://demo-in/p"], answer("w1", content: crowd((8, 13, "DOSE"))))))
        #expect(answered.spans() == ["8..<13 DOSE"])
        #expect(answered.unit() == "utf-16")
    }

    @Test func tokenSpansStayTokensWithoutAText() async throws {
        let answered = try await folder.consolidate(
            event(
                object(
                    "0", ["s3Uri": "s3://demo-in/p"], answer("w1", content: seed((2, 4, ["40", "mg"], "DOSE"))),
                    answer("w2", content: "{}"))))
        #expect(answered.spans() == ["2..<4 DOSE"])
        #expect(answered.unit() == "token")
        #expect(answered.annotations[0]["consolidation"]?["confidence"]?.written == "[0.5]")
    }

    @Test func tokensAndCharactersCannotMeetWithoutAText() async throws {
        let answered = try await folder.consolidate(
            event(
                object(
                    "0", ["s3Uri": "s3://demo-in/p"], answer("w1", content: seed((2, 4, ["40", "mg"], "DOSE"))),
                    answer("w2", content: crowd((8, 13, "DOSE"))))))
        #expect(answered.failureReason()?.contains("--manifest") == true)
        #expect(answered.spans() == nil)
    }

    // MARK: What cannot be read

    @Test func aMalformedAnswerCostsItsWorkerOnly() async throws {
        let answered = try await folder.consolidate(
            event(
                object(
                    "0", content, answer("w1", content: "nonsense"), answer("w2", content: crowd((8, 13, "DOSE"))),
                    answer("w3", content: #"{"x":1}"#), 7,
                    ["workerId": "w4"])))
        #expect(answered.spans() == ["8..<13 DOSE"])
        #expect(answered.rejected().map { $0.prefix(4) } == ["w1: ", "w3: ", ": th", "w4: "])
        #expect(answered.failures.isEmpty)
    }

    @Test func aSpanThatDoesNotFitTheTextCostsItselfOnly() async throws {
        let answered = try await folder.consolidate(
            event(
                object(
                    "0", content, answer("w1", content: crowd((8, 13, "DOSE"), (6, 8, "CUT"), (0, 99, "LONG"))),
                    answer("w2", content: seed((2, 4, ["41", "mg"], "DOSE"), (9, 12, ["x"], "FAR"))))))
        #expect(answered.spans() == ["8..<13 DOSE"])
        let rejected = answered.rejected()
        #expect(rejected.count == 4)
        #expect(
            zip(rejected, ["surrogate", "past the text", "came with `41 mg`", "past the text's"]).allSatisfy { $0.contains($1) })
    }

    @Test func aSpanOfALabelThatTheJobDoesNotHaveCostsItselfOnly() async throws {
        let answered = try await folder.consolidate(
            event(
                object(
                    "0", content, answer("w1", content: crowd((8, 13, "DOSE"), (0, 3, "zebra"), (-1, 100, "DOSE"))),
                    answer("w2", content: crowd((8, 13, "DOSE"), (0, 3, "zebra"), (0, 3, "dose")))),
                object("1", ["s3Uri": "s3://demo-in/p"], answer("w1", content: seed((2, 4, ["40", "mg"], "zebra")))),
                categories: ["DOSE"]))
        #expect(answered.spans(0) == ["8..<13 DOSE"])
        #expect(answered.annotations[0]["consolidation"]?["confidence"]?.written == "[1.0]")
        let rejected = answered.rejected(0)
        #expect(rejected.count == 4)
        #expect(rejected[0].hasPrefix("w1: span 2: -1..<100 (DOSE) is no span"))
        #expect(
            rejected[1...] == [
                "w1: 0..<3: `zebra` is none of the job's labels", "w2: 0..<3: `zebra` is none of the job's labels",
                "w2: 0..<3: `dose` is none of the job's labels",
            ])
        #expect(answered.spans(1) == [])
        #expect(answered.rejected(1) == ["w1: 2..<4: `zebra` is none of the job's labels"])
        #expect(answered.failures.isEmpty)
    }

    @Test func withoutCategoriesEveryLabelIsTaken() async throws {
        for categories in [.null, []] as [JSONOutput] {
            let answered = try await folder.consolidate(
                event(object("0", content, answer("w1", content: crowd((0, 3, "zebra")))), categories: categories))
            #expect(answered.spans() == ["0..<3 zebra"] && answered.rejected().isEmpty)
        }
    }

    @Test func everyIdIsAnsweredInOrder() async throws {
        let answered = try await folder.consolidate(
            event(
                object("7", content, answer("w1", content: "nonsense")), object("a", content),
                object("1", content, answer("w1", content: "{}")),
                ["datasetObjectId": "0"]))
        #expect(answered.ids == ["7", "a", "1", "0"])
        #expect(answered.failures == ["7", "a", "0"])
        #expect(answered.failureReason(0)?.contains("no answer could be read: the answer's content is not JSON") == true)
        #expect([1, 3].map { answered.failureReason($0) } == ["no worker answered", "no worker answered"])
        #expect(
            [0, 1, 3].allSatisfy {
                answered.annotations[$0]["annotations"] == nil && answered.annotations[$0]["annotationsFromAllWorkers"] != nil
            })
        #expect(answered.spans(2) == [])
    }

    @Test func theLastReadableAnswerOfAWorkerStands() async throws {
        let answered = try await folder.consolidate(
            event(
                object("0", content, answer("w1", content: crowd((0, 3, "A"))), answer("w1", content: crowd((8, 13, "B")))),
                object("1", content, answer("w1", content: crowd((0, 3, "A"))), answer("w1", content: "nonsense"))))
        #expect(answered.spans(0) == ["8..<13 B"])
        #expect(answered.rejected(0) == ["w1: answered twice; the last answer stands"])
        #expect(answered.spans(1) == ["0..<3 A"])
        #expect(answered.rejected(1).count == 1)
    }

    @Test func tooManyOverlapsFailTheirObjectOnly() async throws {
        let flood = String(
            decoding: JSONOutput.object([
                "e": [
                    "entities": .array((0..<1200).map { ["endOffset": .int(100_000 + $0), "label": "A", "startOffset": .int($0)] })
                ]
            ]).bytes, as: UTF8.self)
        let answered = try await folder.consolidate(
            event(
                object("0", ["s3Uri": "s3://demo-in/p"], answer("w1", content: flood), answer("w2", content: flood)),
                object("1", content, answer("w1", content: "{}"))))
        #expect(answered.failures == ["0"])
        #expect(answered.failureReason()?.contains("overlapping spans") == true)
    }
}

/// Where the text of an object is sought, in this order.
@Suite(.timeLimit(.minutes(1)))
struct ObjectTextTests {
    private let folder: TestStore
    private let manifest = "s3://demo-in/input.manifest"
    private let tokens = seed((1, 2, ["🧪"], "X"))

    init() throws { folder = try TestStore() }

    private func texts(_ texts: [String: String]) async throws {
        for (name, text) in texts { try await folder.put(text, to: "s3://demo-out/\(name)") }
    }

    private func lines(_ members: [(reference: String, text: String)]) async throws {
        let lines = members.map {
            line(["source-ref": .string("s3://demo-in/\($0.reference)"), "text-file-s3-uri": .string("s3://demo-out/\($0.text)")])
        }
        try await folder.put(lines.joined(), to: manifest)
    }

    private func consolidate(_ id: String, _ dataObject: JSONOutput, content: String? = nil, manifest: Bool = true) async throws
        -> Answered
    {
        try await folder.consolidate(
            event(object(id, dataObject, answer("w1", content: content ?? tokens))), manifest: manifest ? self.manifest : nil)
    }

    @Test func contentComesFirst() async throws {
        try await texts(["t": "bb 🧪"])
        try await lines([("p", "t")])
        #expect(try await consolidate("0", ["content": "a 🧪", "s3Uri": "s3://demo-in/p"]).spans() == ["2..<4 X"])
    }

    @Test func theLineOfTheObjectsNumberComesBeforeOthers() async throws {
        try await texts(["t0": "a 🧪", "t1": "bb 🧪", "t2": "ccc 🧪"])
        try await lines([("p", "t0"), ("q", "t1"), ("p", "t2")])
        #expect(try await consolidate("0", ["s3Uri": "s3://demo-in/p"]).spans() == ["2..<4 X"])
        #expect(try await consolidate("2", ["s3Uri": "s3://demo-in/p"]).spans() == ["4..<6 X"])
    }

    @Test func elseTheOnlyLineWithTheReferenceIsTaken() async throws {
        try await texts(["t0": "a 🧪", "t1": "bb 🧪"])
        try await lines([("p", "t0"), ("q", "t1")])
        #expect(
            try await consolidate("0", ["s3Uri": "s3://demo-in/q"]).spans() == ["3..<5 X"],
            "the line numbered 0 is of another object")
        #expect(try await consolidate("stream-id", ["s3Uri": "s3://demo-in/q"]).spans() == ["3..<5 X"])
    }

    @Test func theJobsOwnManifestIsAskedForWhenNoneIsGiven() async throws {
        try await texts(["t0": "a 🧪"])
        try await lines([("p", "t0")])
        let manifest = manifest
        let jobs = LabelingJobManifests { arn in arn.hasSuffix("labeling-job/demo") ? manifest : nil }
        let request = event(object("0", ["s3Uri": "s3://demo-in/p"], answer("w1", content: tokens)))
        #expect(try await folder.consolidate(request, jobManifests: jobs).spans() == ["2..<4 X"])
    }

    @Test func aJobThatCannotBeAskedCostsNothing() async throws {
        struct Denied: Error {}
        let jobs = LabelingJobManifests { _ in throw Denied() }
        let request = event(object("0", ["s3Uri": "s3://demo-in/p"], answer("w1", content: tokens)))
        #expect(try await folder.consolidate(request, jobManifests: jobs).unit() == "token")
    }

    @Test func noJobIsAskedAboutWhereNoTextIsWanted() async throws {
        let jobs = LabelingJobManifests { _ in
            Issue.record("the job was asked about")
            return nil
        }
        let request = event(object("0", ["content": "a 🧪"], answer("w1", content: tokens)))
        #expect(try await folder.consolidate(request, jobManifests: jobs).spans() == ["2..<4 X"])
        _ = try await folder.consolidate(request, jobManifests: jobs, method: .allWorkers)
    }

    @Test func ofSeveralLinesNoneIsGuessed() async throws {
        try await texts(["t0": "a 🧪", "t1": "bb 🧪"])
        try await lines([("p", "t0"), ("p", "t1")])
        #expect(try await consolidate("9", ["s3Uri": "s3://demo-in/p"]).unit() == "token")
    }

    @Test func referencesAreComparedByBytes() async throws {
        try await texts(["t0": "a 🧪"])
        try await lines([("caf\u{E9}", "t0")])
        #expect(try await consolidate("0", ["s3Uri": "s3://demo-in/cafe\u{301}"]).unit() == "token")
        #expect(try await consolidate("0", ["s3Uri": "s3://demo-in/caf\u{E9}"]).unit() == "utf-16")
    }

    @Test func badLinesOfTheManifestAreNotInTheWay() async throws {
        try await texts(["t": "a 🧪"])
        try await folder.put(
            "nonsense\n\n" + line(["source-ref": "s3://demo-in/p", "text-file-s3-uri": "s3://demo-out/t"]), to: manifest)
        #expect(try await consolidate("2", ["s3Uri": "s3://demo-in/p"]).spans() == ["2..<4 X"])
    }

    private func echo(_ text: String, sha256: String) throws -> String {
        let members = try #require(try JSONScanner.parse(tokens.utf8).object)
        let answer = JSONOutput.object([
            "text": .string(text), "text-sha256": .string(sha256), "annotations": .raw(members[0].value),
        ])
        return String(decoding: answer.bytes, as: UTF8.self)
    }

    @Test func atLastAnEchoWithItsDigestIsTaken() async throws {
        let content = try echo("a 🧪", sha256: sha256Hex(Array("a 🧪".utf8)))
        #expect(try await consolidate("0", ["s3Uri": "s3://demo-in/p"], content: content, manifest: false).spans() == ["2..<4 X"])
    }

    @Test func anEchoWithAnotherDigestIsNot() async throws {
        let content = try echo("a 🧪", sha256: sha256Hex([]))
        #expect(try await consolidate("0", ["s3Uri": "s3://demo-in/p"], content: content, manifest: false).unit() == "token")
    }

    @Test func echoesThatDifferAreNotTaken() async throws {
        let answers = try ["a 🧪", "bb 🧪"].map { answer($0, content: try echo($0, sha256: sha256Hex(Array($0.utf8)))) }
        let answered = try await folder.consolidate(event(object("0", ["s3Uri": "s3://demo-in/p"], answers[0], answers[1])))
        #expect(answered.unit() == "token")
    }

    @Test func aTextThatTheManifestNamesMustBeThere() async throws {
        try await lines([("p", "missing")])
        let answered = try await consolidate("0", ["s3Uri": "s3://demo-in/p"])
        #expect(answered.failureReason()?.contains("s3://demo-out/missing") == true)
    }

    @Test func aTextThatChangedFailsItsObject() async throws {
        try await texts(["t": "a 🧪"])
        try await folder.put(
            line([
                "source-ref": "s3://demo-in/p", "text-file-s3-uri": "s3://demo-out/t",
                "text-file-s3-uri-metadata": ["text-sha256": "00"],
            ]), to: manifest)
        #expect(try await consolidate("0", ["s3Uri": "s3://demo-in/p"]).failureReason()?.contains("changed") == true)
    }

    @Test func aManifestThatIsNotThereIsAnError() async throws {
        let error = await #expect(throws: FunctionError.self) { _ = try await consolidate("0", ["s3Uri": "s3://demo-in/p"]) }
        #expect(error?.code == .unreadableManifest)
    }
}
