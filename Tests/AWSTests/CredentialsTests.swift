@testable import AWS
import FoundationEssentials
import Synchronization
import Testing
import Transport

/// A home folder with profile files.
final class TestHome: Sendable {
    let path: String
    init(config: String = "", credentials: String = "") throws {
        path = FileManager.default.temporaryDirectory.path + "/prelabel-aws-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path + "/.aws", withIntermediateDirectories: true)
        try write(config, to: ".aws/config")
        try write(credentials, to: ".aws/credentials")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path).appending(path: name))
    }

    func settings(_ environment: [String: String] = [:]) throws(AWSError) -> AWSSettings {
        try AWSSettings(environment: environment.merging(["HOME": path]) { $1 })
    }
}

private let keys = ["AWS_ACCESS_KEY_ID": "AKIAENVIRONMENT", "AWS_SECRET_ACCESS_KEY": "secret"]

@Suite struct CredentialsSourceTests {
    private let home: TestHome

    init() throws {
        home = try TestHome(
            config: """
                # A comment
                [default]
                region = eu-west-1
                s3 =
                  addressing_style = virtual
                  endpoint_url = http://ignored

                [profile work]
                region=eu-central-1
                role_arn = arn:aws:iam::111122223333:role/reader
                source_profile = base
                external_id = ext
                services = local
                [profile "base"]
                aws_access_key_id = AKIACONFIGFILE
                aws_secret_access_key = from-config
                [profile loop]
                role_arn = arn:loop
                source_profile = loop2
                [profile loop2]
                role_arn = arn:loop2
                source_profile = loop
                [profile self]
                role_arn = arn:self
                source_profile = self
                aws_access_key_id = AKIASELF
                aws_secret_access_key = s
                [profile web]
                role_arn = arn:web
                web_identity_token_file = /token
                [profile pod]
                role_arn = arn:pod
                credential_source = Ec2InstanceMetadata
                [profile both]
                role_arn = arn:both
                [profile mfa]
                role_arn = arn:mfa
                source_profile = base
                mfa_serial = 1
                [profile sso]
                sso_session = x
                [profile empty]
                region = x
                [services local]
                s3 =
                    endpoint_url = http://127.0.0.1:9000/
                """,
            credentials: """
                [default]
                aws_access_key_id = AKIADEFAULT
                aws_secret_access_key = from = credentials
                [base]
                aws_access_key_id = AKIABASE
                aws_secret_access_key = from-credentials
                """)
    }

    private func source(_ environment: [String: String]) throws -> String {
        func describe(_ source: CredentialsSource) -> String {
            switch source {
            case .fixed(let credentials, _): credentials.accessKeyID + " \(credentials.secretAccessKey.value)"
            case .role(let request, let base, _): "\(request.roleARN) \(request.externalID ?? "-") with \(describe(base))"
            case .webIdentity(let role, let file, let session, _): "\(role) \(file) \(session)"
            case .container(let endpoint): "\(endpoint.url) \(endpoint.token?.value ?? "-") \(endpoint.tokenFile ?? "-")"
            case .instance(let endpoint): "\(endpoint)"
            }
        }
        return describe(try CredentialsSource(try home.settings(environment)))
    }

    @Test(arguments: [
        ([:], "AKIADEFAULT from = credentials"),
        (keys, "AKIAENVIRONMENT secret"),
        (["AWS_PROFILE": "base"], "AKIABASE from-credentials"),
        (["AWS_PROFILE": "work"], "arn:aws:iam::111122223333:role/reader ext with AKIABASE from-credentials"),
        (["AWS_PROFILE": "self"], "arn:self - with AKIASELF s"),
        (["AWS_PROFILE": "web"], "arn:web /token prelabel"),
        (["AWS_PROFILE": "pod"], "arn:pod - with http://169.254.169.254/"),
        (["AWS_PROFILE": "empty"], "http://169.254.169.254/"),
        (["AWS_PROFILE": "empty", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://[::1]:1"], "http://[::1]:1/"),
        (
            ["AWS_PROFILE": "empty", "AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "arn:r", "AWS_ROLE_SESSION_NAME": "s"],
            "arn:r /t s"
        ),
        (
            [
                "AWS_PROFILE": "empty", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/c?id=1",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "t",
            ],
            "http://169.254.170.2/v2/c?id=1 t -"
        ),
        (["AWS_PROFILE": "empty", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:1/c"], "http://localhost:1/c - -"),
    ])
    func theFirstPlaceThatHasThemCounts(environment: [String: String], expected: String) throws {
        #expect(try source(environment) == expected)
    }

    @Test(arguments: [
        (["AWS_PROFILE": "missing"], "there is no AWS profile `missing`"),
        (["AWS_PROFILE": "loop"], "leads back to"),
        (["AWS_PROFILE": "both"], "needs one of source_profile and credential_source"),
        (["AWS_PROFILE": "mfa"], "mfa_serial"), (["AWS_PROFILE": "sso"], "sso_session"),
        (["AWS_ACCESS_KEY_ID": "x"], "AWS_SECRET_ACCESS_KEY is not"),
        (["AWS_PROFILE": "empty", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.org/c"], "neither https nor this machine"),
        (["AWS_PROFILE": "empty", "AWS_EC2_METADATA_DISABLED": "true"], "no AWS credentials"),
    ])
    func whatCannotBeUsedIsNamed(environment: [String: String], problem: String) {
        let error = #expect(throws: AWSError.self) { try source(environment) }
        #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
    }

    @Test func regionAndEndpointSayWhereTheyComeFrom() throws {
        let profile = try home.settings(["AWS_PROFILE": "work"])
        #expect(profile.region.value == "eu-central-1")
        #expect(profile.region.origin == "profile work of \(home.path)/.aws/config")
        #expect("\(try profile.endpoint(of: "s3").value)" == "http://127.0.0.1:9000")
        #expect("\(try profile.endpoint(of: "sts").value)" == "https://sts.eu-central-1.amazonaws.com")
        let environment = try home.settings([
            "AWS_DEFAULT_REGION": "us-west-2", "AWS_ENDPOINT_URL": "http://h:1", "AWS_ENDPOINT_URL_S3": "http://s:2/x/",
        ])
        #expect(environment.region.value == "us-west-2")
        #expect(environment.region.origin == "environment AWS_DEFAULT_REGION")
        #expect("\(try environment.endpoint(of: "s3").value)" == "http://s:2/x")
        #expect("\(try environment.endpoint(of: "sts").value)" == "http://h:1")
        #expect(try environment.addressingStyle(endpointIsDefault: false).value == .virtual)
        #expect(
            try AWSSettings(environment: ["AWS_REGION": "cn-north-1"]).endpoint(of: "s3").value.host
                == "s3.cn-north-1.amazonaws.com.cn")
        #expect(try AWSSettings(environment: [:]).region.origin == "default")
    }

    @Test func settingsThatAreWrongAreNamed() throws {
        #expect(throws: AWSError.self) { try home.settings(["AWS_ENDPOINT_URL": "localhost:1"]).endpoint(of: "s3") }
        #expect(throws: AWSError.self) { try home.settings(["AWS_REGION": "x.example.org/"]).endpoint(of: "s3") }
        #expect(throws: AWSError.self) { try home.settings(["AWS_MAX_ATTEMPTS": "0"]).maximumAttempts() }
        #expect(throws: AWSError.self) {
            try home.settings(["PRELABEL_S3_ADDRESSING_STYLE": "x"]).addressingStyle(endpointIsDefault: true)
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct CredentialsFetchTests {
    private static let now = Date(timeIntervalSince1970: 1_790_000_000)
    private static let assumed = """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
        <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>rs</SecretAccessKey><SessionToken>rt&amp;</SessionToken>
        <Expiration>2026-12-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
        """

    private func session(_ environment: [String: String], _ transport: FakeTransport) throws -> AWSSession {
        var policy = RetryPolicy()
        policy.baseDelay = .milliseconds(1)
        return try AWSSession(
            settings: AWSSettings(environment: environment), transport: transport, policy: policy, now: { Self.now })
    }

    @Test func anInstanceIsAskedWithASessionToken() async throws {
        let transport = FakeTransport { request, _ in
            switch (request.method, request.url.path) {
            case ("PUT", "/latest/api/token"): .init(200, "session")
            case ("GET", _) where request.headers["X-aws-ec2-metadata-token"] != "session": .init(401)
            case ("GET", "/latest/meta-data/iam/security-credentials/"): .init(200, "my-role\n")
            case ("GET", "/latest/meta-data/iam/security-credentials/my-role"):
                .init(
                    200,
                    #"{"Code":"Success","AccessKeyId":"ASIAINST","SecretAccessKey":"is","Token":"it","Expiration":"2026-12-01T00:00:00Z"}"#
                )
            default: .init(404)
            }
        }
        let credentials = try await session([:], transport).credentials.credentials(rejecting: nil)
        #expect(credentials.accessKeyID == "ASIAINST")
        #expect(credentials.sessionToken?.value == "it")
        #expect(credentials.expiration == Date(timeIntervalSince1970: 1_796_083_200))
        #expect(transport.requests.allSatisfy { !$0.usesProxy && $0.deadline != nil })
    }

    @Test func whereNobodyAnswersThereAreNone() async throws {
        let transport = FakeTransport { _, _ throws(TransportError) in throw TransportError(.unreachable, "no route") }
        let error = await #expect(throws: AWSError.self) {
            try await session([:], transport).credentials.credentials(rejecting: nil)
        }
        #expect(error?.code == .noCredentials)
    }

    @Test func aContainerIsAskedWithItsToken() async throws {
        let home = try TestHome()
        try home.write("token-1\n", to: "token")
        let transport = FakeTransport { request, _ in
            .init(
                200,
                #"{"AccessKeyId":"ASIAPOD","SecretAccessKey":"\#(request.headers["Authorization"] ?? "")","Token":"t","Expiration":"2026-12-01T00:00:00.5Z"}"#
            )
        }
        let environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/c",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "\(home.path)/token",
        ]
        let credentials = try await session(environment, transport).credentials.credentials(rejecting: nil)
        #expect(credentials.accessKeyID == "ASIAPOD")
        #expect(credentials.secretAccessKey.value == "token-1")
    }

    @Test func aWebIdentityIsExchangedUnsigned() async throws {
        let home = try TestHome()
        try home.write("a.b+c", to: "token")
        let transport = FakeTransport(.init(200, Self.assumed))
        let environment = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": "\(home.path)/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/x", "AWS_REGION": "eu-west-3",
        ]
        let credentials = try await session(environment, transport).credentials.credentials(rejecting: nil)
        #expect(credentials.accessKeyID == "ASIAROLE")
        #expect(credentials.sessionToken?.value == "rt&")
        let request = try #require(transport.requests.first)
        #expect("\(request.url)" == "https://sts.eu-west-3.amazonaws.com/")
        #expect(
            request.text.hasPrefix("Version=2011-06-15&Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx&")
        )
        #expect(request.text.hasSuffix("&WebIdentityToken=a.b%2Bc"))
        #expect(request.headers["Authorization"] == nil)
    }

    @Test func anEventsRoleIsTakenOnWithTheSessionsKeysAndTriedAgain() async throws {
        let busy = FakeTransport.Answer(500, "<ErrorResponse><Error><Code>InternalFailure</Code></Error></ErrorResponse>")
        let transport = FakeTransport(busy, .init(200, Self.assumed))
        let base = try session(keys, transport)
        let acting = try base.acting(as: "arn:aws:iam::1:role/gt", sessionName: "consolidation")
        #expect(try await acting.credentials.credentials(rejecting: nil).accessKeyID == "ASIAROLE")
        #expect(try await acting.credentials.credentials(rejecting: nil).accessKeyID == "ASIAROLE")
        #expect(transport.requests.count == 2)
        let request = try #require(transport.requests.last)
        #expect(request.headers["Authorization"]?.contains("Credential=AKIAENVIRONMENT/") == true)
        #expect(request.text.contains("RoleSessionName=consolidation"))
    }

    @Test func aRoleThatDoesNotTrustTheCallerIsNamedWithBoth() async throws {
        let message =
            "User: arn:aws:iam::1:user/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/gt"
        let body = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>\(message)</Message></Error></ErrorResponse>"
        let transport = FakeTransport(.init(403, body))
        let acting = try session(keys, transport).acting(as: "arn:aws:iam::1:role/gt")
        let error = await #expect(throws: AWSError.self) { try await acting.credentials.credentials(rejecting: nil) }
        #expect(error?.code == .accessDenied)
        #expect(error?.message == "the role arn:aws:iam::1:role/gt cannot be taken on: AccessDenied: \(message)")
        #expect(transport.requests.count == 1)
    }

    @Test func theyAreRenewedBeforeTheyExpireAndFetchedOnceForAll() async throws {
        let clock = Mutex(Self.now)
        let fetches = Mutex(0)
        let cached = CachedCredentials(origin: "test", now: { clock.withLock(\.self) }) { () async throws(AWSError) in
            let number = fetches.withLock { count in
                count += 1
                return count
            }
            try? await Task.sleep(for: .milliseconds(20))
            guard number != 3 else { throw AWSError(.unreachable, "gone") }
            return AWSCredentials(
                accessKeyID: "\(number)", secretAccessKey: Secret("s"), expiration: clock.withLock(\.self) + 1000)
        }
        let ids = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 { group.addTask { try? await cached.credentials(rejecting: nil).accessKeyID } }
            return await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(ids == ["1"])
        clock.withLock { $0 += 699 }
        #expect(try await cached.credentials(rejecting: nil).accessKeyID == "1")
        clock.withLock { $0 += 2 }
        let second = try await cached.credentials(rejecting: nil)
        #expect(second.accessKeyID == "2")
        clock.withLock { $0 += 701 }
        #expect(try await cached.credentials(rejecting: nil).accessKeyID == "2", "a failed renewal leaves those that still hold")
        #expect(try await cached.credentials(rejecting: second).accessKeyID == "4")
    }
}
