import GroundTruth
import LabelingJobs
import Storage

/// A job that the owner's form asks for: a CreateLabelingJob request, and the labels where they are typed and lie in no file yet.
struct NewJob: Sendable {
    let request: JSONValue
    /// A label category configuration file; `nil` where the request names one.
    let categories: JSONValue?

    /// - Parameter document: The request itself, or `{"request":…,"categories":…}`.
    init(_ document: JSONValue) {
        (request, categories) = (document["request"] ?? document, document.present("categories"))
    }

    /// Makes the job, and before it the file of its labels beside its outputs.
    ///
    /// - Returns: Its ARN.
    func create(with engine: JobEngine) async throws -> String {
        guard let categories else { return try await create(request, with: engine) }
        let bytes = Array(categories.raw)
        _ = try LabelCategories(parsing: bytes)
        guard let output = request["OutputConfig"]?["S3OutputPath"]?.string, let name = request["LabelingJobName"]?.string else {
            throw JobError(.invalid, "OutputConfig.S3OutputPath and LabelingJobName must be given, as strings")
        }
        // The labels of a job that there is are not replaced.
        try await engine.store.requireFree(jobName: name)
        let uri: ObjectURI
        do {
            uri = try ObjectURI(member: output).asFolder.appending("\(name)-label-categories.json")
            try await engine.objects.put(bytes, to: uri)
        } catch {
            throw JobError(.invalid, "OutputConfig.S3OutputPath: the labels cannot be written there: \(error)")
        }
        let complete = request.setting(["LabelCategoryConfigS3Uri": .string("\(uri)")])
        return try await create(try JSONScanner.parse(complete), with: engine)
    }

    /// As CreateLabelingJob does, so that a fault has the same words.
    private func create(_ request: JSONValue, with engine: JobEngine) async throws(JobError) -> String {
        try await JobValidation(engine: engine).check(request)
        return try await engine.createLabelingJob(request)
    }
}
