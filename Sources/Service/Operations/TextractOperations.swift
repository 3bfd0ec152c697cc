import FoundationEssentials
import GroundTruth
import Pipeline

/// Amazon Textract's text detection, as far as an OCR stage uses it (contracts section 18).
struct TextractOperations {
    private static let modelVersion: JSONOutput = "1.0"

    let detection: TextDetection
    let jobs: TextDetectionJobs
    /// Whether there are topics to publish on.
    let hasTopics: Bool

    var all: [String: AWSRoutes.Operation] {
        [
            "Textract.DetectDocumentText": { members, _ in try await detectDocumentText(members) },
            "Textract.StartDocumentTextDetection": { members, _ in try await startDocumentTextDetection(members) },
            "Textract.GetDocumentTextDetection": { members, _ in try await getDocumentTextDetection(members) },
        ]
    }

    // MARK: Operations

    private func detectDocumentText(_ members: JSONValue) async throws -> JSONOutput {
        let document = try required(members.present("Document"), "Document")
        do {
            let bytes: [UInt8]
            if let base64 = document.present("Bytes") {
                guard let text = base64.string, let data = Data(base64Encoded: text), !data.isEmpty else {
                    throw AWSError("InvalidParameterException", "Document.Bytes is not base64 of at least one byte")
                }
                bytes = Array(data)
            } else {
                bytes = try await detection.object(
                    try objectURI(document, "Document"), atMost: TextDetection.maximumSynchronousBytes)
            }
            guard bytes.count <= TextDetection.maximumSynchronousBytes else {
                throw AWSError(
                    "DocumentTooLargeException",
                    "the document has \(bytes.count) bytes; this call takes \(TextDetection.maximumSynchronousBytes)")
            }
            let result = try await detection.detect(bytes, maximumPages: 1)
            return [
                "Blocks": .array(result.blocks), "DetectDocumentTextModelVersion": Self.modelVersion,
                "DocumentMetadata": ["Pages": .int(result.pages)],
            ]
        } catch let failure as TextDetection.Failure {
            throw AWSError(failure.code.rawValue, failure.message)
        }
    }

    private func startDocumentTextDetection(_ members: JSONValue) async throws -> JSONOutput {
        let location = try required(members.present("DocumentLocation"), "DocumentLocation")
        for member in ["OutputConfig", "KMSKeyId"] where members.present(member) != nil {
            throw AWSError("InvalidParameterException", "\(member) is not served here; ask GetDocumentTextDetection for the result")
        }
        let token = try plain(members, "ClientRequestToken", pattern: { $0.isASCIIAlphanumeric || $0 == "-" || $0 == "_" })
        let tag = try plain(members, "JobTag", pattern: { $0.isASCIIAlphanumeric || "_.-:".unicodeScalars.contains($0) })
        do {
            let id = try await jobs.start(
                TextDetectionJobs.Request(
                    document: try objectURI(location, "DocumentLocation"), jobTag: tag, topic: try topic(members)),
                token: token)
            return ["JobId": .string(id)]
        } catch TextDetectionJobs.StartError.tokenReused {
            throw AWSError("IdempotentParameterMismatchException", "ClientRequestToken stands for another request")
        } catch TextDetectionJobs.StartError.tooManyJobs {
            throw AWSError("LimitExceededException", "\(TextDetectionJobs.maximumJobs) jobs are kept; they go after seven days")
        }
    }

    /// The topic of a `NotificationChannel`; the role that it names too is nobody here.
    private func topic(_ members: JSONValue) throws -> String? {
        guard let channel = members.present("NotificationChannel") else { return nil }
        guard hasTopics else {
            throw AWSError(
                "InvalidParameterException",
                "NotificationChannel: there are no topics here; ask GetDocumentTextDetection for the result")
        }
        _ = try required(channel.present("RoleArn")?.string, "NotificationChannel.RoleArn")
        return try required(channel.present("SNSTopicArn")?.string, "NotificationChannel.SNSTopicArn")
    }

    private func getDocumentTextDetection(_ members: JSONValue) async throws -> JSONOutput {
        let id = try required(members.present("JobId")?.string, "JobId")
        let size = members.present("MaxResults").map { $0.int ?? 0 } ?? 1000
        guard (1...1000).contains(size) else { throw AWSError("InvalidParameterException", "MaxResults is not between 1 and 1000") }
        guard let state = await jobs.state(of: id) else { throw AWSError("InvalidJobIdException", "there is no job \(id)") }
        var answer: [String: JSONOutput] = ["DetectDocumentTextModelVersion": Self.modelVersion]
        switch state {
        case .inProgress: answer["JobStatus"] = "IN_PROGRESS"
        case .failed(let reason):
            answer["JobStatus"] = "FAILED"
            answer["StatusMessage"] = .string(reason)
        case .done(let result):
            let start = try position(members, count: result.blocks.count)
            let end = min(start + size, result.blocks.count)
            answer["JobStatus"] = result.failedPages.isEmpty ? "SUCCEEDED" : "PARTIAL_SUCCESS"
            answer["Blocks"] = .array(Array(result.blocks[start..<end]))
            answer["DocumentMetadata"] = ["Pages": .int(result.pages)]
            answer["NextToken"] = end < result.blocks.count ? .string("\(end)") : nil
            if !result.failedPages.isEmpty {
                answer["Warnings"] = [["ErrorCode": "UNREADABLE_PAGE", "Pages": .array(result.failedPages.map { .int($0) })]]
            }
        }
        return .object(answer)
    }

    // MARK: Members

    private func required<Value>(_ value: Value?, _ name: String) throws -> Value {
        guard let value else { throw AWSError("InvalidParameterException", "the request has no \(name)") }
        return value
    }

    private func objectURI(_ holder: JSONValue, _ name: String) throws -> String {
        let object = try required(holder.present("S3Object"), "\(name).S3Object")
        let bucket = try required(object.present("Bucket")?.string, "\(name).S3Object.Bucket")
        let key = try required(object.present("Name")?.string, "\(name).S3Object.Name")
        guard object.present("Version") == nil else {
            throw AWSError("InvalidParameterException", "\(name).S3Object.Version: the data folder keeps no versions")
        }
        return "s3://\(bucket)/\(key)"
    }

    private func plain(_ members: JSONValue, _ name: String, pattern: (Unicode.Scalar) -> Bool) throws -> String? {
        guard let value = members.present(name) else { return nil }
        guard let text = value.string, (1...64).contains(text.unicodeScalars.count), text.unicodeScalars.allSatisfy(pattern) else {
            throw AWSError("InvalidParameterException", "\(name) is \(value.excerpt), expected 1 to 64 plain characters")
        }
        return text
    }

    private func position(_ members: JSONValue, count: Int) throws -> Int {
        guard let token = members.present("NextToken") else { return 0 }
        guard let position = token.string.flatMap({ Int($0) }), (0...count).contains(position) else {
            throw AWSError("InvalidParameterException", "NextToken is not one of this job's")
        }
        return position
    }
}

extension Unicode.Scalar {
    fileprivate var isASCIIAlphanumeric: Bool { isASCII && (properties.isAlphabetic || properties.numericType != nil) }
}
