@testable import AWS
import FoundationEssentials
import Testing
import Transport

@Suite(.timeLimit(.minutes(1)))
struct S3ClientTests {
    private static let keys = [
        "AWS_ACCESS_KEY_ID": "AKIATESTTESTTEST", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1",
    ]
    private static let local = keys.merging(["AWS_ENDPOINT_URL": "http://127.0.0.1:9000"]) { $1 }

    private func client(_ transport: FakeTransport, _ environment: [String: String] = local) throws -> S3Client {
        var policy = RetryPolicy()
        (policy.baseDelay, policy.maximumDelay) = (.milliseconds(1), .milliseconds(2))
        let session = try AWSSession(
            settings: AWSSettings(environment: environment), transport: transport, policy: policy,
            now: { Date(timeIntervalSince1970: 1_790_000_000) })
        return try S3Client(session: session)
    }

    private func read(_ client: S3Client, range: Range<Int>? = nil) async throws -> String {
        var bytes: [UInt8] = []
        try await client.read(bucket: "papers", key: "k", range: range) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func error(_ status: Int, _ code: String, _ more: String = "", headers: HTTPHeaders = [:])
        -> FakeTransport.Answer
    {
        .init(status, "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>why</Message>\(more)</Error>", headers: headers)
    }

    // MARK: URLs

    @Test(arguments: [
        ("p1.jpg", "/papers/p1.jpg"), ("a b/c+d", "/papers/a%20b/c%2Bd"), ("a//b/../c/.", "/papers/a//b/../c/."),
        ("é%41", "/papers/%C3%A9%2541"),
        ("/a", "/papers//a"), ("?x=1&y#z", "/papers/%3Fx%3D1%26y%23z"),
    ])
    func keysAreSentByteForByte(key: String, path: String) async throws {
        let transport = FakeTransport(.init(200, headers: ["Content-Length": "7", "ETag": "\"e\"", "Content-Type": "text/plain"]))
        let info = try await client(transport).head(bucket: "papers", key: key)
        #expect(info == S3ObjectInfo(size: 7, eTag: "\"e\"", contentType: "text/plain"))
        #expect("\(transport.requests[0].url)" == "http://127.0.0.1:9000\(path)")
        #expect(transport.requests[0].method == "HEAD")
    }

    @Test(arguments: [
        ("papers", keys, "https://papers.s3.eu-central-1.amazonaws.com/k"),
        ("my.papers", keys, "https://s3.eu-central-1.amazonaws.com/my.papers/k"),
        ("papers", local.merging(["PRELABEL_S3_ADDRESSING_STYLE": "virtual"]) { $1 }, "http://papers.127.0.0.1:9000/k"),
        ("papers", keys.merging(["PRELABEL_S3_ADDRESSING_STYLE": "path"]) { $1 }, "https://s3.eu-central-1.amazonaws.com/papers/k"),
        ("papers", local.merging(["AWS_ENDPOINT_URL_S3": "https://h/base/"]) { $1 }, "https://h/base/papers/k"),
    ])
    func bucketsAreAddressedByNameOrPath(bucket: String, environment: [String: String], url: String) async throws {
        let transport = FakeTransport(.init())
        try await client(transport, environment).delete(bucket: bucket, key: "k")
        #expect("\(transport.requests[0].url)" == url)
    }

    @Test func aPresignedURLCarriesItsSignature() async throws {
        let url = try await client(FakeTransport(.init()), Self.keys).presignedURL(
            bucket: "papers", key: "a b", lifetimeSeconds: 60)
        #expect(url.redacted == "https://papers.s3.eu-central-1.amazonaws.com/a%20b")
        #expect(url.query?.contains("X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=") == true)
    }

    // MARK: Writing

    @Test func whatIsWrittenHasItsHeaders() async throws {
        let transport = FakeTransport(.init())
        var options = S3PutOptions()
        (options.contentType, options.kmsKeyID, options.onlyIfAbsent) = ("text/plain", "arn:key", true)
        try await client(transport).put(.bytes(Array("text".utf8)), bucket: "papers", key: "k", options: options)
        let headers = transport.requests[0].headers
        #expect(headers["Content-Type"] == "text/plain")
        #expect(headers["x-amz-server-side-encryption"] == "aws:kms")
        #expect(headers["x-amz-server-side-encryption-aws-kms-key-id"] == "arn:key")
        #expect(headers["If-None-Match"] == "*")
        #expect(headers["X-Amz-Content-SHA256"] == "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1")
        #expect(headers["Authorization"]?.contains("x-amz-server-side-encryption-aws-kms-key-id") == true, "it is signed")
        #expect(transport.requests[0].text == "text")
    }

    @Test func moreThanS3TakesIsRefusedBeforeItIsSent() async throws {
        let transport = FakeTransport(.init())
        let body = S3Body.source(length: S3Body.maximumBytes + 1, sha256: "") { _, _ in [] }
        let error = await #expect(throws: AWSError.self) { try await client(transport).put(body, bucket: "papers", key: "k") }
        #expect(error?.code == .tooLarge)
        #expect(transport.requests.isEmpty)
    }

    // MARK: What goes wrong

    @Test(arguments: [
        (404, "NoSuchKey"), (404, "NoSuchBucket"), (403, "AccessDenied"), (403, "InvalidObjectState"), (412, "PreconditionFailed"),
        (301, "PermanentRedirect"), (403, "SignatureDoesNotMatch"), (400, "InvalidRequest"),
    ])
    func errorsKeepTheirNameAndAreNotTriedAgain(status: Int, code: String) async throws {
        let transport = FakeTransport(Self.error(status, code))
        let error = await #expect(throws: AWSError.self) { try await read(client(transport)) }
        #expect(error?.code.rawValue == code)
        #expect(error?.status == status)
        #expect(error?.message == "s3://papers/k: \(code): why")
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: [
        (404, "NoSuchKey"), (403, "AccessDenied"), (412, "PreconditionFailed"), (301, "PermanentRedirect"), (400, "HTTP400"),
    ])
    func theStatusNamesWhatHasNoBody(status: Int, code: String) async throws {
        let error = await #expect(throws: AWSError.self) {
            try await client(FakeTransport(.init(status))).head(bucket: "papers", key: "k")
        }
        #expect(error?.code.rawValue == code)
    }

    @Test(arguments: [(503, "SlowDown"), (500, "InternalError"), (400, "RequestTimeout"), (429, "Any"), (502, "")])
    func whatTimeMendsIsTriedAgain(status: Int, code: String) async throws {
        let transport = FakeTransport(Self.error(status, code), Self.error(status, code), .init(200, "text"))
        #expect(try await read(client(transport)) == "text")
        #expect(transport.requests.count == 3)
    }

    @Test func triesAreCounted() async throws {
        let transport = FakeTransport(Self.error(503, "SlowDown"))
        let environment = Self.local.merging(["AWS_MAX_ATTEMPTS": "3"]) { $1 }
        let error = await #expect(throws: AWSError.self) { try await read(client(transport, environment)) }
        #expect(error?.code == .slowDown)
        #expect(error?.message == "s3://papers/k: SlowDown: why (tried 3 times)")
        #expect(transport.requests.count == 3)
    }

    @Test func noTryStartsAfterTheDeadline() async throws {
        var policy = RetryPolicy()
        (policy.deadline, policy.maximumAttempts) = (.milliseconds(100), 1000)
        let transport = FakeTransport { _, _ throws(TransportError) in throw TransportError(.unreachable, "nobody") }
        let session = try AWSSession(settings: AWSSettings(environment: Self.local), transport: transport, policy: policy)
        let error = await #expect(throws: AWSError.self) { try await read(try S3Client(session: session)) }
        #expect(error?.code == .unreachable)
        // Time ends the tries, long before their number does.
        #expect(transport.requests.count < 10)
    }

    @Test func backOffGrowsAndHasJitter() {
        var generator = SystemRandomNumberGenerator()
        let policy = RetryPolicy()
        for (attempt, ceiling) in [(1, 100), (2, 200), (5, 1600), (50, 5000)] {
            let delays = (0..<200).map { _ in policy.delay(after: attempt, using: &generator) }
            #expect(delays.allSatisfy { $0 >= .zero && $0 <= .milliseconds(ceiling) })
            #expect(delays.contains { $0 > .milliseconds(ceiling / 2) } && delays.contains { $0 < .milliseconds(ceiling / 2) })
        }
    }

    @Test func aBrokenReadGoesOnBehindItsLastPiece() async throws {
        let broken = TransportError(.connectionLost, "cut")
        let transport = FakeTransport(
            .init(200, "0123", headers: ["ETag": "\"e\""], failure: broken),
            .init(206, "45", headers: ["ETag": "\"e\""], failure: broken),
            .init(206, "6789", headers: ["ETag": "\"e\""]))
        #expect(try await read(client(transport)) == "0123456789")
        #expect(transport.requests.map { $0.headers["Range"] } == [nil, "bytes=4-", "bytes=6-"])
        #expect(transport.requests.map { $0.headers["If-Match"] } == [nil, "\"e\"", "\"e\""])
    }

    @Test func anObjectThatChangedMeanwhileIsNotMixed() async throws {
        let transport = FakeTransport(
            .init(200, "0123", headers: ["ETag": "\"e\""], failure: TransportError(.connectionLost, "cut")),
            Self.error(412, "PreconditionFailed"))
        let error = await #expect(throws: AWSError.self) { try await read(client(transport)) }
        #expect(error?.code == .preconditionFailed)
    }

    @Test func aServerThatIgnoresRangesIsNoticed() async throws {
        let transport = FakeTransport(.init(200, "0123456789"))
        let error = await #expect(throws: AWSError.self) { try await read(client(transport), range: 2..<4) }
        #expect(error?.code == .badResponse)
    }

    @Test func rangesAreAskedForWithTheirLastByte() async throws {
        let transport = FakeTransport(.init(206, "23"))
        #expect(try await read(client(transport), range: 2..<4) == "23")
        #expect(transport.requests[0].headers["Range"] == "bytes=2-3")
        #expect(try await read(client(FakeTransport(Self.error(416, "InvalidRange"))), range: 0..<4) == "", "an empty object")
        #expect(try await read(client(FakeTransport(Self.error(500, "never sent"))), range: 4..<4) == "")
    }

    @Test func theReadersOwnErrorPassesThrough() async throws {
        struct Full: Error {}
        let client = try client(FakeTransport(.init(200, "text")))
        await #expect(throws: Full.self) { try await client.read(bucket: "papers", key: "k") { _ in throw Full() } }
    }

    // MARK: Redirects

    @Test func aBucketInAnotherRegionIsFoundThere() async throws {
        let elsewhere = FakeTransport { request, _ in
            request.url.host == "papers.s3.us-west-2.amazonaws.com"
                && request.headers["Authorization"]?.contains("/us-west-2/s3/") == true
                ? .init(200, "text") : Self.error(301, "PermanentRedirect", headers: ["x-amz-bucket-region": "us-west-2"])
        }
        let client = try client(elsewhere, Self.keys)
        #expect(try await read(client) == "text")
        #expect(try await read(client) == "text")
        #expect(elsewhere.requests.count == 3, "the region is remembered")
        let malformed = FakeTransport(
            Self.error(400, "AuthorizationHeaderMalformed", "<Region>us-west-2</Region>"), .init(200, "text"))
        #expect(try await read(self.client(malformed, Self.keys)) == "text")
    }

    @Test func aTemporaryRedirectIsFollowedWithinTheSameHost() async throws {
        let transport = FakeTransport(.init(307, headers: ["Location": "http://127.0.0.1:9001/papers/k"]), .init(200, "text"))
        #expect(try await read(client(transport)) == "text")
        #expect("\(transport.requests[1].url)" == "http://127.0.0.1:9001/papers/k")
        #expect(transport.requests[0].headers["Authorization"] != transport.requests[1].headers["Authorization"], "signed anew")
    }

    @Test(arguments: ["http://example.org/papers/k", "http://amazonaws.com.example.org/", "http://169.254.169.254/"])
    func signedRequestsGoToNobodyElse(location: String) async throws {
        let transport = FakeTransport(.init(307, headers: ["Location": location]), .init(200, "text"))
        let error = await #expect(throws: AWSError.self) { try await read(client(transport)) }
        #expect(error?.message.contains("where credentials are not sent") == true)
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: ["x.example.org/", "", "EU", "eu west"]) func aRegionThatIsNoneIsNotAsked(region: String) async throws {
        let transport = FakeTransport(Self.error(301, "PermanentRedirect", headers: ["x-amz-bucket-region": region]))
        await #expect(throws: AWSError.self) { try await read(client(transport, Self.keys)) }
        #expect(transport.requests.count == 1)
    }

    @Test func redirectsInACircleEnd() async throws {
        let transport = FakeTransport(.init(307, headers: ["Location": "http://127.0.0.1:9000/papers/k"]))
        await #expect(throws: AWSError.self) { try await read(client(transport)) }
        #expect(transport.requests.count == 4)
    }

    // MARK: Listing

    private static func page(_ keys: [String], encoded: Bool = true, next: String? = nil) -> FakeTransport.Answer {
        let contents = keys.map { "<Contents><Key>\($0)</Key><Size>1</Size></Contents>" }.joined()
        let more =
            next.map { "<IsTruncated>true</IsTruncated><NextContinuationToken>\($0)</NextContinuationToken>" }
            ?? "<IsTruncated>false</IsTruncated>"
        let encoding = encoded ? "<EncodingType>url</EncodingType>" : ""
        return .init(200, "<ListBucketResult>\(encoding)\(more)\(contents)</ListBucketResult>")
    }

    @Test func allPagesAreReadAndSortedByBytes() async throws {
        let transport = FakeTransport(
            Self.page(["a/", "a/b+c", "a/b%2Bc", "a/%F0%9F%A7%AA"], next: "t+/="), Self.page(["a/%EF%BC%81", "a/B", "a/%01"]))
        let keys = try await client(transport).keys(bucket: "papers", prefix: "a/é b")
        #expect(keys == ["a/", "a/\u{1}", "a/B", "a/b c", "a/b+c", "a/\u{FF01}", "a/🧪"])
        #expect(
            transport.requests.map(\.url.query) == [
                "list-type=2&encoding-type=url&prefix=a%2F%C3%A9%20b&max-keys=1000",
                "list-type=2&encoding-type=url&prefix=a%2F%C3%A9%20b&max-keys=1000&continuation-token=t%2B%2F%3D",
            ])
        #expect(transport.requests[0].url.path == "/papers/")
    }

    @Test func keysOfAServerThatDoesNotEncodeAreTakenAsTheyAre() async throws {
        let transport = FakeTransport(Self.page(["a+b", "c%20d &amp; e"], encoded: false))
        #expect(try await client(transport).keys(bucket: "papers", prefix: "") == ["a+b", "c%20d & e"])
    }

    @Test func anEmptyPrefixHasNoKeys() async throws {
        #expect(try await client(FakeTransport(Self.page([]))).keys(bucket: "papers", prefix: "none") == [])
    }

    @Test func aLimitEndsTheListing() async throws {
        let transport = FakeTransport(Self.page(["a", "b"], next: "t"))
        #expect(try await client(transport).keys(bucket: "papers", prefix: "", limit: 1) == ["a"])
        #expect(transport.requests.count == 1)
    }

    @Test func listingsThatCannotBeAreNoticed() async throws {
        let circle = FakeTransport(Self.page(["a"], next: "same"))
        let endless = FakeTransport(.init(200, "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"))
        for transport in [circle, endless, FakeTransport(.init(200, "<html></html>")), FakeTransport(Self.page(["%FF"]))] {
            let error = await #expect(throws: AWSError.self) { try await client(transport).keys(bucket: "papers", prefix: "") }
            #expect(error?.code == .badResponse)
        }
    }

    @Test func aPageThatBreaksOffIsAskedForAgain() async throws {
        var broken = Self.page(["a"])
        broken.failure = TransportError(.connectionLost, "cut")
        let transport = FakeTransport(broken, Self.page(["a", "b"]))
        #expect(try await client(transport).keys(bucket: "papers", prefix: "") == ["a", "b"])
    }

    // MARK: Credentials

    @Test func expiredCredentialsAreFetchedAnew() async throws {
        let transport = FakeTransport { request, number in
            switch request.url.path {
            case "/creds":
                .init(
                    200, #"{"AccessKeyId":"ASIA\#(number)","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}"#)
            case _ where request.headers["Authorization"]?.contains("=ASIA0/") == true: Self.error(400, "ExpiredToken")
            default: .init(200, "text")
            }
        }
        let environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/creds", "AWS_ENDPOINT_URL": "http://127.0.0.1:9000",
        ]
        #expect(try await read(client(transport, environment)) == "text")
        #expect(transport.requests.map(\.url.path) == ["/creds", "/papers/k", "/creds", "/papers/k"])
    }
}
