import FoundationEssentials
import Testing
import Transport

@testable import AWS

@Suite(.timeLimit(.minutes(1)))
struct SageMakerClientTests {
    private let arn = "arn:aws:sagemaker:eu-west-1:111122223333:labeling-job/demo-1"
    private let keys = ["AWS_ACCESS_KEY_ID": "AKIATESTTESTTEST", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1"]

    private func manifest(_ transport: FakeTransport, arn: String, more: [String: String] = [:]) async throws -> String? {
        var policy = RetryPolicy()
        (policy.baseDelay, policy.maximumDelay) = (.milliseconds(1), .milliseconds(2))
        let session = try AWSSession(
            settings: AWSSettings(environment: keys.merging(more) { $1 }), transport: transport, policy: policy)
        return try await SageMakerClient(session: session).inputManifest(ofLabelingJob: arn)
    }

    @Test func findsTheManifestInTheRegionOfTheJob() async throws {
        let transport = FakeTransport(
            .init(200, #"{"LabelingJobName":"demo-1","InputConfig":{"DataSource":{"S3DataSource":{"ManifestS3Uri":"s3://b/m"}}}}"#))
        #expect(try await manifest(transport, arn: arn) == "s3://b/m")
        let request = transport.requests[0]
        #expect("\(request.url)" == "https://api.sagemaker.eu-west-1.amazonaws.com/")
        #expect(request.headers["X-Amz-Target"] == "SageMaker.DescribeLabelingJob")
        #expect(request.headers["Authorization"]?.contains("/eu-west-1/sagemaker/aws4_request") == true)
        #expect(request.text == #"{"LabelingJobName":"demo-1"}"#)
    }

    @Test func anEndpointOfOnesOwnIsAsked() async throws {
        let transport = FakeTransport(.init(200, #"{"InputConfig":{"DataSource":{"SnsDataSource":{"SnsTopicArn":"x"}}}}"#))
        #expect(try await manifest(transport, arn: arn, more: ["AWS_ENDPOINT_URL": "http://127.0.0.1:8080"]) == nil)
        #expect("\(transport.requests[0].url)" == "http://127.0.0.1:8080/")
    }

    @Test func aRefusalHasAWSsCode() async throws {
        let transport = FakeTransport(
            .init(400, #"{"__type":"com.amazonaws.sagemaker#ResourceNotFound","Message":"Requested resource not found."}"#))
        let error = await #expect(throws: AWSError.self) { _ = try await manifest(transport, arn: arn) }
        #expect(error?.code.rawValue == "ResourceNotFound")
        #expect(error?.message.contains("Requested resource not found.") == true)
    }

    @Test func aFaultOfTheServiceIsTriedAgain() async throws {
        let transport = FakeTransport(
            .init(500, "busy"), .init(200, #"{"InputConfig":{"DataSource":{"S3DataSource":{"ManifestS3Uri":"s3://b/m"}}}}"#))
        #expect(try await manifest(transport, arn: arn) == "s3://b/m")
        #expect(transport.requests.count == 2)
    }

    @Test(arguments: ["", "demo", "arn:aws:sagemaker:eu-west-1:1:endpoint/x", #"arn:aws:sagemaker:eu-west-1:1:labeling-job/a"b"#])
    func whatIsNoJobIsNotAskedAbout(arn: String) async throws {
        let transport = FakeTransport(.init(200, "{}"))
        await #expect(throws: AWSError.self) { _ = try await manifest(transport, arn: arn) }
        #expect(transport.requests.isEmpty)
    }

    @Test func anAnswerOfAnotherFormIsNamed() async throws {
        let error = await #expect(throws: AWSError.self) { _ = try await manifest(FakeTransport(.init(200, "{}")), arn: arn) }
        #expect(error?.code == .badResponse)
    }
}
