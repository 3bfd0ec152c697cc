import GroundTruth
import LabelingJobs

/// Labeling jobs: create, describe, list, stop.
extension SageMakerOperations {
    func createLabelingJob(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        try await JobValidation(engine: engine).check(request)
        return ["LabelingJobArn": .string(try await engine.createLabelingJob(request))]
    }

    func describeLabelingJob(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        let job = try await store.job(named: text(request, "LabelingJobName"))
        return job.description(try await store.counters(of: job), tags: try await store.tags(of: job.arn))
    }

    func listLabelingJobs(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        let status = request.present("StatusEquals")?.string.flatMap { JobStatus(rawValue: $0) }
        let (jobs, next) = try await store.jobs(try query(request), status: status)
        var summaries: [JSONOutput] = []
        for job in jobs { summaries.append(job.summary(try await store.counters(of: job))) }
        return page("LabelingJobSummaryList", summaries, next)
    }

    func listLabelingJobsForWorkteam(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        let team = text(request, "WorkteamArn")
        if !Workteam.isPublic(team) { _ = try await store.team(arn: team) }
        let (jobs, next) = try await store.jobs(
            try query(request), team: team, referenceContains: request.present("JobReferenceCodeContains")?.string)
        var summaries: [JSONOutput] = []
        for job in jobs { summaries.append(job.teamSummary(try await store.counters(of: job), account: engine.account)) }
        return page("LabelingJobSummaryList", summaries, next)
    }

    func stopLabelingJob(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        try await store.stopJob(named: text(request, "LabelingJobName"), at: engine.clock.now())
        return [:]
    }

    func page(_ member: String, _ elements: [JSONOutput], _ next: ListPosition?) -> JSONOutput {
        var answer: [String: JSONOutput] = [member: .array(elements)]
        if let next { answer["NextToken"] = .string(next.token) }
        return .object(answer)
    }
}
