import GroundTruth
import HTTPTypes
import LabelingJobs
import Storage
import SystemPackage
import Testing

@testable import Service

/// What programs ask of the owner's API; the command line that asks it is tested against a running service.
@Suite(.timeLimit(.minutes(1)))
struct OwnerRoutesTests {
    private static let key = "0123456789abcdef"
    private static let asOwner = ["Authorization": "Bearer \(key)", "Content-Type": "application/json"]

    private static func harness() throws -> Harness {
        try Harness(
            apiKeys: [key],
            portal: { store, folder in
                let engine = try JobEngine.forTests(in: folder, store)
                return Portal(engine: engine, keys: [key], links: ReadLinks(store: store, secret: makeSecret()))
            })
    }

    @Test(arguments: [
        ("GET", "teams/a/members"), ("DELETE", "teams/a"), ("POST", "teams"), ("POST", "teams/a/add"), ("POST", "teams/a/remove"),
        ("POST", "teams/a/links"),
        ("POST", "public-link"), ("GET", "jobs/a/refused"), ("GET", "jobs/a/notices"), ("POST", "jobs/a/notices/revive"),
        ("POST", "jobs/a/exclude"), ("POST", "jobs/a/more-answers"), ("DELETE", "workers/w"), ("GET", "effort"),
        ("PUT", "jobs/a/input/input.manifest?output=s3://bench/out"),
    ])
    func nothingIsToldOrDoneWithoutAKey(method: String, path: String) async throws {
        let harness = try Self.harness()
        let wrong = ["Authorization": "Bearer fedcba9876543210", "Content-Type": "application/json"]
        for headers in [["Content-Type": "application/json"], wrong] {
            let reply = try await harness.send(
                try #require(HTTPRequest.Method(method)), "/portal/api/\(path)", Array("{}".utf8), headers: headers)
            #expect(reply.status == 401 && reply.json?["code"]?.string == "unauthorized")
        }
        #expect(throws: StorageError.self) {
            _ = try harness.store.details(of: ObjectURI(received: "s3://bench/out/a/input/input.manifest"))
        }
    }

    @Test(arguments: [
        ("teams", #"{}"#), ("teams", #"{"name":7}"#), ("teams/a/add", #"{"members":"ada@example.org"}"#),
        ("teams/a/add", #"{"members":[1]}"#), ("teams/a/links", #"{"days":0}"#), ("teams/a/links", #"{"days":"30"}"#),
        ("teams/a/links", #"{"renew":"yes"}"#), ("public-link", #"{"days":3651}"#), ("jobs/a/exclude", #"{"worker":null}"#),
        ("jobs/a/more-answers", #"{"count":0}"#), ("jobs/a/more-answers", #"{"count":1,"objects":["1"]}"#),
        ("jobs/a/more-answers", #"{"count":1,"objects":{}}"#), ("teams", "no json"),
    ])
    func whatIsNoRequestIsRefusedByItsMember(path: String, body: String) async throws {
        let reply = try await Self.harness().post("/portal/api/\(path)", body, headers: Self.asOwner)
        #expect(reply.status == 400, "\(reply.text)")
    }

    @Test(arguments: [
        ("objects?state=lost", "`state` is `lost`"), ("listing?state=Failed", "`state` is `Failed`"),
        ("objects?from=-1", "`from` is `-1`"), ("objects?from=x", "`from` is `x`"),
        ("refused?from=1e9", "`from` is `1e9`"), ("notices?from=99999999999999999999", "`from` is"),
    ])
    func aPageThatIsNoneIsRefused(query: String, words: String) async throws {
        let reply = try await Self.harness().send(.get, "/portal/api/jobs/a/\(query)", headers: Self.asOwner)
        #expect(reply.status == 400 && reply.json?["detail"]?.string?.contains(words) == true, "\(reply.text)")
    }

    @Test func aFileForAJobLiesWhereTheJobReadsIt() async throws {
        let harness = try Self.harness()
        let reply = try await harness.send(
            .put, "/portal/api/jobs/demo/input/input.manifest?output=s3%3A%2F%2Fbench%2Fout", Array("{}\n".utf8),
            headers: Self.asOwner)
        #expect(reply.status == 200 && reply.json?["uri"]?.string == "s3://bench/out/demo/input/input.manifest")
        let bytes = try await harness.store.get(try ObjectURI(received: "s3://bench/out/demo/input/input.manifest"), atMost: 100)
        #expect(bytes == Array("{}\n".utf8))
    }

    @Test(arguments: [
        ("demo/input/other.json?output=s3://bench/out", "", 404, "not-found"),
        ("..%2F..%2Fx/input/categories.json?output=s3://bench/out", "", 422, "invalid"),
        ("a%20b/input/categories.json?output=s3://bench/out", "", 422, "invalid"),
        ("%FF/input/categories.json?output=s3://bench/out", "", 400, "bad-request"),
        ("demo/input/categories.json?output=/tmp/out", "", 422, "storage-bad-uri"),
        ("demo/input/categories.json", "", 422, "storage-bad-uri"),
        ("demo/input/categories.json?output=s3://bench/../out", "", 422, "storage-bad-uri"),
        ("demo/input/categories.json?output=s3://bench/out", "16777217", 413, "content-too-large"),
        ("demo/input/categories.json?output=s3://bench/out", "3", 400, "bad-request"),
    ])
    func aFileThatIsNoneOfAJobIsNotTaken(path: String, length: String, status: Int, code: String) async throws {
        let harness = try Self.harness()
        var headers = Self.asOwner
        if !length.isEmpty { headers["Content-Length"] = length }
        let reply = try await harness.send(.put, "/portal/api/jobs/\(path)", Array("{}".utf8), headers: headers)
        #expect(reply.status == status && reply.json?["code"]?.string == code, "\(reply.text)")
        #expect(try await harness.store.listing(of: ObjectURI(received: "s3://bench/")) == .missing)
    }

    @Test func aBodyLongerThanItMayBeIsCutOff() async throws {
        let harness = try Self.harness()
        let body = [UInt8](repeating: 0x20, count: OwnerDesk.Input.template.maximumBytes + 1)
        let reply = try await harness.send(
            .put, "/portal/api/jobs/demo/input/template.liquid.html?output=s3://bench/out", body, headers: Self.asOwner)
        #expect(reply.status == 413)
        #expect(try await harness.store.listing(of: ObjectURI(received: "s3://bench/")) == .missing)
    }

    @Test func whatTheStoreSaysOfANamedObjectIsPassedOn() async throws {
        let harness = try Self.harness()
        let missing = try await harness.send(.get, "/portal/api/effort?manifest=s3://bench/none", headers: Self.asOwner)
        #expect(missing.status == 404 && missing.json?["code"]?.string == "storage-not-found")
        let file = try await harness.send(.get, "/portal/api/effort?manifest=/etc/passwd", headers: Self.asOwner)
        #expect(file.status == 422 && file.json?["code"]?.string == "storage-not-allowed")
        try await harness.store.put(Array("{\"source\":\"a\"}\nx\n".utf8), to: ObjectURI(received: "s3://bench/in"))
        let broken = try await harness.send(.get, "/portal/api/effort?manifest=s3://bench/in", headers: Self.asOwner)
        #expect(broken.status == 422 && broken.json?["detail"]?.string?.hasPrefix("s3://bench/in:2: ") == true)
    }
}
