import AWS
package import Storage
import Transport

/// Finds the input manifest of a labeling job on AWS, by DescribeLabelingJob.
package struct LabelingJobManifests: Sendable {
    private let find: @Sendable (_ arn: String) async throws -> String?

    /// - Parameter find: The manifest's URI by the job's ARN; `nil` for a job without one.
    package init(find: @escaping @Sendable (_ arn: String) async throws -> String?) { self.find = find }

    /// With the credentials that an environment describes; they are looked for when a job is asked about.
    package init(environment: [String: String]) {
        self.init { arn in
            let session = try AWSSession(
                settings: try AWSSettings(environment: environment),
                transport: CurlTransport(settings: TransportSettings(environment: environment)))
            return try await SageMakerClient(session: session).inputManifest(ofLabelingJob: arn)
        }
    }

    package func manifest(ofLabelingJob arn: String) async throws -> ObjectURI? {
        try await find(arn).map { try ObjectURI(member: $0) }
    }
}
