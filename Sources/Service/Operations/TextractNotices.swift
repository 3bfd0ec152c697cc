import FoundationEssentials
import GroundTruth
import LabelingJobs
import Logging
import Pipeline
import Storage

/// Publishes the end of a text detection job as Textract does.
struct TextractNotices: Sendable {
    private static let attempts = 3
    private static let pause = Duration.seconds(1)

    let messages: any JobMessages
    let logger: Logger

    func publish(_ id: String, _ request: TextDetectionJobs.Request, _ state: TextDetectionJobs.State) async {
        guard let topic = request.topic else { return }
        let message = String(decoding: Self.message(id, request, state).bytes, as: UTF8.self)
        for attempt in 1...Self.attempts {
            do throws(JobError) {
                return try await messages.publish(message, on: topic)
            } catch {
                logger.warning(
                    "the end of a text detection is not published",
                    metadata: ["attempt": "\(attempt)", "textract.job": "\(id)", "reason": "\(error)"])
                guard error.code == .messagingFailed, attempt < Self.attempts else { return }
            }
            do { try await Task.sleep(for: Self.pause) } catch { return }
        }
    }

    private static func message(
        _ id: String, _ request: TextDetectionJobs.Request, _ state: TextDetectionJobs.State
    ) -> JSONOutput {
        let status =
            switch state {
            case .done: "SUCCEEDED"
            case .failed, .inProgress: "FAILED"
            }
        var members: [String: JSONOutput] = [
            "API": "StartDocumentTextDetection", "JobId": .string(id), "Status": .string(status),
            "Timestamp": .int(Int(JobClock.system.now().milliseconds)),
        ]
        members["JobTag"] = request.jobTag.map { .string($0) }
        if case .s3(let bucket, let key)? = try? ObjectURI(received: request.document) {
            members["DocumentLocation"] = ["S3Bucket": .string(bucket), "S3ObjectName": .string(key)]
        }
        return .object(members)
    }
}
