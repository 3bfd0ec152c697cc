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

    @Test func aStoreOfTheFirstVersionIsCounted() async throws {
        let bench = try Bench()
        try await bench.putInput(3)
        try await bench.start(try request())
        let path = bench.folder.appending("older.sqlite").string
        try await bench.store.backup(to: path)
        let queue = try DatabaseQueue(path: path)
        try await queue.write {
            try $0.execute(
                sql: """
                    DROP TRIGGER object_inserted; DROP TRIGGER object_deleted; DROP TRIGGER object_moved; DROP TABLE object_count;
                    DROP INDEX member_worker; ALTER TABLE message DROP COLUMN attributes; DROP TABLE forgotten;
                    PRAGMA user_version = 1
                    """)
        }
        try queue.close()
        let older = try JobStore(path: path)
        #expect(try await older.counters(of: older.job(named: "demo")) == bench.store.counters(of: bench.store.job(named: "demo")))
        #expect(try await older.counters(of: older.job(named: "demo")).total == 3)
    }

    @Test func aCopyMadeWhileWorkersAnswerHoldsTheJob() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request())
        let path = bench.folder.appending("copy.sqlite").string
        try await bench.store.backup(to: path)
        #expect(try await JobStore(path: path).job(named: "demo").status == .inProgress)
    }

    @Test func aBackupBringsBackWhatWasThereAndKeepsWhatIsThere() async throws {
        let bench = try Bench()
        try await bench.putInput(1)
        try await bench.start(try request())
        let backup = bench.folder.appending("backup.sqlite").string
        try await bench.store.backup(to: backup)
        let other = bench.folder.appending("other.sqlite").string
        _ = try JobStore(path: other)
        try await JobStore.restore(from: backup, to: other)
        #expect(try await JobStore(path: other).jobs().map(\.name) == ["demo"])
        #expect(try await JobStore(path: other + ".before-restore").jobs().isEmpty)
    }

    @Test func aStoreInUseIsNotReplaced() async throws {
        let bench = try Bench()
        let backup = bench.folder.appending("backup.sqlite").string
        try await bench.store.backup(to: backup)
        let error = await #expect(throws: JobError.self) {
            try await JobStore.restore(from: backup, to: bench.folder.appending("jobs.sqlite").string)
        }
        #expect(error?.code == .inUse)
    }

    @Test func aFileThatIsNoBackupIsRefused() async throws {
        let bench = try Bench()
        try await bench.put("not a database at all", to: "s3://bench/x")
        let error = await #expect(throws: JobError.self) {
            try await JobStore.restore(
                from: bench.folder.appending("bench/x").string, to: bench.folder.appending("new.sqlite").string)
        }
        #expect(error?.code == .storeFailed)
    }
}
