import GroundTruth
import Testing

@testable import LabelingJobs

@Suite(.timeLimit(.minutes(1)))
struct WorkerTests {
    private static let account = JobEngine.Account(region: "us-west-2", id: "111122223333")

    /// A running job of the team `readers`, with two people in it.
    private func bench(objects: Int = 2, workers: Int = 1) async throws -> (Bench, [Worker]) {
        let bench = try Bench()
        try await bench.putInput(objects)
        _ = try await bench.store.makeTeam("readers", account: Self.account, at: bench.clock.now)
        let members = try await bench.store.addMembers(
            ["ada@example.org", "bob@example.org"], to: "readers", region: "us-west-2", at: bench.clock.now)
        try await bench.start(try request(workers: workers))
        return (bench, members)
    }

    @Test(arguments: ["", "no spaces", "-a", "a-", "é", String(repeating: "x", count: 64)])
    func aTeamsNameIsOneThatCreateWorkteamTakes(name: String) async throws {
        let bench = try Bench()
        let error = await #expect(throws: JobError.self) {
            _ = try await bench.store.makeTeam(name, account: Self.account, at: bench.clock.now)
        }
        #expect(error?.code == .invalid && error?.message.contains("'workteamName' failed to satisfy constraint") == true)
        #expect(try await bench.store.teamSizes().isEmpty)
    }

    @Test func aPassLetsInItsWorkerUntilItExpires() async throws {
        let (bench, members) = try await bench()
        let ada = try #require(members.first)
        #expect(ada.id.wholeMatch(of: #/private\.us-west-2\.[0-9a-f]{16}/#) != nil)
        let text = "\(ada.pass(for: .link, expires: bench.clock.now.adding(seconds: 60)))"
        let pass = try #require(AccessPass(text))
        #expect(try await bench.store.worker(showing: pass, for: .link, at: bench.clock.now)?.mail == "ada@example.org")
        bench.clock.pass(seconds: 60)
        #expect(try await bench.store.worker(showing: pass, for: .link, at: bench.clock.now) == nil)
    }

    @Test func aPassThatWasChangedLetsNobodyIn() async throws {
        let (bench, members) = try await bench()
        let (ada, bob) = (members[0], members[1])
        let text = "\(ada.pass(for: .link, expires: nil))"
        let forged = [
            text.replacing(ada.id, with: bob.id), text.replacing(".0.", with: ".1."), String(text.dropLast(2)),
            text.dropLast() + (text.hasSuffix("0") ? "1" : "0"), "\(ada.pass(for: .session, expires: nil))", "", "..", ".0.",
        ]
        for text in forged {
            let worker = try await AccessPass(text).asyncMap {
                try await bench.store.worker(showing: $0, for: .link, at: bench.clock.now)
            }
            #expect(worker == nil, "\(text)")
        }
    }

    @Test func aRenewedSecretEndsEarlierPasses() async throws {
        let (bench, members) = try await bench()
        let old = members[0].pass(for: .link, expires: nil)
        let renewed = try await bench.store.renewSecret(of: members[0]).pass(for: .link, expires: nil)
        #expect(try await bench.store.worker(showing: old, for: .link, at: bench.clock.now) == nil)
        #expect(try await bench.store.worker(showing: renewed, for: .link, at: bench.clock.now)?.id == members[0].id)
    }

    @Test func aWorkerSeesTheJobsOfTheOwnTeamsOnly() async throws {
        let (bench, members) = try await bench()
        _ = try await bench.store.makeTeam("others", account: Self.account, at: bench.clock.now)
        let eve = try await bench.store.addMembers(["eve@example.org"], to: "others", region: "us-west-2", at: bench.clock.now)[0]
        #expect(try await bench.store.jobs(of: members[0], at: bench.clock.now).map(\.job.name) == ["demo"])
        #expect(try await bench.store.jobs(of: eve, at: bench.clock.now).isEmpty)
        let refused = await #expect(throws: JobError.self) { try await bench.store.requireAccess(to: "demo", for: eve) }
        #expect(refused?.code == .notFound)
        let anonymous = try await bench.store.makePublicWorker(region: "us-west-2", at: bench.clock.now)
        #expect(try await bench.store.jobs(of: anonymous, at: bench.clock.now).isEmpty)
    }

    @Test func whoLeavesATeamLosesItsJobs() async throws {
        let (bench, members) = try await bench()
        try await bench.store.removeMembers(["ADA@example.org"], from: "readers")
        #expect(try await bench.store.jobs(of: members[0], at: bench.clock.now).isEmpty)
        let missing = await #expect(throws: JobError.self) {
            try await bench.store.removeMembers(["bob@example.org", "nobody@example.org"], from: "readers")
        }
        #expect(missing?.code == .notFound)
        #expect(try await bench.store.members(of: "readers").map(\.mail) == ["bob@example.org"])
    }

    @Test func theListCountsWhatAWorkerCanTakeAndHasDone() async throws {
        let (bench, members) = try await bench(objects: 3)
        let now = bench.clock.now
        _ = try await bench.answer(members[0].id, choice("plant"))
        _ = try await bench.store.claim("demo", for: members[0].id, at: now)
        let ada = try #require(try await bench.store.jobs(of: members[0], at: now).first)
        #expect(ada.openCount == 1 && ada.answeredCount == 1 && ada.held?.number == 1)
        #expect(ada.openUntil == now.adding(seconds: 21_600))
        let bob = try await bench.store.job(named: "demo", for: members[1], at: now)
        #expect(bob.openCount == 1 && bob.answeredCount == 0 && bob.held == nil && bob.elsewhereCount == 2)
    }
}

extension Optional {
    fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result?) async rethrows -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
