import Testing
import Transport

@testable import AWS

@Suite(.timeLimit(.minutes(1)))
struct MessagingClientTests {
    private func session(_ transport: FakeTransport, _ more: [String: String] = [:]) throws -> AWSSession {
        var policy = RetryPolicy()
        (policy.baseDelay, policy.maximumDelay) = (.milliseconds(1), .milliseconds(2))
        let keys = ["AWS_ACCESS_KEY_ID": "AKIATESTTESTTEST", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1"]
        return try AWSSession(
            settings: AWSSettings(environment: keys.merging(more) { $1 }), transport: transport, policy: policy)
    }

    @Test func snsIsAskedInItsQueryProtocol() async throws {
        let transport = FakeTransport(
            .init(
                200,
                "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>m-1</MessageId>"
                    + "</PublishResult></PublishResponse>"))
        let id = try await SNSClient(session: session(transport)).publish("{\"a\": 1}&b", to: "arn:aws:sns:eu-central-1:1:t")
        #expect(id == "m-1")
        let request = transport.requests[0]
        #expect("\(request.url)" == "https://sns.eu-central-1.amazonaws.com/")
        #expect(
            request.text
                == "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aeu-central-1%3A1%3At&Message=%7B%22a%22%3A%201%7D%26b"
        )
        #expect(request.headers["Authorization"]?.contains("/eu-central-1/sns/aws4_request") == true)
    }

    @Test func aFailedPublicationIsTriedAgainWhenTimeMayMendIt() async throws {
        let transport = FakeTransport(
            .init(503, "<ErrorResponse><Error><Code>Throttling</Code><Message>slow</Message></Error></ErrorResponse>"),
            .init(404, "<ErrorResponse><Error><Code>NotFound</Code><Message>Topic does not exist</Message></Error></ErrorResponse>")
        )
        let client = SNSClient(session: try session(transport))
        let error = await #expect(throws: AWSError.self) { try await client.publish("m", to: "t") }
        #expect(error?.code.rawValue == "NotFound" && transport.requests.count == 2)
    }

    @Test func sqsIsAskedInJSONAtTheConfiguredEndpoint() async throws {
        let transport = FakeTransport(
            .init(200, #"{"Messages":[{"Body":"b","MD5OfBody":"x","MessageId":"m","ReceiptHandle":"h"}]}"#))
        let client = SQSClient(session: try session(transport, ["AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:9102"]))
        let messages = try await client.receive(from: "http://q/1/q", limit: 5, visibilitySeconds: 60)
        #expect(messages.map(\.body) == ["b"] && messages.map(\.receiptHandle) == ["h"])
        let request = transport.requests[0]
        #expect("\(request.url)" == "http://127.0.0.1:9102/")
        #expect(request.headers["X-Amz-Target"] == "AmazonSQS.ReceiveMessage")
        #expect(
            request.text == #"{"MaxNumberOfMessages":5,"QueueUrl":"http://q/1/q","VisibilityTimeout":60,"WaitTimeSeconds":0}"#)
    }

    @Test func aQueueThatIsNotThereIsTold() async throws {
        let transport = FakeTransport(
            .init(400, #"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}"#))
        let client = SQSClient(session: try session(transport))
        let error = await #expect(throws: AWSError.self) { _ = try await client.url(ofQueue: "q") }
        #expect(error?.isAboutMissingQueue == true)
    }

    // MARK: Lambda

    @Test func aFunctionIsAskedInTheRegionOfItsARN() async throws {
        let transport = FakeTransport(.init(200, #"{"ok":1}"#))
        let arn = "arn:aws:lambda:us-west-2:111122223333:function:mine"
        let answer = try await LambdaClient(session: session(transport)).invoke(arn, payload: Array("{}".utf8))
        #expect(answer.payload == Array(#"{"ok":1}"#.utf8) && answer.functionError == nil)
        #expect(
            "\(transport.requests[0].url)"
                == "https://lambda.us-west-2.amazonaws.com/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-west-2%3A111122223333%3Afunction%3Amine/invocations"
        )
        #expect(transport.requests[0].headers["X-Amz-Invocation-Type"] == "RequestResponse")
    }

    @Test func aFunctionsOwnErrorIsAnAnswer() async throws {
        let transport = FakeTransport(.init(200, #"{"errorMessage":"no"}"#, headers: ["X-Amz-Function-Error": "Unhandled"]))
        let answer = try await LambdaClient(session: session(transport)).invoke("mine", payload: [])
        #expect(answer.functionError == "Unhandled")
        #expect("\(transport.requests[0].url)".hasPrefix("https://lambda.eu-central-1.amazonaws.com/"))
    }

    @Test func eventsAndAnswersAboveTheLimitAreRefused() async throws {
        let transport = FakeTransport(.init(200, String(repeating: "x", count: LambdaClient.maximumPayloadBytes + 1)))
        let client = LambdaClient(session: try session(transport))
        for payload in [[UInt8](repeating: 0x20, count: LambdaClient.maximumPayloadBytes + 1), []] {
            let error = await #expect(throws: AWSError.self) { _ = try await client.invoke("mine", payload: payload) }
            #expect(error?.code == .tooLarge)
        }
        #expect(transport.requests.count == 1, "an event above the limit is not sent")
    }
}
