import Annotations
package import GroundTruth
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
        package var metadata = PageMetadata()

        package init(output: ObjectURI, manifest: ObjectURI, reading: ReadingSettings) {
            (self.output, self.manifest, self.reading) = (output, manifest, reading)
        }
    }

    /// A page that is done.
    package struct Finished: Sendable {
        package enum Outcome: Sendable, Equatable {
            case found
            case notFound
            case failed(reason: String)
            /// An earlier run read it, with this status.
            case current
        }
        package let source: PageSource
        package let outcome: Outcome
        /// The page's manifest line.
        package let line: [UInt8]
        package let duration: Duration
    }

    /// How many pages of a run ended how.
    package struct Summary: Sendable, Equatable {
        package var found = 0
        package var notFound = 0
        package var failed = 0
        /// Pages that were left as they were; they count under their status too.
        package var current = 0
        package var pages: Int { found + notFound + failed }
    }

    /// Larger files are refused: no scan of 100 megapixels comes near it.
    package static let maximumImageBytes = 512 << 20

    private let store: any ObjectStore
    private let pool: ReaderPool
    private let settings: Settings

    package init(store: any ObjectStore, pool: ReaderPool, settings: Settings) {
        (self.store, self.pool, self.settings) = (store, pool, settings)
    }

    /// - Parameters:
    ///   - concurrency: Pages in work at a time; one more than there are readers keeps them busy.
    ///   - finished: Called for each page as it is done, in any order, one at a time.
    package func run(
        _ sources: [PageSource], concurrency: Int, finished: (Finished) async throws -> Void
    ) async throws -> Summary {
        var summary = Summary()
        let lines = try LineSpool()
        try await withThrowingTaskGroup(of: (index: Int, page: Page).self) { group in
            var pending = sources.enumerated().makeIterator()
            func start() -> Bool {
                guard let (index, source) = pending.next() else { return false }
                group.addTask { (index, await page(source)) }
                return true
            }
            for _ in 0..<concurrency where !start() { break }
            while let (index, page) = try await group.next() {
                summary.count(page)
                try lines.keep(page.finished.line, at: index)
                try await finished(page.finished)
                _ = start()
            }
        }
        try await ManifestUpdate(store: store, manifest: settings.manifest).run(sources.map(reference), lines: lines)
        return summary
    }

    fileprivate struct Page: Sendable {
        let status: String
        let finished: Finished
    }

    // MARK: One page

    private func reference(_ source: PageSource) -> ObjectURI {
        source.isShownByBrowsers ? source.document : settings.output.appending(source.imageName)
    }

    private func page(_ source: PageSource) async -> Page {
        let clock = ContinuousClock()
        let start = clock.now
        let textURI = settings.output.appending(source.imageName + settings.textSuffix)
        let recordURI = settings.output.appending(source.imageName + ".page.json")
        var record: PageRecord
        var isCurrent = false
        do {
            let image = try await store.get(source.document, atMost: Self.maximumImageBytes)
            let sha256 = sha256Hex(image)
            if !settings.isForced, let earlier = await currentRecord(recordURI, sourceSHA256: sha256),
                await isThere(textURI, earlier)
            {
                (record, isCurrent) = (earlier, true)
            } else {
                record = await read(image, sha256: sha256, source: source, textURI: textURI, recordURI: recordURI)
            }
        } catch {
            record = PageRecord(status: .failed(reason: "\(error)"), sourceSHA256: "", settings: settings.reading.json.bytes)
        }
        let line = manifestLine(source, record, textURI: textURI, recordURI: recordURI)
        let outcome: Finished.Outcome =
            switch record.status {
            case .failed(let reason): .failed(reason: reason)
            case _ where isCurrent: .current
            case .found: .found
            case .notFound: .notFound
            }
        return Page(
            status: record.status.name,
            finished: Finished(source: source, outcome: outcome, line: line, duration: clock.now - start))
    }

    /// The record of an earlier run, when it was made from these bytes with these settings and did not fail.
    private func currentRecord(_ uri: ObjectURI, sourceSHA256: String) async -> PageRecord? {
        guard let bytes = try? await store.get(uri, atMost: Self.maximumImageBytes), let record = PageRecord(parsing: bytes),
            record.sourceSHA256 == sourceSHA256, record.settings == settings.reading.json.bytes, record.text != nil
        else { return nil }
        return record
    }

    /// Whether the text object is the one that the record speaks of.
    private func isThere(_ textURI: ObjectURI, _ record: PageRecord) async -> Bool {
        guard let bytes = try? await store.get(textURI, atMost: Self.maximumImageBytes) else { return false }
        return sha256Hex(bytes) == record.text?.sha256
    }

    private func read(
        _ image: [UInt8], sha256: String, source: PageSource, textURI: ObjectURI, recordURI: ObjectURI
    ) async -> PageRecord {
        var record = PageRecord(status: .notFound, sourceSHA256: sha256, settings: settings.reading.json.bytes)
        do {
            guard !image.starts(with: "%PDF".utf8) else {
                throw PlanError(message: "PDF is not read yet; make images of its pages (pdftoppm -r 300 -gray -png)")
            }
            let page = try await pool.read(image, region: settings.reading.region, wantsPNG: !source.isShownByBrowsers)
            let text = DocumentText(page.content.text)
            record.status = page.content.status == .found ? .found : .notFound
            record.text = PageRecord.TextFacts(
                characters: text.scalarCount, confidence: page.content.confidence, sha256: sha256Hex(text.bytes),
                regions: .array(page.content.regions.map(\.json)))
            if let png = page.png { try await store.put(png, to: settings.output.appending(source.imageName)) }
            try await store.put(text.bytes, to: textURI)
            try await store.put(record.json(content: page.content), to: recordURI)
        } catch {
            record.status = .failed(reason: "\(error)")
            record.text = nil
            // A text of an earlier run must not pass for this page's.
            _ = try? await store.delete(textURI)
            try? await store.put(record.json(content: nil), to: recordURI)
        }
        return record
    }

    // MARK: Its manifest line

    private func manifestLine(_ source: PageSource, _ record: PageRecord, textURI: ObjectURI, recordURI: ObjectURI) -> [UInt8] {
        var metadata: [String: JSONOutput] = [
            "engine": .string(settings.reading.engine), "language": .string(settings.reading.language),
            "status": .string(record.status.name),
        ]
        if !record.sourceSHA256.isEmpty {
            metadata["source-sha256"] = .string(record.sourceSHA256)
            metadata["page-record"] = .string("\(recordURI)")
        }
        var own: [String: JSONOutput] = [:]
        if let text = record.text {
            metadata["characters"] = .int(text.characters)
            metadata["confidence"] = .decimal(text.confidence)
            metadata["regions"] = text.regions
            metadata["text-sha256"] = .string(text.sha256)
            own["text-file-s3-uri"] = .string("\(textURI)")
        }
        if case .failed(let reason) = record.status { metadata["failure-reason"] = .string(reason) }
        own["text-file-s3-uri-metadata"] = .object(metadata)
        own["metadata"] = settings.metadata[source.name].map { .raw($0[...]) }
        var reference: [String: JSONOutput] = ["source-ref": .string("\(reference(source))")]
        if !source.isShownByBrowsers {
            own["source-document"] = .string("\(source.document)")
            own["page"] = 1
        }
        guard let given = source.givenLine else { return ManifestLine.made(of: reference, own) }
        if source.isShownByBrowsers { reference = [:] }
        return given.setting(reference.merging(own) { $1 })
    }
}

extension BatchReading.Summary {
    fileprivate mutating func count(_ page: BatchReading.Page) {
        if page.finished.outcome == .current { current += 1 }
        switch page.status {
        case "found": found += 1
        case "not-found": notFound += 1
        default: failed += 1
        }
    }
}

extension ManifestLine {
    /// A new line: the members of `first`, then the others, each part sorted by key.
    package static func made(of first: [String: JSONOutput], _ others: [String: JSONOutput]) -> [UInt8] {
        var bytes = Array(JSONOutput.object(first).bytes.dropLast())
        guard !others.isEmpty else { return bytes + [UInt8(ascii: "}")] }
        bytes.append(UInt8(ascii: ","))
        return bytes + JSONOutput.object(others).bytes.dropFirst()
    }
}
