import GroundTruth
import LabelingJobs

/// Tags of labeling jobs and work teams.
extension SageMakerOperations {
    func addTags(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        let tags = try await store.addTags(try ResourceTag.tags(in: request), to: text(request, "ResourceArn"))
        return ["Tags": .array(tags.map(\.output))]
    }

    /// A resource has no more tags than the smallest page takes, so there is one page.
    func listTags(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        guard request.present("NextToken") == nil else { throw JobError(.invalid, "NextToken is not from this list") }
        return ["Tags": .array(try await store.tags(of: text(request, "ResourceArn")).map(\.output))]
    }

    func deleteTags(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        let keys = request.present("TagKeys")?.array?.compactMap(\.string) ?? []
        for key in keys { try ResourceTag.checkIsFree(key) }
        try await store.removeTags(keys, from: text(request, "ResourceArn"))
        return [:]
    }
}
