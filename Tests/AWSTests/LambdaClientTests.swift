import Testing
import Transport

@testable import AWS

@Suite(.timeLimit(.minutes(1)))
struct LambdaClientTests {
    private let function = "arn:aws:lambda:us-west-2:111122223333:function:SageMaker-post"

    private func refusal(_ answer: FakeTransport.Answer) async throws -> AWSError? {
        var policy = RetryPolicy()
        (policy.maximumAttempts, policy.baseDelay) = (1, .milliseconds(1))
        let keys = ["AWS_ACCESS_KEY_ID": "AKIATESTTESTTEST", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-west-2"]
        let session = try AWSSession(
            settings: AWSSettings(environment: keys), transport: FakeTransport(answer), policy: policy)
        return await #expect(throws: AWSError.self) {
            _ = try await LambdaClient(session: session).invoke(function, payload: Array("{}".utf8))
        }
    }

    @Test(arguments: [
        (404, "ResourceNotFoundException", "ResourceNotFoundException"),
        (403, "AccessDeniedException:http://internal.amazon.com/coral/com.amazonaws.lambda/", "AccessDeniedException"),
        (400, "com.amazonaws.lambda#InvalidRequestContentException", "InvalidRequestContentException"),
        (429, "TooManyRequestsException", "TooManyRequestsException"),
    ])
    func aRefusalHasTheCodeOfItsHeaderAndTheWordsOfItsBody(status: Int, header: String, code: String) async throws {
        let error = try #require(
            try await refusal(
                .init(status, #"{"Type":"User","Message":"Function not found: f"}"#, headers: ["x-amzn-ErrorType": header])))
        #expect(error.code.rawValue == code && error.status == status)
        #expect(error.message == "Invoke of \(function): \(code): Function not found: f")
    }

    @Test func aRefusalWithoutADocumentHasTheCodeOfItsHeader() async throws {
        let error = try await refusal(.init(404, headers: ["X-Amzn-Errortype": "ResourceNotFoundException"]))
        #expect(error?.message == "Invoke of \(function): ResourceNotFoundException: HTTP status 404")
    }

    @Test func aRefusalWithoutTheHeaderHasTheCodeOfItsBody() async throws {
        let error = try await refusal(.init(400, #"{"__type":"a.b#ExpiredTokenException:","message":"too late"}"#))
        #expect(error?.code.rawValue == "ExpiredTokenException" && error?.message.hasSuffix(": too late") == true)
    }
}
