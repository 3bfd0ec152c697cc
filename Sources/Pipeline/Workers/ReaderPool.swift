package import Annotations
import Glibc
package import PageReading
package import SystemPackage

/// Reader processes that share a queue of pages.
///
/// Each process reads one page at a time. One that crashes, or that has not answered within the deadline, is ended and replaced,
/// and the page it was reading fails with the reason.
package struct ReaderPool: Sendable {
    package struct Settings: Sendable {
        /// The program that knows the reader subcommand: this one.
        package var executable: FilePath
        package var arguments: [String]
        package var workers: Int
        package var deadline: Duration = .seconds(120)

        package init(executable: FilePath, arguments: [String], workers: Int) {
            (self.executable, self.arguments, self.workers) = (executable, arguments, workers)
        }
    }

    /// A page as read, with a PNG of it when that was wanted.
    package struct Page: Sendable {
        package let content: PageContent
        package let png: [UInt8]?
    }

    /// Why a page was not read.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package let message: String
        /// The reader's own code, when it answered; see `PageReadingError`.
        package var code: String?
        package var description: String { message }
    }

    private let queue = ReaderQueue()

    /// Runs readers for as long as `body` runs.
    package static func withReaders<Result: Sendable>(
        _ settings: Settings, body: sending (ReaderPool) async throws -> Result
    ) async throws -> Result {
        // A reader that died shows as an error of the write to it, not as the end of this process.
        _ = signal(SIGPIPE, SIG_IGN)
        let pool = ReaderPool()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<settings.workers {
                group.addTask { await ReaderSlot(settings: settings, queue: pool.queue).run() }
            }
            do {
                let result = try await body(pool)
                await pool.queue.close()
                try await group.waitForAll()
                return result
            } catch {
                await pool.queue.close()
                throw error
            }
        }
    }

    /// Reads one page; waits for a free reader.
    ///
    /// - Parameters:
    ///   - page: Of a TIFF file, from 0.
    ///   - picture: The PNG to make beside the text.
    package func read(_ image: [UInt8], page: Int, region: ReadingRegion, picture: PagePicture) async throws(Failure) -> Page {
        try await queue.submit(ReaderRequest(page: page, region: region, picture: picture), image: image).get()
    }
}
