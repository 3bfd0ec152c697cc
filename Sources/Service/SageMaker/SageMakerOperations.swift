import GroundTruth
import LabelingJobs

/// Amazon SageMaker's API, as far as Ground Truth's labeling jobs go (contracts section 15).
struct SageMakerOperations: Sendable {
    let engine: JobEngine
    /// What `grant_read_access` gives in templates; `nil`: it leaves a URI as it is.
    let links: ReadLinks?
    /// Where workers find their tasks, without the scheme; `nil` when that is not known.
    let portal: String?

    var store: JobStore { engine.store }

    /// By target, such as `SageMaker.CreateLabelingJob`.
    var all: [String: AWSRoutes.Operation] {
        Dictionary(
            uniqueKeysWithValues: LabelingOperation.allCases.map { operation in
                let body: AWSRoutes.Operation = { request, origin in
                    do throws(JobError) {
                        try operation.check(request)
                        return try await respond(to: operation, request, origin)
                    } catch {
                        throw AWSError(error) ?? error
                    }
                }
                return ("SageMaker.\(operation.rawValue)", body)
            })
    }

    private func respond(
        to operation: LabelingOperation, _ request: JSONValue, _ origin: String
    ) async throws(JobError) -> JSONOutput {
        switch operation {
        case .createLabelingJob: try await createLabelingJob(request)
        case .describeLabelingJob: try await describeLabelingJob(request)
        case .listLabelingJobs: try await listLabelingJobs(request)
        case .listLabelingJobsForWorkteam: try await listLabelingJobsForWorkteam(request)
        case .stopLabelingJob: try await stopLabelingJob(request)
        case .renderUITemplate: try await renderTemplate(request, origin)
        case .createWorkteam: try await createWorkteam(request)
        case .describeWorkteam: try await describeWorkteam(request)
        case .listWorkteams: try await listWorkteams(request)
        case .updateWorkteam: try await updateWorkteam(request)
        case .deleteWorkteam: try await deleteWorkteam(request)
        case .listWorkforces: try await listWorkforces(request)
        case .describeWorkforce: try await describeWorkforce(request)
        case .addTags: try await addTags(request)
        case .listTags: try await listTags(request)
        case .deleteTags: try await deleteTags(request)
        }
    }

    // MARK: Members

    /// A text that the model requires.
    func text(_ request: JSONValue, _ member: String) -> String {
        guard let text = request.present(member)?.string else {
            preconditionFailure("\(member) is required by the model, and the request has passed it")
        }
        return text
    }

    /// What the paging members of a list's request say.
    func query(_ request: JSONValue, sortedBy standard: ListQuery.SortKey = .created) throws(JobError) -> ListQuery {
        var query = ListQuery()
        switch request.present("SortBy")?.string {
        case "Name": query.sortKey = .name
        case "Status": query.sortKey = .status
        case "CreationTime", "CreateDate": query.sortKey = .created
        default: query.sortKey = standard
        }
        query.isDescending = request.present("SortOrder")?.string == "Descending"
        if let count = request.present("MaxResults")?.int { query.maximumCount = count }
        query.createdAfter = time(request, "CreationTimeAfter")
        query.createdBefore = time(request, "CreationTimeBefore")
        query.modifiedAfter = time(request, "LastModifiedTimeAfter")
        query.modifiedBefore = time(request, "LastModifiedTimeBefore")
        query.nameContains = request.present("NameContains")?.string
        if let token = request.present("NextToken")?.string { query.after = try ListPosition(token: token, of: query) }
        return query
    }

    private func time(_ request: JSONValue, _ member: String) -> Timestamp? {
        request.present(member)?.double.map { Timestamp(milliseconds: Int64(($0 * 1000).rounded())) }
    }
}

extension AWSError {
    /// The one table from what goes wrong with jobs to AWS's errors; `nil` for what is nobody's fault but ours.
    init?(_ error: JobError) {
        let code: String
        switch error.code {
        case .invalid: code = "ValidationException"
        case .wrongType: code = "SerializationException"
        case .inUse: code = "ResourceInUse"
        case .limitExceeded: code = "ResourceLimitExceeded"
        case .notFound: code = "ResourceNotFound"
        case .notAllowed: code = "AccessDeniedException"
        default: return nil
        }
        self.init(code, error.message)
    }
}
