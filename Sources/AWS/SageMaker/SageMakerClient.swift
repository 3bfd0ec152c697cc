import FoundationEssentials
import Transport

/// What Ground Truth's own interface tells of a labeling job.
package struct SageMakerClient: Sendable {
    private struct Description: Decodable {
        struct InputConfig: Decodable {
            struct DataSource: Decodable {
                struct S3DataSource: Decodable {
                    let manifestS3Uri: String
                    enum CodingKeys: String, CodingKey { case manifestS3Uri = "ManifestS3Uri" }
                }
                let s3DataSource: S3DataSource?
                enum CodingKeys: String, CodingKey { case s3DataSource = "S3DataSource" }
            }
            let dataSource: DataSource
            enum CodingKeys: String, CodingKey { case dataSource = "DataSource" }
        }
        let inputConfig: InputConfig
        enum CodingKeys: String, CodingKey { case inputConfig = "InputConfig" }
    }

    private let session: AWSSession

    package init(session: AWSSession) { self.session = session }

    /// Asks DescribeLabelingJob for a job's input manifest.
    ///
    /// - Parameter arn: The job's ARN, whose region is asked.
    /// - Returns: The manifest's URI; `nil` for a streaming job without one.
    /// - Throws: ``AWSError``, with AWS's code where AWS refused.
    package func inputManifest(ofLabelingJob arn: String) async throws(AWSError) -> String? {
        // arn:aws:sagemaker:REGION:ACCOUNT:labeling-job/NAME
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[5].hasPrefix("labeling-job/"), AWSSettings.isRegion(String(parts[3])) else {
            throw AWSError(.badSetting, "`\(arn)` is no ARN of a labeling job")
        }
        let (region, job) = (String(parts[3]), parts[5].dropFirst("labeling-job/".count))
        guard job.utf8.allSatisfy({ $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") }) else {
            throw AWSError(.badSetting, "`\(job)` is no name of a labeling job")
        }
        let name = "DescribeLabelingJob of \(job)"
        let request = OutgoingRequest(
            "POST", try endpoint(region: region),
            headers: ["Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "SageMaker.DescribeLabelingJob"],
            body: .bytes(Array(#"{"LabelingJobName":"\#(job)"}"#.utf8)))
        let response = try await session.call(request, service: "sagemaker", region: region, name: name)
        guard let description = try? JSONDecoder().decode(Description.self, from: Data(response.body)) else {
            throw AWSError(.badResponse, "\(name): the response has no `InputConfig.DataSource`")
        }
        return description.inputConfig.dataSource.s3DataSource?.manifestS3Uri
    }

    private func endpoint(region: String) throws(AWSError) -> HTTPURL {
        let configured = try session.settings.endpoint(of: "sagemaker")
        var url = configured.value
        if configured.origin == "default" { url = AWSSettings.endpoint(of: "api.sagemaker", region: region) }
        if url.path.isEmpty { url.path = "/" }
        return url
    }
}

extension UInt8 {
    fileprivate var isASCIIAlphanumeric: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
