import Functions
import GroundTruth
import HTTPTypes
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LambdaRouteTests {
    private let event = #"{"version":"2018-10-16","dataObject":{"source":"Aim 🧪"}}"#

    private func path(_ name: String) -> String { "/2015-03-31/functions/\(name)/invocations" }

    private func header(_ reply: Harness.Reply, _ name: String) -> String? { HTTPField.Name(name).flatMap { reply.headers[$0] } }

    @Test(arguments: [
        "pre-annotation", "SageMaker-Prelabel-PreAnnotation", "gt-prelabel-task-lambda", "pre-annotation:$LATEST",
        "arn%3Aaws%3Alambda%3Aus-west-2%3A111122223333%3Afunction%3ASageMaker-PreAnnotation%3A7",
        "111122223333:function:pre-annotation",
    ])
    func aFunctionIsCalledByEveryFormOfItsName(name: String) async throws {
        let reply = try await Harness().post(path(name), event)
        #expect(reply.status == 200)
        #expect(reply.json?["taskInput"]?["text"]?.string == "Aim 🧪")
        #expect(header(reply, "X-Amz-Executed-Version") == "$LATEST")
        #expect(header(reply, "X-Amz-Function-Error") == nil)
    }

    @Test(arguments: ["other", "annotation", "arn%3Aaws%3Alambda%3Aus-west-2%3A1%3Afunction%3A", "a:b:pre-annotation"])
    func anUnknownFunctionIsNotFound(name: String) async throws {
        let reply = try await Harness().post(path(name), event)
        #expect(reply.status == 404)
        #expect(header(reply, "x-amzn-ErrorType") == "ResourceNotFoundException")
    }

    @Test func aFunctionsErrorIsStill200() async throws {
        let reply = try await Harness().post(
            path("pre-annotation"), #"{"dataObject":{"source-ref":"s3://demo-in/p","text-file-s3-uri":"s3://demo-in/mis\"sing"}}"#)
        #expect(reply.status == 200)
        #expect(header(reply, "X-Amz-Function-Error") == "Unhandled")
        #expect(reply.json?["errorType"]?.string == "Function.UnreadableText")
        #expect(reply.json?["errorMessage"]?.string?.contains(#"mis"sing"#) == true)
        #expect(reply.json?["stackTrace"]?.array?.isEmpty == true)
    }

    @Test(arguments: ["nonsense", "{'a': 1}"]) func anEventThatIsNoJSONReachesNoFunction(body: String) async throws {
        let reply = try await Harness().post(path("pre-annotation"), body)
        #expect(reply.status == 400)
        #expect(header(reply, "x-amzn-ErrorType") == "InvalidRequestContentException")
    }

    @Test func noEventIsAnEmptyOne() async throws {
        #expect(try await Harness().post(path("pre-annotation"), "").json?["errorType"]?.string == "Function.BadEvent")
    }

    @Test func aDryRunCallsNothingAndAnEventAnswersNothing() async throws {
        let harness = try Harness()
        let dry = try await harness.post(path("pre-annotation"), "{}", headers: ["X-Amz-Invocation-Type": "DryRun"])
        #expect(dry.status == 204 && dry.body.isEmpty)
        let event = try await harness.post(path("pre-annotation"), event, headers: ["X-Amz-Invocation-Type": "Event"])
        #expect(event.status == 202 && event.body.isEmpty)
        let other = try await harness.post(path("pre-annotation"), "{}", headers: ["X-Amz-Invocation-Type": "Other"])
        #expect(other.status == 400)
    }

    @Test func aRequestBeyondThePayloadLimitIsRefused() async throws {
        let body = [UInt8](repeating: 0x20, count: FunctionHandler.maximumPayloadBytes + 1)
        let reply = try await Harness().send(.post, path("pre-annotation"), body)
        #expect(reply.status == 413)
        #expect(header(reply, "x-amzn-ErrorType") == "RequestTooLargeException")
    }

    @Test func aTailOfTheLogComesWhenAskedFor() async throws {
        let reply = try await Harness().post(
            path("pre-annotation"), #"{"dataObject":{"metadata":"x"}}"#, headers: ["X-Amz-Log-Type": "Tail"])
        let log = try #require(header(reply, "X-Amz-Log-Result"))
        #expect(!log.isEmpty && log.count % 4 == 0)
        #expect(try await header(Harness().post(path("pre-annotation"), event), "X-Amz-Log-Result") == nil)
    }
}
