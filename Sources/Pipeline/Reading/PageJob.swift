import Annotations
import GroundTruth
import PageReading
import Storage

/// One page's way through a run: read it, or leave it when an earlier run did, and say so in its manifest line.
struct PageJob: Sendable {
    let source: PageSource
    private let store: any ObjectStore
    private let pool: ReaderPool
    private let documents: OpenDocuments
    private let settings: BatchReading.Settings
    private let textURI: ObjectURI
    private let recordURI: ObjectURI
    /// The image to show in place of one that no browser shows.
    private let shownImage: ObjectURI?

    init(
        source: PageSource, store: any ObjectStore, pool: ReaderPool, documents: OpenDocuments, settings: BatchReading.Settings
    ) {
        (self.source, self.store, self.pool, self.documents, self.settings) = (source, store, pool, documents, settings)
        textURI = settings.output.appending(source.imageName + settings.textSuffix)
        recordURI = settings.output.appending(source.imageName + PageRecord.suffix)
        shownImage = source.page == nil ? nil : settings.output.appending(source.imageName)
    }

    func run() async -> BatchReading.Finished {
        let clock = ContinuousClock()
        let start = clock.now
        var result = PageRecord(status: .notFound, sourceSHA256: "", settings: settings.reading.json.bytes)
        var isCurrent = false
        var storageError: StorageError?
        do {
            let document = try await document()
            result.sourceSHA256 = document.sha256
            if !settings.isForced, let earlier = await currentRecord(sourceSHA256: result.sourceSHA256) {
                (result, isCurrent) = (earlier, true)
            } else {
                try await read(document, into: &result)
            }
        } catch let error as StorageError {
            // What an earlier run read stays: the page may be readable again the next time.
            storageError = error
            result.status = .failed(reason: "\(error)")
            result.text = nil
        } catch {
            result.status = .failed(reason: "\(error)")
            result.text = nil
            await forget(result)
        }
        return BatchReading.Finished(
            source: source, status: result.status, isCurrent: isCurrent, line: manifestLine(result), duration: clock.now - start,
            storageError: storageError)
    }

    /// The record of an earlier run, when it was made from these bytes with these settings, did not fail, and all it speaks of is
    /// there.
    private func currentRecord(sourceSHA256: String) async -> PageRecord? {
        guard let bytes = try? await store.get(recordURI, atMost: BatchReading.maximumDocumentBytes),
            let earlier = PageRecord(parsing: bytes), earlier.sourceSHA256 == sourceSHA256,
            earlier.settings == settings.reading.json.bytes, let facts = earlier.text,
            let textBytes = try? await store.get(textURI, atMost: BatchReading.maximumDocumentBytes),
            sha256Hex(textBytes) == facts.sha256
        else { return nil }
        if let shownImage, (try? await store.info(of: shownImage)) == nil { return nil }
        return earlier
    }

    /// A TIFF or PDF file is kept for its other pages, an image is not.
    private func document() async throws -> Document {
        if source.page != nil { return try await documents.document(source.document) }
        let document = try await Document(try await store.get(source.document, atMost: BatchReading.maximumDocumentBytes))
        if let kind = document.kindNotShown {
            let suffix = kind == "TIFF" ? "tif" : "pdf"
            throw DocumentError(message: "this is a \(kind) file under another ending; rename it to end in .\(suffix)")
        }
        return document
    }

    private func read(_ document: Document, into result: inout PageRecord) async throws {
        let image = try await document.image(ofPage: source.page ?? 1)
        let page = try await pool.read(
            image.bytes, page: image.page, region: settings.reading.region,
            picture: shownImage == nil || image.isPNG ? .none : .page)
        let text = DocumentText(page.content.text)
        result.status = page.content.status == .found ? .found : .notFound
        result.text = PageRecord.TextFacts(
            characters: text.scalarCount, confidence: page.content.confidence, sha256: sha256Hex(text.bytes),
            regions: .array(page.content.regions.map(\.json)))
        if let shownImage { try await store.put(page.png ?? image.bytes, to: shownImage) }
        try await store.put(text.bytes, to: textURI)
        try await store.put(result.json(content: page.content), to: recordURI)
    }

    /// A text of an earlier run must not pass for that of a page that failed.
    private func forget(_ result: PageRecord) async {
        _ = try? await store.delete(textURI)
        try? await store.put(result.json(content: nil), to: recordURI)
    }

    private func manifestLine(_ result: PageRecord) -> [UInt8] {
        var facts: [String: JSONOutput] = [
            "engine": .string(settings.reading.engine), "language": .string(settings.reading.language),
            "status": .string(result.status.name),
        ]
        facts["page-record"] = .string("\(recordURI)")
        if !result.sourceSHA256.isEmpty { facts["source-sha256"] = .string(result.sourceSHA256) }
        var own: [String: JSONOutput] = [:]
        if let textFacts = result.text {
            facts["characters"] = .int(textFacts.characters)
            facts["confidence"] = .decimal(textFacts.confidence)
            facts["regions"] = textFacts.regions
            facts["text-sha256"] = .string(textFacts.sha256)
            own["text-file-s3-uri"] = .string("\(textURI)")
        }
        if case .failed(let reason) = result.status { facts["failure-reason"] = .string(reason) }
        own["text-file-s3-uri-metadata"] = .object(facts)
        own["metadata"] = settings.metadata[source.name].map { .raw($0[...]) }
        if let page = source.page {
            own["source-document"] = .string("\(source.document)")
            own["page"] = .int(page)
        }
        let reference: [String: JSONOutput] = ["source-ref": .string("\(source.reference(output: settings.output))")]
        guard let given = source.givenLine else { return ManifestLine.made(of: reference, own) }
        return given.setting(shownImage == nil ? own : own.merging(reference) { $1 }, removing: ["text-file-s3-uri"])
    }
}
