import Annotations
import GroundTruth
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PreAnnotationEventTests {
    @Test(arguments: [#""2018-10-16""#, #""2018-10-06""#, "7", "null", #"{"a":[]}"#]) func acceptsAnyVersion(version: String) throws
    {
        let event = try PreAnnotationEvent(
            parsing: #"{"version":\#(version),"labelingJobArn":"arn:x","dataObject":{"source":"x"}}"#.utf8)
        #expect(event.labelingJobARN == "arn:x")
        #expect(event.dataObject.string("source") == "x")
    }

    @Test func needsADataObjectOnly() throws {
        let event = try PreAnnotationEvent(parsing: #"{"labelingJobArn":null,"dataObject":{ "a":1.0 }}"#.utf8)
        #expect(event.labelingJobARN == nil)
        #expect(String(decoding: event.dataObject.raw, as: UTF8.self) == #"{ "a":1.0 }"#)
    }

    @Test(arguments: [
        ("{}", ContractError.Code.missingMember, "dataObject"), (#"{"dataObject":null}"#, .missingMember, "dataObject"),
        (#"{"dataObject":"x"}"#, .wrongType, "dataObject"), (#"{"dataObject":[]}"#, .wrongType, "an array"),
        ("[]", .wrongType, "the event is an array"),
        (#"{"dataObject":{},"labelingJobArn":5}"#, .wrongType, "labelingJobArn"), ("nonsense", .notJSON, "the event"),
        ("", .notJSON, "the event"),
    ])
    func namesWhatIsWrong(event: String, code: ContractError.Code, name: String) {
        let error = #expect(throws: ContractError.self) { try PreAnnotationEvent(parsing: event.utf8) }
        #expect(error?.code == code)
        #expect(error?.message.contains(name) == true)
    }

    @Test func readsWhatALineSaysOfItsText() throws {
        let line = try ManifestLine(
            parsing:
                #"{"text-file-s3-uri":"s3://b/k","text-file-s3-uri-metadata":{"status":"failed","failure-reason":"why","text-sha256":"00"}}"#
                .utf8)
        let reference = try TextReference(line)
        #expect(
            [reference.uri, reference.status, reference.failureReason, reference.sha256] == ["s3://b/k", "failed", "why", "00"])
    }

    @Test(arguments: ["{}", #"{"text-file-s3-uri":null}"#, #"{"text-file-s3-uri":null,"text-file-s3-uri-metadata":"x"}"#])
    func aLineNeedNotNameAText(line: String) throws {
        let reference = try TextReference(ManifestLine(parsing: line.utf8))
        #expect([reference.uri, reference.status, reference.failureReason, reference.sha256] == [nil, nil, nil, nil])
    }

    @Test func aTextURIThatIsNoStringIsRefused() throws {
        let line = try ManifestLine(parsing: #"{"text-file-s3-uri":5}"#.utf8)
        let error = #expect(throws: ContractError.self) { try TextReference(line) }
        #expect(error?.message.contains("text-file-s3-uri") == true)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ConsolidationEventTests {
    @Test func readsAPayloadByURI() throws {
        let event = try ConsolidationEvent(
            parsing:
                #"{"version":"2018-10-06","labelingJobArn":"arn:x","labelCategories":["B","A"],"labelAttributeName":"demo","payload":{"s3Uri":"s3://b/k"}}"#
                .utf8)
        #expect(event.labelCategories == ["B", "A"])
        #expect(event.labelAttributeName == "demo")
        #expect(event.labelingJobARN == "arn:x")
        guard case .uri("s3://b/k") = event.payload else {
            Issue.record("expected a URI, found \(event.payload)")
            return
        }
    }

    @Test(arguments: [#""labelCategories":null,"#, ""]) func categoriesMayBeAbsent(categories: String) throws {
        let event = try ConsolidationEvent(parsing: #"{\#(categories)"labelAttributeName":"demo","payload":[]}"#.utf8)
        #expect(event.labelCategories == nil)
        guard case .inline(let payload) = event.payload else {
            Issue.record("expected the payload itself")
            return
        }
        #expect(payload.array?.isEmpty == true)
    }

    @Test(arguments: [
        (#"{"labelAttributeName":"a"}"#, "payload"), (#"{"labelAttributeName":"a","payload":null}"#, "payload"),
        (#"{"payload":[]}"#, "labelAttributeName"),
        (#"{"labelAttributeName":"a","payload":{}}"#, "s3Uri"), (#"{"labelAttributeName":"a","payload":{"s3Uri":5}}"#, "s3Uri"),
        (#"{"labelAttributeName":5,"payload":[]}"#, "labelAttributeName"),
        (#"{"labelAttributeName":"a","payload":[],"labelCategories":"A"}"#, "labelCategories"),
        (#"{"labelAttributeName":"a","payload":[],"labelCategories":["A",1]}"#, "labelCategories"), ("[]", "the event"),
        ("{", "not JSON"),
    ])
    func namesWhatIsWrong(event: String, name: String) {
        let error = #expect(throws: ContractError.self) { try ConsolidationEvent(parsing: event.utf8) }
        #expect(error?.message.contains(name) == true)
    }

    @Test func readsObjects() throws {
        let payload = try JSONValue.parsed(
            #"[{"datasetObjectId":"0","dataObject":{"s3Uri":"s3://b/k"},"annotations":[{ "a":1.0 }]},{"datasetObjectId":7,"dataObject":{"content":"x"}},{"datasetObjectId":"a"}]"#
        )
        let objects = try AnsweredObject.list(in: payload)
        #expect(objects.map(\.datasetObjectID) == ["0", "7", "a"])
        #expect(objects.map(\.sourceRef) == ["s3://b/k", nil, nil])
        #expect(objects.map(\.content) == [nil, "x", nil])
        #expect(objects.map { $0.rawAnswers.map(\.written) } == [[#"{ "a":1.0 }"#], [], []])
    }

    @Test(arguments: [
        ("{}", "expected an array"), ("[{}]", "datasetObjectId"),
        (#"[{"datasetObjectId":"0"},{"datasetObjectId":true}]"#, "object 1"), ("[5]", "object 0"),
    ])
    func anObjectWithoutIdCannotBeAnswered(payload: String, name: String) throws {
        let payload = try JSONValue.parsed(payload)
        let error = #expect(throws: ContractError.self) { try AnsweredObject.list(in: payload) }
        #expect(error?.message.contains(name) == true)
    }

    @Test(arguments: [
        (#""content":"{}""#, "text {}"), (#""s3Uri":"s3://b/k""#, "uri s3://b/k"), (#""s3uri":"s3://b/l""#, "uri s3://b/l"),
        (#""content":null,"s3Uri":"s3://b/k""#, "uri s3://b/k"),
    ])
    func readsAnswersInlineAndByURI(data: String, expected: String) throws {
        let answer = try AnsweredObject.answer(.parsed(#"{"workerId":"w1","annotationData":{\#(data)}}"#))
        let found =
            switch answer.content {
            case .text(let text): "text \(text)"
            case .uri(let uri): "uri \(uri)"
            }
        #expect(found == expected)
        #expect(answer.workerID == "w1")
    }

    @Test(arguments: [
        ("{}", "workerId"), (#"{"workerId":1,"annotationData":{"content":"x"}}"#, "workerId"),
        (#"{"workerId":"w"}"#, "annotationData"),
        (#"{"workerId":"w","annotationData":{}}"#, "neither `content` nor `s3Uri`"),
        (#"{"workerId":"w","annotationData":{"content":{}}}"#, "content"), ("5", "the answer"),
    ])
    func namesWhatAnAnswerLacks(answer: String, name: String) throws {
        let answer = try JSONValue.parsed(answer)
        let error = #expect(throws: ContractError.self) { try AnsweredObject.answer(answer) }
        #expect(error?.message.contains(name) == true)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct PreAnnotationResponseTests {
    @Test(arguments: [
        (#""isHumanAnnotationRequired":true"#, true), (#""isHumanAnnotationRequired":false"#, false),
        (#""isHumanAnnotationRequired":"false""#, false), (#""isHumanAnnotationRequired":" False\n""#, false),
        (#""isHumanAnnotationRequired":"TRUE""#, true), (#""humanAnnotationRequired":"false""#, false),
        (#""humanAnnotationRequired":false,"isHumanAnnotationRequired":true"#, true),
        (#""humanAnnotationRequired":false,"isHumanAnnotationRequired":null"#, false), (#""isHumanAnnotationRequired":null"#, true),
        (#""other":1"#, true),
    ])
    func readsEveryFormOfTheFlag(member: String, expected: Bool) throws {
        let response = try PreAnnotationResponse(parsing: #"{"taskInput":{"text":"x"},\#(member)}"#.utf8)
        #expect(response.isHumanAnnotationRequired == expected)
        #expect(response.taskInput["text"]?.string == "x")
    }

    @Test(arguments: [
        (#"{"taskInput":{},"isHumanAnnotationRequired":1}"#, "isHumanAnnotationRequired"),
        (#"{"taskInput":{},"isHumanAnnotationRequired":"tr ue"}"#, "isHumanAnnotationRequired"),
        (#"{"taskInput":{},"humanAnnotationRequired":"no"}"#, "humanAnnotationRequired"), ("{}", "taskInput"),
        (#"{"taskInput":"x"}"#, "taskInput"), ("", "the pre-annotation response"),
    ])
    func namesWhatIsWrong(response: String, name: String) {
        let error = #expect(throws: ContractError.self) { try PreAnnotationResponse(parsing: response.utf8) }
        #expect(error?.message.contains(name) == true)
    }
}
