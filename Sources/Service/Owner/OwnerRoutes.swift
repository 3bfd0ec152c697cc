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

    let engine: JobEngine
    let access: OwnerAccess
    let documents: TaskDocuments

    var desk: OwnerDesk { OwnerDesk(engine: engine) }
    private var store: JobStore { engine.store }

    func add(to router: Router<ServiceContext>) {
        addJobs(to: router)
        addNewJobs(to: router)
        addReports(to: router)
        addObjects(to: router)
        addPeople(to: router)
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
            return Response.json(try await desk.jobs())
        }
        router.get("/portal/api/jobs/:job") { request, context in
            try access.require(request)
            return Response.json(try await desk.job(context.job()))
        }
        router.post("/portal/api/jobs/:job/stop") { request, context in
            try access.require(request)
            return Response.json(try await desk.stop(context.job()))
        }
        router.get("/portal/api/jobs/:job/notices") { request, context in
            try access.require(request)
            return Response.json(try await desk.notices(of: context.job(), from: try request.first()))
        }
        router.post("/portal/api/jobs/:job/notices/revive") { request, context in
            try access.require(request)
            return Response.json(try await desk.reviveNotices(of: context.job()))
        }
    }

    private func addReports(to router: Router<ServiceContext>) {
        router.get("/portal/api/jobs/:job/report") { request, context in
            Response.json(await JobReport.crowd(try await answers(to: try await job(request, context))))
        }
        router.get("/portal/api/jobs/:job/disputes") { request, context in
            let job = try await job(request, context)
            return Response.json(
                try await disputes(
                    of: job, from: try request.first(), skipping: request.uri.queryParameters["skip"].flatMap { Int($0) } ?? 0))
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
            try access.require(request)
            return Response.json(try await desk.objects(of: context.job(), in: try request.state(), from: try request.first()))
        }
        router.get("/portal/api/jobs/:job/listing") { request, context in
            try access.require(request)
            return Response.json(try await desk.listing(of: context.job(), in: try request.state(), from: try request.first()))
        }
        router.get("/portal/api/jobs/:job/refused") { request, context in
            try access.require(request)
            return Response.json(try await desk.refused(of: context.job(), from: try request.first()))
        }
        router.post("/portal/api/jobs/:job/more-answers") { request, context in
            try access.require(request)
            let document = try await request.json(atMost: Self.maximumRequestBytes)
            guard let count = document["count"]?.int, OwnerDesk.moreAnswers.contains(count) else {
                throw Problem.badRequest("`count` is not a number from 1 to 9")
            }
            let objects = try document.present("objects").map { try $0.list("objects", of: \.int) }
            return Response.json(try await desk.wantMore(count, for: objects, of: context.job()))
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

    private func disputes(of job: JobRecord, from first: Int, skipping skipped: Int) async throws -> JSONOutput {
        let records = try await store.answered(of: job, from: first, limit: JobReport.searchedObjects)
        let isLast = records.count < JobReport.searchedObjects
        let report = await JobReport(records, of: job, objects: engine.objects)
        let (disputes, left) = await report.disputes(skipping: skipped, limit: Self.disputesAtATime)
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
}

extension Problem {
    static func badRequest(_ detail: String) -> Problem { Problem(status: .badRequest, code: "bad-request", detail: detail) }
}

extension Request {
    /// The objects that are wanted; `nil`: those in any state.
    ///
    /// - Throws: ``Problem`` 400.
    func state() throws -> ObjectState? {
        guard let word = uri.queryParameters["state"] else { return nil }
        guard let state = ObjectState(String(word)) else {
            throw Problem.badRequest("`state` is `\(word)`, expected one of \(ObjectState.words)")
        }
        return state
    }

    /// From where on a page of a list is wanted, 0 by default.
    ///
    /// - Throws: ``Problem`` 400.
    func first() throws -> Int {
        guard let text = uri.queryParameters["from"] else { return 0 }
        guard let first = Int(text), first >= 0 else {
            throw Problem.badRequest("`from` is `\(text)`, expected a number from 0 on")
        }
        return first
    }
}

extension JSONValue {
    /// The elements of a list, all of one kind.
    ///
    /// - Throws: ``Problem`` 400.
    func list<Element>(_ name: String, of kind: (JSONValue) -> Element?) throws -> [Element] {
        guard let elements = array else { throw Problem.badRequest("`\(name)` is \(kindName), expected a list") }
        return try elements.map { element in
            guard let value = kind(element) else {
                throw Problem.badRequest("`\(name)` has \(element.excerpt), which is none of what it lists")
            }
            return value
        }
    }
}
