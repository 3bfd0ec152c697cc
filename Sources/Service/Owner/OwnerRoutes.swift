import AWS
import Annotations
import Consolidation
import GroundTruth
import HTTPTypes
import Hummingbird
import LabelingJobs
import Storage

/// What the owner's pages ask for: jobs as they stand, new ones, reports, decisions, and outputs.
struct OwnerRoutes: Sendable {
    static let path = "/portal/api/"
    static let maximumRequestBytes = 1 << 20
    private static let disputesAtATime = 200
    private static let objectsAtATime = 100

    let engine: JobEngine
    let access: OwnerAccess
    let documents: TaskDocuments

    private var store: JobStore { engine.store }

    func add(to router: Router<ServiceContext>) {
        addJobs(to: router)
        addReports(to: router)
        addObjects(to: router)
        router.post("/portal/owner/session") { request, _ in
            try SameOrigin.require(request, trustsSilence: true)
            let key = try await request.json(atMost: 4096)["key"]?.string ?? ""
            var response = Response.json([:])
            response.setCookie(try access.signIn(key, request))
            return response
        }
        router.delete("/portal/owner/session") { request, _ in
            try SameOrigin.require(request)
            var response = Response.json([:])
            response.setCookie(request.sessionCookie(OwnerAccess.cookie, "none", seconds: 0))
            return response
        }
    }

    private func addJobs(to router: Router<ServiceContext>) {
        router.get("/portal/api/jobs") { request, _ in
            try access.require(request)
            var jobs: [JSONOutput] = []
            for job in try await store.jobs().reversed() { jobs.append(.object(try await summary(of: job))) }
            return Response.json(["jobs": .array(jobs)])
        }
        router.post("/portal/api/jobs") { request, _ in
            try access.require(request)
            let job = NewJob(try await request.json(atMost: Self.maximumRequestBytes))
            return Response.json(["LabelingJobArn": .string(try await job.create(with: engine))], status: .created)
        }
        router.get("/portal/api/teams") { request, _ in
            try access.require(request)
            let teams: [JSONOutput] = try await store.teamSizes().map { name, arn, count in
                ["arn": .string(arn), "members": .int(count), "name": .string(name)]
            }
            return Response.json(["region": .string(engine.account.region), "teams": .array(teams)])
        }
        router.get("/portal/api/jobs/:job") { request, context in
            Response.json(try await detail(of: try await job(request, context)))
        }
        router.post("/portal/api/jobs/:job/stop") { request, context in
            let job = try await job(request, context)
            try await store.stopJob(named: job.name, at: engine.clock.now())
            return Response.json([:])
        }
    }

    private func addReports(to router: Router<ServiceContext>) {
        router.get("/portal/api/jobs/:job/report") { request, context in
            Response.json(await JobReport.crowd(try await answers(to: try await job(request, context))))
        }
        router.get("/portal/api/jobs/:job/disputes") { request, context in
            let first = request.uri.queryParameters["from"].flatMap { Int($0) } ?? 0
            return Response.json(try await disputes(of: try await job(request, context), from: first))
        }
        router.post("/portal/api/jobs/:job/objects/:number/decision") { request, context in
            let job = try await job(request, context)
            let decision = try await decision(request)
            try await store.decide(decision, on: context.objectNumber(), of: job.name, at: engine.clock.now())
            return Response.json([:])
        }
        router.get("/portal/api/jobs/:job/output") { request, context in
            try await output(of: try await job(request, context))
        }
    }

    private func addObjects(to router: Router<ServiceContext>) {
        router.get("/portal/api/jobs/:job/objects") { request, context in
            let job = try await job(request, context)
            let states: [ObjectState]? = request.uri.queryParameters["state"] == "failed" ? [.failed] : nil
            let first = request.uri.queryParameters["from"].flatMap { Int($0) } ?? 0
            let objects = try await store.objects(of: job, in: states, from: first, limit: Self.objectsAtATime)
            return Response.json([
                "next": objects.count < Self.objectsAtATime ? .null : .int((objects.last?.number ?? 0) + 1),
                "objects": .array(objects.map { Self.document(of: $0) }),
            ])
        }
        router.get("/portal/api/jobs/:job/objects/:number/document") { request, context in
            let (job, number, input) = try await object(request, context)
            var members = try await documents.content(of: number, input: input, in: job)
            members["task"] = ["id": .string("preview/\(job.name)/\(number)"), "title": .string(job.title)]
            return Response.json(.object(members))
        }
        router.get("/portal/api/jobs/:job/objects/:number/frame") { request, context in
            let (job, _, input) = try await object(request, context)
            return await documents.frame(input: input, in: job).response
        }
    }

    // MARK: Requests

    private func job(_ request: Request, _ context: ServiceContext) async throws -> JobRecord {
        try access.require(request)
        return try await store.job(named: context.job())
    }

    private func object(
        _ request: Request, _ context: ServiceContext
    ) async throws -> (job: JobRecord, number: Int, input: String) {
        let job = try await job(request, context)
        let number = try context.objectNumber()
        guard let input = try await store.input(of: job, number) else {
            throw Problem(status: .conflict, code: "not-prepared", detail: "object \(number) has not gone out to workers yet")
        }
        return (job, number, input)
    }

    private func decision(_ request: Request) async throws -> SpanDecision {
        let document = try await request.json(atMost: Self.maximumRequestBytes)
        guard let start = document["startOffset"]?.int, let end = document["endOffset"]?.int, 0 <= start, start < end,
            let choice = document["choice"]
        else {
            throw Problem(
                status: .badRequest, code: "bad-decision",
                detail: #"expected {"startOffset":…,"endOffset":…,"choice":SPAN or null}"#)
        }
        let span = SpanDecision.span(choice)
        guard span != nil || choice.isNull else {
            throw Problem(status: .badRequest, code: "bad-decision", detail: "`choice` is neither null nor a span with a label")
        }
        return SpanDecision(place: start..<end, choice: span, decided: engine.clock.now())
    }

    private func answers(to job: JobRecord) async throws -> [AnsweredDocument<ScalarOffset>] {
        let records = try await store.answeredSample(of: job, limit: JobReport.sampledObjects)
        if let task = job.settings.task, task != .entities { return ClassAnswers(task: task).documents(records) }
        return await JobReport(records, of: job, objects: engine.objects).items.map(\.document)
    }

    private func disputes(of job: JobRecord, from first: Int) async throws -> JSONOutput {
        let records = try await store.answered(of: job, from: first, limit: JobReport.searchedObjects)
        let isLast = records.count < JobReport.searchedObjects
        let report = await JobReport(records, of: job, objects: engine.objects)
        let (disputes, left) = await report.disputes(limit: Self.disputesAtATime)
        return [
            "disputes": .array(disputes), "last": records.last.map { .int($0.number) } ?? .null, "left": .int(left),
            "next": isLast ? .null : .int((records.last?.number ?? 0) + 1),
        ]
    }

    private func output(of job: JobRecord) async throws -> Response {
        let info: ObjectInfo
        do { info = try await engine.objects.info(of: job.outputManifest) } catch {
            guard error.code == .notFound else { throw error }
            throw Problem(status: .notFound, code: "not-found", detail: "nothing is written yet: there is no labeled object")
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/jsonlines", .contentDisposition: "attachment; filename=\"\(job.name).output.manifest\"",
                .xContentTypeOptions: "nosniff", .cacheControl: "no-store",
            ], body: .object(job.outputManifest, in: engine.objects, 0..<info.size))
    }

    // MARK: Documents

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
        let now = engine.clock.now()
        let progress = try await store.progress(of: job, at: now)
        func moment(_ time: Timestamp?) -> JSONOutput { time.map { .string($0.answerDate) } ?? .null }
        var members = try await summary(of: job)
        members["arn"] = .string(job.arn)
        members["hasSpans"] = .bool((job.settings.task ?? .entities) == .entities)
        members["output"] = .string("\(job.outputManifest)")
        members["request"] = .raw(job.request)
        members["progress"] = [
            "answered": .int(progress.answeredObjects), "answers": .int(progress.answers), "batch": .int(progress.batch),
            "expectedEnd": moment(progress.expectedEnd(job.settings, at: now)), "firstAnswer": moment(progress.firstAnswer),
            "held": .int(progress.heldTasks), "lastAnswer": moment(progress.lastAnswer), "offered": .int(progress.offeredObjects),
            "offeredUntil": moment(progress.offeredUntil), "openAnswers": .int(progress.openAnswers),
            "waiting": .int(progress.waitingObjects), "workers": .int(progress.workers),
        ]
        return .object(members)
    }

    private static func document(of object: ObjectSummary) -> JSONOutput {
        [
            "answers": .int(object.answers), "batch": .int(object.batch), "failure": object.failure.map { .string($0) } ?? .null,
            "line": .string(object.line), "number": .int(object.number), "state": .string("\(object.state)"),
        ]
    }
}
