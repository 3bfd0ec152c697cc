import AWS
import FoundationEssentials
import Storage
import SystemPackage
import Synchronization
import Testing
import Transport

/// A bucket `papers` that keeps what is put into it and lists two keys a page.
final class FakeS3: HTTPTransport {
    let objects = Mutex<[String: (bytes: [UInt8], headers: HTTPHeaders)]>([:])
    var keys: [String] { objects.withLock { $0.keys.sorted() } }
    private static let pageSize = 2

    func send(_ request: OutgoingRequest) async throws(TransportError) -> IncomingResponse {
        let path = decoded(request.url.path)
        if request.url.host != "s3" {
            let credentials = ["AccessKeyId": "ASIAROLE", "SecretAccessKey": "s", "SessionToken": "t"]
            let body = credentials.map { "<\($0)>\($1)</\($0)>" }.joined()
            return response(200, "<R><Credentials>\(body)</Credentials></R>")
        }
        guard path.hasPrefix("/papers/") else { return response(404, "<Error><Code>NoSuchBucket</Code></Error>") }
        let key = String(path.dropFirst("/papers/".count))
        if key.isEmpty { return list(request.url.query ?? "") }
        return try objects.withLock { objects throws(TransportError) in
            switch (request.method, objects[key]) {
            case ("PUT", _?) where request.headers["If-None-Match"] == "*":
                return response(412, "<Error><Code>PreconditionFailed</Code></Error>")
            case ("PUT", _):
                objects[key] = (try bytes(request.body), request.headers)
                return response(200, "")
            case (_, nil): return response(404, request.method == "HEAD" ? "" : "<Error><Code>NoSuchKey</Code></Error>")
            case ("DELETE", _?):
                objects[key] = nil
                return response(204, "")
            case (let method, let object?):
                let bytes = method == "HEAD" ? [] : object.bytes
                var headers = object.headers
                headers["Content-Length"] = "\(object.bytes.count)"
                return IncomingResponse(status: 200, headers: headers, body: Body(bytes))
            }
        }
    }

    private func list(_ query: String) -> IncomingResponse {
        let parameters = Dictionary(
            query.split(separator: "&").map {
                $0.split(separator: "=", omittingEmptySubsequences: false).map { decoded(String($0)) }
            }
            .map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
        let matching = keys.filter { $0.utf8.starts(with: (parameters["prefix"] ?? "").utf8) }
        let rest = matching.filter { $0 > parameters["continuation-token"] ?? "" }
        let page = rest.prefix(Self.pageSize)
        let contents = page.map { "<Contents><Key>\(PercentEncoding.encode($0))</Key></Contents>" }.joined()
        let next =
            rest.count > page.count
            ? "<IsTruncated>true</IsTruncated><NextContinuationToken>\(page.last ?? "")</NextContinuationToken>" : ""
        return response(200, "<ListBucketResult><EncodingType>url</EncodingType>\(next)\(contents)</ListBucketResult>")
    }

    private func bytes(_ body: OutgoingRequest.Body) throws(TransportError) -> [UInt8] {
        switch body {
        case .none: return []
        case .bytes(let bytes): return bytes
        case .source(let length, let read):
            var bytes: [UInt8] = []
            while bytes.count < length {
                guard let piece = try? read(bytes.count, min(100_000, length - bytes.count)), !piece.isEmpty else {
                    throw TransportError(.unreadableBody, "the source ends at \(bytes.count)")
                }
                bytes += piece
            }
            return bytes
        }
    }

    private func response(_ status: Int, _ body: String) -> IncomingResponse {
        IncomingResponse(status: status, headers: [:], body: Body(Array(body.utf8)))
    }

    private func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private final class Body: ResponseBody {
        private let rest: Mutex<[UInt8]>
        init(_ bytes: [UInt8]) { rest = Mutex(bytes) }
        func next() async throws(TransportError) -> [UInt8]? {
            rest.withLock { rest in
                defer { rest = Array(rest.dropFirst(1000)) }
                return rest.isEmpty ? nil : Array(rest.prefix(1000))
            }
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct S3StoreTests {
    private let server = FakeS3()

    private func store(_ settings: S3StoreSettings = S3StoreSettings(), keys: Bool = true) throws -> S3Store {
        var environment = ["AWS_ENDPOINT_URL_S3": "http://s3", "AWS_EC2_METADATA_DISABLED": "true"]
        if keys { environment.merge(["AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "secret"]) { $1 } }
        let (server, fixed) = (server, environment)
        return try S3Store(settings: settings) { () throws(AWSError) in
            try S3Client(session: AWSSession(settings: AWSSettings(environment: fixed), transport: server))
        }
    }

    private func s3(_ key: String, bucket: String = "papers") -> ObjectURI { .s3(bucket: bucket, key: key) }

    private func put(_ keys: String...) async throws {
        for key in keys { server.objects.withLock { $0[key] = (Array(key.utf8), [:]) } }
    }

    @Test(arguments: ["p1.txt", "a/b/c.txt", "é 🧪.txt", "%41+b.txt", "a//b", "a/../b", "/a", "a.b/..c"])
    func whatIsWrittenIsRead(key: String) async throws {
        let store = try store()
        try await store.put(Array("text\r\n".utf8), to: s3(key))
        #expect(try await store.text(s3(key)) == "text\r\n")
        #expect(server.keys == [key])
        #expect(try await store.delete(s3(key)))
        #expect(try await store.delete(s3(key)) == false)
    }

    @Test func whatDoesNotFitTheMemoryIsSpooledAndSignedAsAWhole() async throws {
        let store = try store()
        let piece = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let writer = try store.writer(to: s3("big"))
        for _ in 0..<20 { try writer.append(piece) }
        #expect(server.keys.isEmpty, "nothing is there before commit")
        try await writer.commit()
        let object = try #require(server.objects.withLock { $0["big"] })
        #expect(object.bytes.count == 20_000_000)
        #expect(object.headers["X-Amz-Content-SHA256"] == sha256Hex(object.bytes))
    }

    @Test func aDroppedWriterSendsNothing() async throws {
        do { try store().writer(to: s3("k")).append([1, 2, 3]) }
        #expect(server.keys.isEmpty)
    }

    @Test func objectsHaveTypeAndKey() async throws {
        var settings = S3StoreSettings()
        settings.kmsKeyID = "default-key"
        try await store(settings).put([1], to: s3("a.png"))
        var options = WriteOptions()
        (options.contentType, options.kmsKeyID, options.onlyIfAbsent) = ("text/x", "own-key", true)
        try await store(settings).put([1], to: s3("b.png"), options: options)
        let headers = server.objects.withLock { objects in ["a.png", "b.png"].map { objects[$0]?.headers ?? [:] } }
        #expect(headers.map { $0["Content-Type"] } == ["image/png", "text/x"])
        #expect(headers.map { $0["x-amz-server-side-encryption-aws-kms-key-id"] } == ["default-key", "own-key"])
        let error = await storageError { try await store(settings).put([2], to: s3("b.png"), options: options) }
        #expect(error?.code == .exists)
    }

    @Test func objectsThatAreNotThereAreNamed() async throws {
        let store = try store()
        let key = await storageError { _ = try await store.get(s3("none"), atMost: 10) }
        #expect(key?.code == .notFound && key?.message == "s3://papers/none does not exist")
        let bucket = await storageError { _ = try await store.get(s3("k", bucket: "elsewhere"), atMost: 10) }
        #expect(bucket?.code == .notFound && bucket?.message.contains("neither does its bucket") == true)
        let info = await storageError { _ = try await store.info(of: s3("none")) }
        #expect(info?.code == .notFound)
        let noKey = await storageError { _ = try await store.get(s3(""), atMost: 10) }
        #expect(noKey?.code == .badURI)
    }

    @Test func anObjectWithMoreBytesThanAllowedIsRefused() async throws {
        try await put("12345")
        #expect(try await store().get(s3("12345"), atMost: 5).count == 5)
        let error = await storageError { _ = try await store().get(s3("12345"), atMost: 4) }
        #expect(error?.code == .tooLarge)
    }

    // MARK: Listing

    @Test func listsBelowAPrefixInTheOrderOfBytes() async throws {
        try await put("a/", "a/z", "a/é", "a/B", "a/b/", "a/b/2", "a/b/10", "a/.hidden", "ab", "b", "a/\u{FF01}", "a/🧪")
        let names = [".hidden", "B", "b/10", "b/2", "z", "é", "\u{FF01}", "🧪"]
        #expect(try await store().listing(of: s3("a")) == .folder(base: s3("a"), names: names))
        #expect(try await store().listing(of: s3("a/")) == .folder(base: s3("a"), names: names))
        #expect(try await store().listing(of: s3("b")) == .object)
    }

    @Test func aPrefixNeedNotEndAtASlash() async throws {
        try await put("scans/2023-1.jpg", "scans/2024-2.jpg", "scans/2024-1/a.jpg", "top-1", "top-2")
        #expect(
            try await store().listing(of: s3("scans/2024-")) == .folder(base: s3("scans"), names: ["2024-1/a.jpg", "2024-2.jpg"]))
        #expect(try await store().listing(of: s3("top")) == .folder(base: s3(""), names: ["top-1", "top-2"]))
        guard case .folder(_, let names) = try await store().listing(of: s3("")) else {
            Issue.record("a bucket is a folder")
            return
        }
        #expect(names.count == 5)
    }

    @Test(arguments: [("a//", ["/b", "c"]), ("a", ["//b", "/c", "d"]), ("", ["/x", "a///b", "a//c", "a/d"])])
    func namesLeadBackToTheirKeys(prefix: String, names: [String]) async throws {
        try await put("a///b", "a//c", "a/d", "/x")
        guard case .folder(let base, let found) = try await store().listing(of: s3(prefix)) else {
            Issue.record("expected a folder")
            return
        }
        #expect(found == names)
        let keys = found.map { base.appending($0) }
        #expect(keys.allSatisfy { uri in server.keys.contains { s3($0) == uri } })
    }

    @Test func aFolderIsMoreThanAnObjectOfItsName() async throws {
        try await put("pages", "pages/p1.jpg")
        #expect(try await store().listing(of: s3("pages")) == .folder(base: s3("pages"), names: ["p1.jpg"]))
    }

    @Test(arguments: ["none", "none/", "k/", "k/x", "empty/", "empty"]) func whatIsNotThereIsMissing(key: String) async throws {
        try await put("k", "empty/")
        #expect(try await store().listing(of: s3(key)) == .missing)
        #expect(try await store().listing(of: s3(key, bucket: "elsewhere")) == .missing)
    }

    // MARK: Rights and rules

    @Test func aRoleSignsWithItsOwnKeys() async throws {
        let acting = try store().acting(as: "arn:aws:iam::1:role/gt")
        try await acting.put([1], to: s3("k"))
        let authorization = server.objects.withLock { $0["k"]?.headers["Authorization"] }
        #expect(authorization?.contains("Credential=ASIAROLE/") == true)
    }

    @Test func bucketsThatAreNotNamedAreRefused() async throws {
        let settings = try S3StoreSettings(environment: ["PRELABEL_BUCKETS": "other, papers"])
        try await store(settings).put([1], to: s3("k"))
        let error = await storageError { _ = try await store(settings).get(s3("k", bucket: "private"), atMost: 10) }
        #expect(error?.code == .notAllowed)
        #expect(error?.message.contains("PRELABEL_BUCKETS") == true)
    }

    @Test func withoutCredentialsItSaysWhatElseThereIs() async throws {
        let store = try store(keys: false)
        let error = await storageError { _ = try await store.get(s3("k"), atMost: 10) }
        #expect(error?.code == .noCredentials)
        #expect(error?.message.contains("--data DIR") == true)
        #expect(await store.isReachable == false)
        #expect(await (try self.store()).isReachable)
    }

    @Test func filesNeedNoCredentials() async throws {
        let folder = try TestFolder()
        let uri = ObjectURI.file(folder.root.appending("x"))
        let store = try store(keys: false)
        try await store.put([0x78], to: uri)
        #expect(try await store.text(uri) == "x")
        #expect(try await store.listing(of: uri) == .object)
        let error = await storageError { _ = try await store.presignedURL(of: uri, lifetimeSeconds: 60) }
        #expect(error?.code == .unsupported)
    }

    @Test(arguments: ["0", "-1", "x", "1e9", "nan"]) func aTimeoutThatIsNoneIsNamed(text: String) {
        let error = #expect(throws: StorageError.self) {
            try S3StoreSettings(environment: ["PRELABEL_STORE_TIMEOUT_SECONDS": text])
        }
        #expect(error?.code == .badSetting)
    }
}
