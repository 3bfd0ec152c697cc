import Annotations
package import Storage

/// Reads pages into text objects and page records, and writes the manifest that names them.
///
/// A page's record is written last and is its commit mark: a run that was cut off goes on where it stopped. One bad page costs that
/// page.
package struct BatchReading: Sendable {
    package struct Settings: Sendable {
        package var output: ObjectURI
        package var manifest: ObjectURI
        package var textSuffix = ".txt"
        package var reading: ReadingSettings
        /// Reads pages anew even when their record is current.
        package var isForced = false
        package var metadata = PageMetadata.Match()

        package init(output: ObjectURI, manifest: ObjectURI, reading: ReadingSettings) {
            (self.output, self.manifest, self.reading) = (output, manifest, reading)
        }
    }

    /// A page that is done.
    package struct Finished: Sendable {
        package let source: PageSource
        package let status: PageStatus
        /// Whether an earlier run read it.
        package let isCurrent: Bool
        /// The page's manifest line.
        package let line: [UInt8]
        package let duration: Duration
        /// Set when the store failed and not the page: another try may go well.
        package var storageError: StorageError?
    }

    /// How many pages of a run ended how.
    package struct Summary: Sendable, Equatable {
        package var found = 0
        package var notFound = 0
        package var failed = 0
        /// Pages that were left as they were; they count under their status too.
        package var current = 0
        /// Pages that a stopped run did not come to.
        package var unread = 0
        package var pages: Int { found + notFound + failed }

        package init() {}
    }

    /// Larger files are refused: no scan of 100 megapixels comes near it.
    package static let maximumDocumentBytes = 512 << 20

    private let store: any ObjectStore
    private let pool: ReaderPool
    private let documents: OpenDocuments
    private let settings: Settings

    package init(store: any ObjectStore, pool: ReaderPool, documents: OpenDocuments, settings: Settings) {
        (self.store, self.pool, self.documents, self.settings) = (store, pool, documents, settings)
    }

    /// - Parameters:
    ///   - concurrency: Pages in work at a time; one more than there are readers keeps them busy.
    ///   - isStopped: Asked before each page; once it is so, the pages in work are finished, the manifest gets those that are done, and
    ///     the run ends.
    ///   - finished: Called for each page as it is done, in any order, one at a time.
    package func run(
        _ sources: [PageSource], concurrency: Int, isStopped: () -> Bool = { false }, finished: (Finished) async throws -> Void
    ) async throws -> Summary {
        var summary = Summary()
        let lines = try LineSpool()
        // Opened before the first page: that it cannot be written should show now.
        let manifest = try store.writer(to: settings.manifest)
        try await withThrowingTaskGroup(of: (index: Int, page: Finished).self) { group in
            var pending = sources.enumerated().makeIterator()
            func start() -> Bool {
                guard !isStopped(), let (index, source) = pending.next() else { return false }
                let page = PageJob(source: source, store: store, pool: pool, documents: documents, settings: settings)
                group.addTask { (index, await page.run()) }
                return true
            }
            for _ in 0..<concurrency where !start() { break }
            while let (index, page) = try await group.next() {
                summary.count(page)
                try lines.keep(page.line, at: index)
                try await finished(page)
                _ = start()
            }
        }
        summary.unread = sources.count - summary.pages
        try await ManifestUpdate(store: store, manifest: settings.manifest).run(
            sources.map { $0.reference(output: settings.output) }, lines: lines, writer: manifest)
        return summary
    }
}

extension BatchReading.Summary {
    fileprivate mutating func count(_ page: BatchReading.Finished) {
        if page.isCurrent { current += 1 }
        switch page.status {
        case .found: found += 1
        case .notFound: notFound += 1
        case .failed: failed += 1
        }
    }
}
