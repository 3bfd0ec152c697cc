import AWS
import GroundTruth
import HTTPTypes
import Hummingbird
import LabelingJobs

/// The workers' API: jobs and tasks out, answers in. `Assets/README.md` describes it for whoever writes a page or a script.
///
/// What a worker is told is only of the jobs of the own teams and of the own answers.
struct WorkerRoutes: Sendable {
    static let path = "/tasks/"
    private static let answersAtATime = 100
    private static let maximumDraftBytes = 8 << 20

    let store: JobStore
    let clock: JobClock
    let access: WorkerAccess
    let documents: TaskDocuments

    func add(to router: Router<ServiceContext>) {
        router.get("/tasks/jobs") { request, _ in
            let worker = try await access.worker(request)
            let jobs = try await store.jobs(of: worker, at: clock.now())
            return Response.json(["jobs": .array(jobs.map { document(of: $0) }), "worker": .string(worker.id)])
        }
        router.get("/tasks/:job") { request, context in
            let job = try context.job()
            let worker = try await access.worker(request)
            return Response.json(document(of: try await store.job(named: job, for: worker, at: clock.now())))
        }
        router.get("/tasks/:job/answers") { request, context in
            let worker = try await access.worker(request)
            let view = try await store.job(named: context.job(), for: worker, at: clock.now())
            let answers = try await store.answers(of: worker, to: view.job, limit: Self.answersAtATime)
            return Response.json([
                "answers": .array(answers.map { Self.document(of: $0, in: view.job) }), "job": document(of: view),
            ])
        }
        router.post("/tasks/:job") { request, context in try await claim(request, context) }
        router.get("/tasks/:job/:number") { request, context in Response.json(document(of: try await task(request, context).task)) }
        router.get("/tasks/:job/:number/document") { request, context in
            let (worker, task) = try await task(request, context)
            return Response.json(
                try await documents.document(of: task, in: store.job(named: task.job, for: worker, at: clock.now()), worker))
        }
        router.get("/tasks/:job/:number/frame") { request, context in
            let (_, task) = try await task(request, context)
            return await documents.frame(input: task.input, in: try await store.job(named: task.job)).response
        }
        addChanges(to: router)
    }

    private func addChanges(to router: Router<ServiceContext>) {
        router.post("/tasks/:job/:number/answer") { request, context in
            let (worker, job, number) = try await caller(request, context)
            try await store.submit(try await request.answer(), to: job, number, by: worker.id, at: clock.now())
            return Response.json(["next": .string(WorkerPages.next(of: job))])
        }
        router.put("/tasks/:job/:number/draft") { request, context in
            let (worker, job, number) = try await caller(request, context)
            let draft = try await request.json(atMost: Self.maximumDraftBytes)
            try await store.saveDraft(draft, of: job, number, by: worker.id, at: clock.now())
            return Response.json([:])
        }
        router.post("/tasks/:job/:number/decline") { request, context in
            let (worker, job, number) = try await caller(request, context)
            try await store.decline(job, number, by: worker.id, at: clock.now())
            return Response.json(["next": .string(WorkerPages.next(of: job))])
        }
        router.post("/tasks/:job/:number/release") { request, context in
            let (worker, job, number) = try await caller(request, context)
            try await store.release(job, number, by: worker.id, at: clock.now())
            return Response.json(["next": .string(WorkerPages.home)])
        }
        router.post("/tasks/:job/:number/reopen") { request, context in
            let (worker, job, number) = try await caller(request, context)
            return Response.json(document(of: try await store.reopen(job, number, by: worker.id, at: clock.now())))
        }
    }

    // MARK: Requests

    private func caller(_ request: Request, _ context: ServiceContext) async throws -> (Worker, job: String, number: Int) {
        let (job, number) = (try context.job(), try context.objectNumber())
        let worker = try await access.worker(request)
        try await store.requireAccess(to: job, for: worker)
        return (worker, job, number)
    }

    private func task(_ request: Request, _ context: ServiceContext) async throws -> (worker: Worker, task: WorkerTask) {
        let (worker, job, number) = try await caller(request, context)
        return (worker, try await store.task(job, number, of: worker.id))
    }

    private func claim(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let name = try context.job()
        let worker = try await access.worker(request)
        try await store.requireAccess(to: name, for: worker)
        let task = try await store.claim(name, for: worker.id, at: clock.now())
        if let task { return Response.json(["task": document(of: task)]) }
        // Only who waits is told why: counting a job's objects takes longer than taking one.
        let job = try await store.job(named: name, for: worker, at: clock.now())
        return Response.json(["job": document(of: job), "task": .null])
    }

    // MARK: Documents

    private func document(of task: WorkerTask) -> JSONOutput {
        let path = "\(Self.path)\(task.job)/\(task.number)"
        return [
            "accepted": .string(task.accepted.answerDate), "answer": task.answer.map { .raw(Array($0.utf8)[...]) } ?? .null,
            "document": .string("\(path)/document"), "draft": task.draft.map { .raw(Array($0.utf8)[...]) } ?? .null,
            "expires": .string(task.expires.answerDate), "input": .raw(Array(task.input.utf8)[...]), "job": .string(task.job),
            "number": .int(task.number), "page": .string(WorkerPages.page(of: task.job, task.number)),
            "secondsLeft": .int(secondsLeft(until: task.expires)), "state": .string(task.state.word),
            "submitted": task.submitted.map { .string($0.answerDate) } ?? .null,
        ]
    }

    private static func document(of answer: OwnAnswer, in job: JobRecord) -> JSONOutput {
        [
            "isOpen": .bool(answer.isOpen), "number": .int(answer.number),
            "page": .string(WorkerPages.page(of: job.name, answer.number)), "submitted": .string(answer.submitted.answerDate),
        ]
    }

    private func document(of view: WorkerJob) -> JSONOutput {
        let settings = view.job.settings
        return [
            "answered": .int(view.answeredCount), "description": .string(view.job.about),
            "elsewhere": .int(view.elsewhereCount),
            "held": view.held.map { held in
                ["number": .int(held.number), "secondsLeft": .int(secondsLeft(until: held.expires))]
            } ?? .null,
            "keywords": .array(view.job.keywords.map { .string($0) }), "name": .string(view.job.name), "open": .int(view.openCount),
            "secondsLeft": view.openUntil.map { .int(secondsLeft(until: $0)) } ?? .null,
            "start": .string(WorkerPages.next(of: view.job.name)), "status": .string(view.job.status.rawValue),
            "taskSeconds": .int(settings.taskSeconds), "title": .string(view.job.title), "waiting": .int(view.waitingCount),
        ]
    }

    private func secondsLeft(until moment: Timestamp) -> Int {
        max(0, Int((moment.milliseconds - clock.now().milliseconds) / 1000))
    }
}

extension ServiceContext {
    func job() throws -> String { try named("job") }

    /// A part of the path, percent-decoded.
    func named(_ parameter: String) throws -> String {
        guard let name = PercentEncoding.decode(try parameters.require(parameter)) else {
            throw Problem(status: .badRequest, code: "bad-request", detail: "the path is not UTF-8")
        }
        return name
    }

    func objectNumber() throws -> Int {
        guard let number = parameters.get("number", as: Int.self), number >= 0 else {
            throw Problem(status: .notFound, code: "not-found", detail: "objects are numbered from 0")
        }
        return number
    }
}

extension TaskState {
    /// As the workers' API says it.
    var word: String {
        switch self {
        case .accepted: "accepted"
        case .submitted: "submitted"
        case .declined: "declined"
        case .released: "released"
        case .expired: "expired"
        case .excluded: "excluded"
        }
    }
}
