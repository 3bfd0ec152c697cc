import Functions
package import GroundTruth
package import LabelingJobs
package import Storage

/// What comes before a job: how much work it would be, and its files.
extension OwnerDesk {
    /// A file that a job reads and that comes with the order for it.
    package enum Input: String, Sendable {
        case manifest = "input.manifest", categories = "categories.json", template = "template.liquid.html"

        /// What a service takes; what a job takes of the small ones is less, and checked when it is created.
        var maximumBytes: Int { self == .manifest ? 1 << 30 : 16 << 20 }
    }

    /// What an answer takes, and how many objects a manifest has.
    ///
    /// - Parameter manifest: `nil` for one that is not there yet.
    /// - Throws: ``JobError`` as ``countObjects(of:in:)`` does, ``StorageError``.
    package func effort(of manifest: ObjectURI?) async throws -> JSONOutput {
        let median = try await store.medianAnswerSeconds()
        var members: [String: JSONOutput] = ["medianAnswerSeconds": median.map { .decimal($0) } ?? .null]
        if let manifest { members["objects"] = .int(try await Self.countObjects(of: manifest, in: engine.objects)) }
        return .object(members)
    }

    /// Counts a manifest's objects, all of which workers' pages must be able to read.
    ///
    /// - Throws: ``JobError`` `.invalid` for a line that is no object or names a file, with its number, and for a manifest without
    ///   objects; ``StorageError``.
    package static func countObjects(of manifest: ObjectURI, in store: any ObjectStore) async throws -> Int {
        var count = 0
        try await store.forEachLine(of: manifest) { line in
            guard !line.isBlank else { return }
            let parsed: ManifestLine
            do { parsed = try ManifestLine(parsing: line.bytes) } catch {
                throw JobError(.invalid, "\(manifest):\(line.number): \(error)")
            }
            for key in ["source-ref", "text-file-s3-uri"] {
                guard let reference = parsed.string(key), !reference.hasPrefix("s3://") else { continue }
                throw JobError(
                    .invalid,
                    "\(manifest):\(line.number): `\(key)` is \(reference), which workers' pages cannot read. Put the pages into the "
                        + "data folder and read them from there: prelabel ocr s3://BUCKET/PREFIX --output s3://BUCKET/TEXTS --data DIR"
                )
            }
            count += 1
        }
        guard count > 0 else { throw JobError(.invalid, "\(manifest) has no objects") }
        return count
    }

    /// Where a file of a job is to lie, `OUTPUT/JOB/input/FILE`. The files of a job that there is are not replaced.
    ///
    /// - Throws: ``JobError`` `.invalid` for what is no job's name, `.inUse`.
    package func place(of input: Input, of job: String, below output: ObjectURI) async throws(JobError) -> ObjectURI {
        try await store.requireFree(jobName: job)
        return output.appending(job).appending("input").appending(input.rawValue)
    }

    package var objects: any ObjectStore { engine.objects }

    /// What the codes of problems with objects begin with over HTTP; the rest is that of the ``StorageError``.
    package static let storagePrefix = "storage-"

    /// Makes a job.
    ///
    /// - Parameter request: See ``NewJob``.
    /// - Throws: ``JobError`` as CreateLabelingJob does.
    package func create(_ request: JSONValue) async throws -> JSONOutput {
        ["LabelingJobArn": .string(try await NewJob(request).create(with: engine))]
    }
}
