import GroundTruth
import Storage

/// The objects under a job's `S3OutputPath/JOB/` (contracts section 9), each written atomically and with the job's key.
struct OutputTree: Sendable {
    let store: any ObjectStore
    let root: ObjectURI
    let kmsKeyID: String?

    init(store: any ObjectStore, settings: JobSettings) {
        (self.store, root, kmsKeyID) = (store, settings.output, settings.kmsKeyID)
        manifest = settings.outputManifest
    }

    let manifest: ObjectURI
    /// `outputConfig` of a consolidation event.
    var annotations: ObjectURI { root.appending("annotations") }

    func intermediate(_ iteration: Int) -> ObjectURI { annotations.appending("intermediate/\(iteration)/annotations.json") }

    enum Stage: String { case request = "consolidation-request", response = "consolidation-response" }

    func writeConsolidation(
        _ stage: Stage, iteration: Int, _ bytes: [UInt8], at now: Timestamp
    ) async throws(JobError) -> ObjectURI {
        try await writeStamped(
            bytes, below: annotations.appending("consolidated-annotation/\(stage.rawValue)/iteration-\(iteration)"), at: now)
    }

    /// Writes all answers to one object, under the time of the last one: written again after a crash, they are the same object.
    ///
    /// - Parameter answers: At least one.
    func writeResponse(_ answers: [AnswerRecord], to number: Int, iteration: Int) async throws(JobError) -> ObjectURI {
        let entries: [JSONOutput] = answers.map { answer in
            let milliseconds = answer.submitted.milliseconds - answer.accepted.milliseconds
            return [
                "acceptanceTime": .string(answer.accepted.answerDate), "answerContent": .raw(Array(answer.answer.utf8)[...]),
                "submissionTime": .string(answer.submitted.answerDate), "timeSpentInSeconds": .decimal(Double(milliseconds) / 1000),
                "workerId": .string(answer.worker),
                "workerMetadata": [
                    "identityData": [
                        "identityProviderType": "Oidc", "issuer": "prelabel", "sub": .string(answer.worker),
                    ]
                ],
            ]
        }
        return try await writeStamped(
            JSONOutput.object(["answers": .array(entries)]).bytes,
            below: annotations.appending("worker-response/iteration-\(iteration)/\(number)"),
            at: answers.map(\.submitted).max() ?? Timestamp(milliseconds: 0))
    }

    /// Writes `FOLDER/YYYY-MM-DD_HH:MM:SS.json` under the next free second: what is there is never overwritten, and what is there
    /// already is not written again.
    private func writeStamped(_ bytes: [UInt8], below folder: ObjectURI, at now: Timestamp) async throws(JobError) -> ObjectURI {
        var options = self.options
        options.onlyIfAbsent = true
        for second in 0..<86_400 {
            let uri = folder.appending("\(now.adding(seconds: second).fileName).json")
            do {
                try await store.put(bytes, to: uri, options: options)
                return uri
            } catch {
                guard error.code == .exists else { throw Self.failure(uri, error) }
                if let there = try? await store.get(uri, atMost: bytes.count), there == bytes { return uri }
            }
        }
        throw JobError(.outputFailed, "\(folder): every second of a day is taken")
    }

    /// Writes an object of many lines without holding them all.
    ///
    /// - Parameter nextLines: The next lines with their line ends; an empty answer ends the object.
    func writeLines(to uri: ObjectURI, nextLines: () async throws(JobError) -> [UInt8]) async throws(JobError) {
        let writer: any ObjectWriter
        do { writer = try store.writer(to: uri, options: options) } catch { throw Self.failure(uri, error) }
        while true {
            let bytes = try await nextLines()
            guard !bytes.isEmpty else { break }
            do { try writer.append(bytes) } catch { throw Self.failure(uri, error) }
        }
        do { try await writer.commit() } catch { throw Self.failure(uri, error) }
    }

    /// How every object of the tree is written.
    var options: WriteOptions {
        var options = WriteOptions()
        options.kmsKeyID = kmsKeyID
        return options
    }

    private static let lasting: [StorageError.Code] = [.badURI, .notAllowed, .noStore, .unsupported, .blocked]

    private static func failure(_ uri: ObjectURI, _ error: StorageError) -> JobError {
        JobError(lasting.contains(error.code) ? .outputRefused : .outputFailed, "\(uri) cannot be written: \(error)")
    }
}
