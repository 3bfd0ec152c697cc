package import Functions
import GroundTruth
import Logging
package import Storage

/// Reading as a function: a bucket of scans is read by as many calls at once as Lambda allows, without servers.
///
/// Each page's text object and page record are written as `ocr` writes them; what the call returns is the manifest line. Objects are
/// named below their bucket, or below `root`.
package struct OCRFunction: Sendable {
    private let store: any ObjectStore
    private let pool: ReaderPool
    private let settings: BatchReading.Settings
    private let root: ObjectURI?

    package init(store: any ObjectStore, pool: ReaderPool, settings: BatchReading.Settings, root: ObjectURI?) {
        (self.store, self.pool, self.settings, self.root) = (store, pool, settings, root)
    }

    package var handler: FunctionHandler {
        FunctionHandler(name: "ocr") { event, logger throws(FunctionError) in
            let notification: ObjectNotification
            do throws(ContractError) { notification = try ObjectNotification(parsing: event) } catch {
                throw FunctionError(.badEvent, error.message)
            }
            return try await respond(to: notification, logger: logger).bytes + [0x0A]
        }
    }

    /// - Returns: For a line, the page's manifest line, or an array of them for a document of several pages; for objects, `lines`; for
    ///   messages, `batchItemFailures`, so that the queue hands the others out again.
    private func respond(to notification: ObjectNotification, logger: Logger) async throws(FunctionError) -> JSONOutput {
        switch notification {
        case .line(let line):
            let lines = try await read(try source(of: line), logger: logger)
            return lines.count == 1 ? lines[0] : .array(lines)
        case .objects(let objects):
            return ["lines": .array(try await read(objects, logger: logger))]
        case .messages(let messages):
            var failures: [JSONOutput] = []
            for message in messages {
                do {
                    _ = try await read(message.objects.get(), logger: logger)
                } catch {
                    logger.error("message failed", metadata: ["messageId": "\(message.id)", "reason": "\(error)"])
                    failures.append(["itemIdentifier": .string(message.id)])
                }
            }
            return ["batchItemFailures": .array(failures)]
        }
    }

    private func read(_ objects: [ObjectURI], logger: Logger) async throws(FunctionError) -> [JSONOutput] {
        var lines: [JSONOutput] = []
        for object in objects {
            // What this function writes may lie in the bucket that calls it.
            guard object.path(below: settings.output) == nil, ImageName.isReadable(object.baseName) else {
                logger.info("object is no page", metadata: ["object": "\(object)"])
                continue
            }
            lines += try await read(PageSource(document: object, name: try name(of: object)), logger: logger)
        }
        return lines
    }

    private func source(of line: ManifestLine) throws(FunctionError) -> PageSource {
        let document: ObjectURI
        do { document = try ObjectURI(received: line.string("source-ref") ?? "") } catch {
            throw FunctionError(.badEvent, error.message)
        }
        return PageSource(document: document, name: try name(of: document), givenLine: line)
    }

    private func name(of object: ObjectURI) throws(FunctionError) -> String {
        guard case .s3(let bucket, _) = object, let name = object.path(below: root ?? .s3(bucket: bucket, key: "")) else {
            throw FunctionError(.badEvent, "\(object) does not lie below \(root.map { "\($0)" } ?? "a bucket")")
        }
        return name
    }

    /// - Throws: ``FunctionError`` `.unavailable` when the store failed: another call may go well. A page that cannot be read is no
    ///   error, its line says why.
    private func read(_ source: PageSource, logger: Logger) async throws(FunctionError) -> [JSONOutput] {
        let documents = OpenDocuments(store: store, capacity: 1)
        var lines: [JSONOutput] = []
        for page in await ReadingPlan.pages(of: source, .all, documents: documents).sources {
            let job = PageJob(source: page, store: store, pool: pool, documents: documents, settings: settings)
            let finished = await job.run()
            if let error = finished.storageError { throw FunctionError(.unavailable, error.message) }
            logger.info(
                "page read",
                metadata: [
                    "object": "\(source.document)", "page": "\(page.page ?? 1)", "status": "\(finished.status.name)",
                    "seconds": "\(finished.duration / .seconds(1))",
                ])
            lines.append(.raw(finished.line[...]))
        }
        return lines
    }
}
