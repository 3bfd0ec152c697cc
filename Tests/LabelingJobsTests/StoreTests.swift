import GRDB
import LabelingJobs
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StoreTests {
    @Test func aStoreOfANewerVersionIsRefused() throws {
        let bench = try Bench()
        let path = bench.folder.appending("newer.sqlite").string
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "PRAGMA user_version = 999") }
        try queue.close()
        let error = #expect(throws: JobError.self) { _ = try JobStore(path: path) }
        #expect(error?.code == .storeTooNew)
    }

    @Test func aCopyMadeWhileWorkersAnswerHoldsTheJob() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request())
        let path = bench.folder.appending("copy.sqlite").string
        try await bench.store.backup(to: path)
        #expect(try await JobStore(path: path).job(named: "demo").status == .inProgress)
    }
}
