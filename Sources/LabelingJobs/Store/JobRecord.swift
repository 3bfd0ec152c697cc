import GRDB
package import GroundTruth

/// A job as it stands.
package struct JobRecord: Sendable {
    let id: Int64
    package let name: String
    package let arn: String
    package let status: JobStatus
    /// The CreateLabelingJob request.
    package let request: JSONValue
    package let settings: JobSettings
    /// The label category file, as it was when the job began.
    let categoriesText: String?
    package let created: Timestamp
    package let modified: Timestamp
    package let failureReason: String?
    let iteration: Int
    let written: Timestamp
    let isDirty: Bool
    /// How often answers or decisions changed since the outputs were last written for it.
    let revisions: Int

    init(_ row: Row) throws(JobError) {
        id = row["id"]
        name = row["name"]
        arn = row["arn"]
        status = try JobStatus(stored: row["status"], of: name)
        do { request = try JSONScanner.parse(Array((row["request"] as String).utf8)) } catch {
            throw JobError(.storeFailed, "the request of job \(name) cannot be read: \(error)")
        }
        settings = try JobSettings(request)
        categoriesText = row["categories"]
        created = Timestamp(milliseconds: row["created"])
        modified = Timestamp(milliseconds: row["modified"])
        failureReason = row["failure"]
        iteration = row["iteration"]
        written = Timestamp(milliseconds: row["written"])
        isDirty = row["dirty"]
        revisions = row["revised"]
    }

    /// Whether the job's manifest was read to its end and an output manifest is there.
    var hasOutput: Bool { written.milliseconds > 0 }

    /// The file's labels; `nil` for a job without one.
    package var categories: LabelCategories? {
        get throws(JobError) {
            guard let categoriesText else { return nil }
            return try LabelCategories(parsing: Array(categoriesText.utf8))
        }
    }
}

/// An object on its way.
struct ObjectRecord: Sendable {
    let number: Int
    let line: String
    let state: ObjectState
    let iteration: Int
    /// The hash of the text that workers saw, in hex; `nil` where the line names no text object.
    let textSHA256: String?

    init(_ row: Row) throws(JobError) {
        number = row["number"]
        line = row["line"]
        iteration = row["iteration"]
        textSHA256 = row["text_sha256"]
        guard let state = ObjectState(rawValue: row["state"]) else {
            throw JobError(.storeFailed, "object \(number) has a state that is none")
        }
        self.state = state
    }

    static let columns = "number, line, state, iteration, text_sha256"

    var manifestLine: ManifestLine {
        get throws(JobError) {
            do { return try ManifestLine(parsing: line.utf8) } catch {
                throw JobError(.storeFailed, "the line of object \(number) cannot be read: \(error)")
            }
        }
    }
}

/// An object's line as the output manifest has it.
struct OutputRecord: Sendable {
    let number: Int
    /// As it came.
    let input: String
    /// With the result, once there is one.
    let output: String?
    let failure: String?
    let iteration: Int

    init(_ row: Row) {
        (number, input, output) = (row["number"], row["line"], row["output"])
        (failure, iteration) = (row["failure"], row["iteration"])
    }

    var line: String { output ?? input }
    var isWritten: Bool { output != nil }

    /// The line with its result. An object that failed before consolidation has its reason added here.
    func written(attribute: String) throws(JobError) -> [UInt8] {
        guard let failure, !isWritten else { return Array(line.utf8) }
        do {
            return OutputLine.failed(try ManifestLine(parsing: line.utf8), attribute: attribute, reason: failure)
        } catch {
            throw JobError(.storeFailed, "the line of object \(number) cannot be read: \(error)")
        }
    }
}

/// One worker's answer to an object.
struct AnswerRecord: Sendable {
    let worker: String
    let accepted: Timestamp
    let submitted: Timestamp
    let answer: String

    init(_ row: Row) {
        worker = row["worker"]
        accepted = Timestamp(milliseconds: row["accepted"])
        submitted = Timestamp(milliseconds: row["submitted"])
        answer = row["answer"]
    }
}
