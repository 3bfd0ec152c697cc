import GroundTruth
import HTTPTypes
import Hummingbird
import LabelingJobs

/// What the owner's pages ask for: jobs as they stand, new ones, and their end.
struct OwnerRoutes: Sendable {
    static let path = "/portal/api/"
    static let maximumRequestBytes = 1 << 20

    let engine: JobEngine
    let access: OwnerAccess

    private var store: JobStore { engine.store }

    func add(to router: Router<ServiceContext>) {
        router.get("/portal/api/jobs") { request, _ in
            try access.require(request)
            var jobs: [JSONOutput] = []
            for job in try await store.jobs().reversed() { jobs.append(.object(try await summary(of: job))) }
            return Response.json(["jobs": .array(jobs)])
        }
        router.post("/portal/api/jobs") { request, _ in
            try access.require(request)
            let arn = try await engine.create(try await request.json(atMost: Self.maximumRequestBytes))
            return Response.json(["LabelingJobArn": .string(arn)], status: .created)
        }
        router.get("/portal/api/jobs/:job") { request, context in
            try access.require(request)
            return Response.json(try await detail(of: store.job(named: context.job())))
        }
        router.post("/portal/api/jobs/:job/stop") { request, context in
            try access.require(request)
            try await store.stopJob(named: context.job(), at: engine.clock.now())
            return Response.json([:])
        }
    }

    /// A job as the list has it.
    private func summary(of job: JobRecord) async throws -> [String: JSONOutput] {
        let counters = try await store.counters(of: job)
        return [
            "created": .string(job.created.answerDate), "failureReason": job.failureReason.map { .string($0) } ?? .null,
            "modified": .string(job.modified.answerDate), "name": .string(job.name),
            "counters": [
                "failed": .int(counters.failed), "labeled": .int(counters.labeled), "pending": .int(counters.pending),
                "total": .int(counters.total), "unlabeled": .int(counters.unlabeled),
            ],
            "status": .string(job.status.rawValue), "title": .string(job.title),
        ]
    }

    private func detail(of job: JobRecord) async throws -> JSONOutput {
        var members = try await summary(of: job)
        members["arn"] = .string(job.arn)
        members["request"] = .raw(job.request)
        return .object(members)
    }
}
