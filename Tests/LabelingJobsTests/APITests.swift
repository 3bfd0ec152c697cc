import FoundationEssentials
import GroundTruth
import Testing

@testable import LabelingJobs

@Suite struct RequestCheckTests {
    /// All texts with a pattern, of all operations.
    private func patterns() -> [(length: ClosedRange<Int>, pattern: String)] {
        func below(_ shape: Shape) -> [(length: ClosedRange<Int>, pattern: String)] {
            switch shape {
            case .text(let length, let pattern?): [(length, pattern)]
            case .list(_, let element): below(element)
            case .structure(let members): members.flatMap { below($0.shape) }
            default: []
            }
        }
        return LabelingOperation.allCases.flatMap { $0.members.flatMap { below($0.shape) } }
    }

    @Test func everyPatternIsDecidedQuicklyWhateverTheText() throws {
        let patterns = patterns()
        #expect(patterns.count > 40)
        let clock = ContinuousClock()
        for (length, pattern) in patterns {
            for piece in ["a", "-", "a-", "a ", "arn:aws-", "\u{301}"] {
                let text = String(String(repeating: piece, count: length.upperBound).prefix(length.upperBound - 1)) + "\u{7}"
                let request = try JSONScanner.parse(JSONOutput.object(["LabelingJobName": .string(text)]).bytes)
                // The best of three: other tests share the machine.
                let time = (0..<3).map { _ in clock.measure { _ = Pattern.matches(text, pattern) } }.min() ?? .zero
                #expect(time < .milliseconds(200), "\(pattern) takes \(time) for \(piece)…")
                #expect(throws: JobError.self) { try LabelingOperation.describeLabelingJob.check(request) }
            }
        }
    }

    @Test func aRequestFullOfFaultsIsAnsweredInFewWords() throws {
        let tags = Array(repeating: #"{"Key":"","Value":"\#(String(repeating: "x", count: 5000))"}"#, count: 50).joined(
            separator: ",")
        let request = try JSONScanner.parse(#"{"ResourceArn":"x","Tags":[\#(tags)]}"#.utf8)
        let error = #expect(throws: JobError.self) { try LabelingOperation.addTags.check(request) }
        #expect(error?.code == .invalid)
        #expect(error?.message.hasPrefix("101 validation errors detected: Value 'x' at 'resourceArn' failed") == true)
        #expect((error?.message.utf8.count ?? 0) < 5000)
    }

    @Test(arguments: [
        (#"{"LabelingJobName":"a\n"}"#, JobError.Code.invalid), (#"{"LabelingJobName":"ä"}"#, .invalid),
        (#"{"LabelingJobName":"\ud800"}"#, .wrongType), (#"{"LabelingJobName":1e3}"#, .wrongType),
        (#"{"LabelingJobName":null}"#, .invalid), ("[]", .wrongType), (#"{"labelingJobName":"a"}"#, .invalid),
    ])
    func whatIsNoNameIsRefused(request: String, code: JobError.Code) throws {
        let request = try JSONScanner.parse(request.utf8)
        let error = #expect(throws: JobError.self) { try LabelingOperation.describeLabelingJob.check(request) }
        #expect(error?.code == code)
    }

    @Test func textIsCountedInCharactersAndNotInBytes() throws {
        func check(_ title: String) throws {
            let task = try request(human: ["TaskTitle": .string(title)])
            try LabelingOperation.createLabelingJob.check(task)
        }
        try check(String(repeating: "ß", count: 128))
        #expect(throws: JobError.self) { try check(String(repeating: "ß", count: 129)) }
        // The model's pattern stops at U+FFFD.
        #expect(throws: JobError.self) { try check("🧪") }
    }
}

@Suite struct JobListTests {
    private func names(_ jobs: [JobRecord]) -> [String] { jobs.map(\.name) }

    @Test func pagesFollowEachOtherThoughJobsOfOneMomentAreAdded() async throws {
        let bench = try Bench()
        for number in 0..<5 { _ = try await bench.engine.create(try request("job-\(number)")) }
        var query = ListQuery()
        query.maximumCount = 2
        let (first, next) = try await bench.store.jobs(query)
        #expect(names(first) == ["job-0", "job-1"])
        _ = try await bench.engine.create(try request("job-5"))
        query.after = try ListPosition(token: try #require(next).token, of: query)
        let (second, further) = try await bench.store.jobs(query)
        #expect(names(second) == ["job-2", "job-3"])
        query.after = try ListPosition(token: try #require(further).token, of: query)
        let (third, end) = try await bench.store.jobs(query)
        #expect(names(third) == ["job-4", "job-5"])
        #expect(end == nil)
        query.isDescending = true
        #expect(throws: JobError.self) { _ = try ListPosition(token: try #require(next).token, of: query) }
    }

    @Test(arguments: ["", "x", "W10=", "WyJOYW1lIiwiYSIsMV0=", "WyJDcmVhdGlvblRpbWUgQXNjZW5kaW5nIiwieCIsMV0="])
    func aTokenThatWasMadeUpIsRefused(token: String) {
        let error = #expect(throws: JobError.self) { _ = try ListPosition(token: token, of: ListQuery()) }
        #expect(error?.code == .invalid)
    }

    @Test func quotesAndPercentSignsInFiltersAreJustCharacters() async throws {
        let bench = try Bench()
        _ = try await bench.engine.create(try request("job-1"))
        for part in ["%", "_", "'", "job'--"] {
            var query = ListQuery()
            query.nameContains = part
            #expect(try await bench.store.jobs(query).jobs.isEmpty)
            #expect(try await bench.store.jobs(ListQuery(), referenceContains: part).jobs.isEmpty)
        }
    }
}

@Suite struct TeamAndTagTests {
    private let account = JobEngine.Account(region: "us-west-2", id: "111122223333")

    private func team(_ name: String) throws -> JSONValue {
        try JSONScanner.parse(
            #"{"WorkteamName":"\#(name)","Description":"d","MemberDefinitions":[],"Tags":[{"Key":"a","Value":"1"}]}"#.utf8)
    }

    @Test func aTeamIsFoundByNameInAnyCaseAndByItsARN() async throws {
        let bench = try Bench()
        let made = try await bench.store.insertTeam(try team("Readers"), account: account, at: bench.clock.now)
        #expect(made.arn == "arn:aws:sagemaker:us-west-2:111122223333:workteam/private-crowd/Readers")
        #expect(try await bench.store.team(named: "rEADERS").arn == made.arn)
        #expect(try await bench.store.team(arn: made.arn).name == "Readers")
        #expect(try await bench.store.tags(of: made.arn) == [ResourceTag(key: "a", value: "1")])
        let error = await #expect(throws: JobError.self) {
            try await bench.store.insertTeam(try team("READERS"), account: account, at: bench.clock.now)
        }
        #expect(error?.code == .inUse)
        try await bench.store.deleteTeam(named: "readers")
        let missing = await #expect(throws: JobError.self) { _ = try await bench.store.tags(of: made.arn) }
        #expect(missing?.code == .notFound)
    }

    @Test func jobsWithoutEncryptionCarryATagThatNobodyElseCanSet() async throws {
        let bench = try Bench(encryption: .waived)
        let arn = try await bench.engine.create(
            try request(adding: ["OutputConfig": ["KmsKeyId": "alias/k", "S3OutputPath": "s3://bench/out"]]))
        #expect(try await bench.store.tags(of: arn) == [.unencrypted])
        for key in ["prelabel:encryption", "AWS:x", "aws:x"] {
            #expect(throws: JobError.self) { try ResourceTag.checkIsFree(key) }
        }
        let plain = try await bench.engine.create(try request("plain"))
        #expect(try await bench.store.tags(of: plain).isEmpty)
    }

    @Test func defaultsDependOnTheTeam() async throws {
        func seconds(_ team: String) throws -> Int? {
            var task = try #require(try request()["HumanTaskConfig"]).object?.filter {
                $0.key != "TaskAvailabilityLifetimeInSeconds" && $0.key != "WorkteamArn"
            }.reduce(into: [String: JSONOutput]()) { $0[$1.key] = .raw($1.value) }
            task?["WorkteamArn"] = .string(team)
            let bare = try JSONScanner.parse(JSONOutput.object(["HumanTaskConfig": .object(task ?? [:])]).bytes)
            return JobRules.withDefaults(bare)["HumanTaskConfig"]?["TaskAvailabilityLifetimeInSeconds"]?.int
        }
        #expect(try seconds("arn:aws:sagemaker:us-west-2:111122223333:workteam/private-crowd/a") == 2_592_000)
        #expect(try seconds("arn:aws:sagemaker:eu-west-1:394669845002:workteam/public-crowd/default") == 21_600)
    }
}
