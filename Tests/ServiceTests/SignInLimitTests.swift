import GroundTruth
import HTTPTypes
import LabelingJobs
import Storage
import SystemPackage
import Testing

@testable import Service

@Suite(.timeLimit(.minutes(1)))
struct SignInLimitTests {
    private static let key = "0123456789abcdef"
    private static let json = ["Content-Type": "application/json"]

    /// A service with a key and a worker, on a clock that stands still.
    private final class Desk: Sendable {
        let time = TestClock()
        let harness: Harness
        let worker: Worker

        init() async throws {
            let (clock, made) = (time.clock, Made())
            harness = try Harness(
                apiKeys: [SignInLimitTests.key], clock: clock,
                portal: { objects, folder in
                    let engine = try JobEngine.forTests(in: folder, objects, clock: clock)
                    made.store = engine.store
                    return Portal(
                        engine: engine, keys: [SignInLimitTests.key], links: ReadLinks(store: objects, secret: makeSecret()))
                })
            worker = try await #require(made.store).makePublicWorker(region: "us-west-2", at: clock.now())
        }

        private final class Made { var store: JobStore? }
    }

    private static let wrong: [@Sendable (Harness, String) async throws -> Harness.Reply] = [
        { try await $0.post("/portal/session", #"{"pass":"w.0.00"}"#, headers: json, address: $1) },
        { try await $0.post("/portal/owner/session", #"{"key":"wrong"}"#, headers: json, address: $1) },
        { try await $0.post("/portal//session", #"{"pass":"w.0.00"}"#, headers: json, address: $1) },
        { try await $0.post("/portal/owner/session/", #"{"key":"wrong"}"#, headers: json, address: $1) },
        { try await $0.send(.get, "/portal/api/jobs", headers: ["Cookie": "prelabel-owner=owner.0.00"], address: $1) },
        { try await $0.send(.get, "/portal/api/jobs", headers: ["Authorization": "Bearer wrong"], address: $1) },
        { try await $0.post("/pre-annotation", "{}", headers: ["Authorization": "Bearer wrong"], address: $1) },
        { try await $0.send(.get, "/tasks/jobs", headers: ["Authorization": "Bearer w.0.00"], address: $1) },
    ]

    @Test(arguments: wrong.indices)
    func afterThirtyFailuresAnAddressWaitsForTheRestOfTheMinute(way: Int) async throws {
        let desk = try await Desk()
        for _ in 0..<30 { #expect(try await Self.wrong[way](desk.harness, "192.0.2.1").status == 401) }
        desk.time.advance(seconds: 20)
        let reply = try await Self.wrong[way](desk.harness, "192.0.2.1")
        #expect(reply.status == 429 && reply.headers[.retryAfter] == "40")
        #expect(reply.json?["code"]?.string == "too-many-attempts")
        #expect(try await Self.wrong[way](desk.harness, "192.0.2.2").status == 401)
        desk.time.advance(seconds: 40)
        #expect(try await Self.wrong[way](desk.harness, "192.0.2.1").status == 401)
    }

    @Test(arguments: [0, 1])
    func attemptsSideBySideCountFromTheirBeginning(way: Int) async throws {
        let desk = try await Desk()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 { group.addTask { try await Self.wrong[way](desk.harness, "192.0.2.1").status } }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [401: 30, 429: 70])
    }

    @Test func theThirtiethFailureIsTheLast() {
        let time = TestClock()
        let limit = SignInLimit(clock: time.clock)
        for _ in 0..<29 { limit.countFailure("a") }
        #expect(limit.secondsBlocked("a") == nil)
        limit.countFailure("a")
        #expect(limit.secondsBlocked("a") == 60)
    }

    @Test func theRightKeyWaitsTooButNobodyWhoIsSignedIn() async throws {
        let desk = try await Desk()
        let key = ["Authorization": "Bearer \(Self.key)"]
        let link = desk.worker.pass(for: .link, expires: nil)
        let reply = try await desk.harness.post(
            "/portal/owner/session", #"{"key":"\#(Self.key)"}"#, headers: Self.json, address: "192.0.2.1")
        let cookie = try #require(reply.headers[.setCookie]).prefix { $0 != ";" }
        for _ in 0..<30 { _ = try await Self.wrong[1](desk.harness, "192.0.2.1") }
        #expect(try await desk.harness.send(.get, "/portal/api/jobs", headers: key, address: "192.0.2.1").status == 429)
        #expect(try await desk.harness.send(.get, "/portal/api/jobs", headers: key, address: "192.0.2.2").status == 200)
        #expect(
            try await desk.harness.send(.get, "/portal/api/jobs", headers: ["Cookie": "\(cookie)"], address: "192.0.2.1").status
                == 200)
        #expect(
            try await desk.harness.send(.get, "/tasks/jobs", headers: ["Authorization": "Bearer \(link)"], address: "192.0.2.1")
                .status
                == 200)
        #expect(
            try await desk.harness.post("/portal/session", #"{"pass":"\#(link)"}"#, headers: Self.json, address: "192.0.2.1").status
                == 429)
        #expect(try await desk.harness.send(.get, "/portal", address: "192.0.2.1").status == 200)
    }

    @Test func behindAServerOfThisMachineTheAddressIsTheOneThatItSaw() async throws {
        let desk = try await Desk()
        func status(_ forwarded: String, from peer: String) async throws -> Int {
            try await desk.harness.send(
                .get, "/portal/api/jobs", headers: ["Authorization": "Bearer wrong", "X-Forwarded-For": forwarded], address: peer
            ).status
        }
        for index in 0..<30 { _ = try await status("10.0.0.\(index), 192.0.2.1", from: "127.0.0.1") }
        #expect(try await status("192.0.2.7, 192.0.2.1", from: "127.0.0.1") == 429)
        #expect(try await status("192.0.2.1, 192.0.2.7", from: "127.0.0.1") == 401)
        // From elsewhere anybody could write anything there.
        for index in 0..<30 { _ = try await status("10.0.0.\(index)", from: "198.51.100.1") }
        #expect(try await status("10.0.1.1", from: "198.51.100.1") == 429)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("192.0.2.1:443", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
        ("[2001:db8::1]:443", "2001:db8:0:0::/64"),
        ("::1", "0:0:0:0::/64"), ("fe80::1%eth0", "fe80:0:0:0::/64"), ("2001:db8::", "2001:db8:0:0::/64"), ("192.0.2", nil),
        ("192.0.2.256", nil), ("1::2::3", nil), ("1:2:3:4:5:6:7:8:9", nil), ("1:::2", nil), ("unknown", nil), ("", nil),
        ("g::1", nil),
    ])
    func addressesOfOneCustomerAreOne(text: String, counted: String?) {
        #expect(ClientAddress.counted(text[...]) == counted)
    }

    @Test func memoryIsBoundedHoweverManyAddressesFail() {
        let time = TestClock()
        let limit = SignInLimit(clock: time.clock)
        for index in 0..<SignInLimit.addressesKept { limit.countFailure("a\(index)") }
        for index in 0..<30 { limit.countFailure("b\(index)") }
        #expect(limit.secondsBlocked("b0") == 60 && limit.secondsBlocked("c") == 60 && limit.secondsBlocked("a0") == nil)
        time.advance(seconds: 60)
        for _ in 0..<30 { limit.countFailure("b0") }
        #expect(limit.secondsBlocked("b0") == 60 && limit.secondsBlocked("c") == nil)
    }
}
