import PageReading
import SystemPackage
import Testing

@testable import Pipeline

struct PageSelectionTests {
    @Test(arguments: [("1", [1]), ("1-3", [1, 2, 3]), ("2-", [2, 3, 4, 5, 6]), ("1,3-4,6", [1, 3, 4, 6]), ("5-5", [5])])
    func choosesPages(text: String, expected: [Int]) throws {
        let selection = try #require(PageSelection(text))
        #expect((1...6).filter(selection.contains) == expected)
    }

    @Test(arguments: ["", "0", "-1", "3-1", "a", "1,", ",1", "1--2", "1.5", " 1", "99999999999999999999"])
    func refusesWhatIsNoSelection(text: String) { #expect(PageSelection(text) == nil) }
}

@Suite(.timeLimit(.minutes(1)))
struct ReaderPoolTests {
    private func read(with executable: String, _ arguments: [String], deadline: Duration) async throws -> ReaderPool.Failure? {
        var settings = ReaderPool.Settings(executable: FilePath(executable), arguments: arguments, workers: 1)
        settings.deadline = deadline
        return try await ReaderPool.withReaders(settings) { pool -> ReaderPool.Failure? in
            do throws(ReaderPool.Failure) {
                _ = try await pool.read([1, 2, 3], page: 0, region: .page, picture: .none)
                return nil
            } catch {
                return error
            }
        }
    }

    @Test func aReaderThatNeverAnswersIsStoppedAtTheDeadline() async throws {
        let failure = try await read(with: "/bin/sleep", ["600"], deadline: .milliseconds(50))
        #expect(failure?.message.contains("not read within") == true)
    }

    @Test func aReaderThatEndsIsNamedWithItsExitCode() async throws {
        let failure = try await read(with: "/bin/sh", ["-c", "exit 7"], deadline: .seconds(30))
        #expect(failure?.message.contains("exit code 7") == true)
    }

    @Test func aReaderThatWritesAnythingElseThanFramesFails() async throws {
        let failure = try await read(with: "/bin/echo", ["no frame at all"], deadline: .seconds(30))
        #expect(failure != nil)
    }

    @Test func aProgramThatIsMissingIsNamed() async throws {
        let failure = try await read(with: "/no/such/program", [], deadline: .seconds(30))
        #expect(failure?.message.contains("cannot run") == true)
    }
}
