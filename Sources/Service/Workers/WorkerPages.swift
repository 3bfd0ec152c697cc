import GroundTruth
import HTTPTypes
import Hummingbird
import LabelingJobs
import Liquid

/// The workers' pages: `/portal/`, the list of jobs; `/portal/enter`, where links lead; and a page a task. Their scripts use the workers' API.
struct WorkerPages: Sendable {
    static let home = "/portal/"
    /// Takes the worker's next task and goes there.
    static func next(of job: String) -> String { "\(home)jobs/\(job)/next" }
    static func page(of job: String, _ number: Int) -> String { "\(home)jobs/\(job)/tasks/\(number)" }

    /// Whether requests are let in by the pages and the workers' API themselves, without a configured key.
    static func isOpen(_ path: String) -> Bool {
        path == "/portal" || path.hasPrefix(home) || path.hasPrefix(WorkerRoutes.path)
    }

    let store: JobStore
    let access: WorkerAccess
    let documents: TaskDocuments
    let imageSources: [String]
    /// The provider that workers can sign in with.
    let signIn: OIDCSettings?

    func add(to router: Router<ServiceContext>) {
        router.get("/portal") { _, _ in PortalPage("Your jobs", script: "home", signIn: signIn).response }
        router.get("/portal/enter") { _, _ in PortalPage("Sign in", script: "enter").response }
        router.post("/portal/session") { request, _ in
            try SameOrigin.require(request, trustsSilence: true)
            let pass = try await request.json(atMost: 1024)["pass"]?.string ?? ""
            var response = Response.json(["next": .string(Self.home)])
            response.setCookie(try await access.signIn(pass, request))
            return response
        }
        router.delete("/portal/session") { request, _ in
            try SameOrigin.require(request)
            var response = Response.json([:])
            response.setCookie(request.sessionCookie(WorkerAccess.cookie, "none", seconds: 0))
            return response
        }
        router.get("/portal/jobs/:job/answers") { _, _ in PortalPage("Your answers", script: "answers").response }
        router.get("/portal/jobs/:job/next") { _, _ in PortalPage("Next task", script: "next").response }
        router.get("/portal/jobs/:job/tasks/:number") { request, context in
            do { return try await task(request, context).response } catch let error as CancellationError { throw error } catch {
                let problem = ProblemResponses().problem(for: error, context: context)
                return PortalPage(refusing: problem, notFound: Self.notFound, back: ("Your jobs", Self.home)).response
            }
        }
    }

    private static let notFound = "There is no task of yours at this address. It may be another team's, or its job may be gone."

    private func task(_ request: Request, _ context: ServiceContext) async throws -> HTMLPage {
        let (name, number) = (try context.job(), try context.objectNumber())
        guard let worker = try? await access.worker(request) else {
            return PortalPage("Sign in", script: "home", signIn: signIn).html
        }
        try await store.requireAccess(to: name, for: worker)
        let job = try await store.job(named: name)
        return TaskShell(job: job, number: number, documents: documents, imageSources: imageSources)
            .page(script: "task", worker: worker.id)
    }
}

/// A page of the portal: a frame that its script fills.
struct PortalPage: Sendable {
    let html: HTMLPage
    var response: Response { html.response }

    /// - Parameters:
    ///   - script: A module of `Assets/portal/`, without its ending.
    ///   - hasKey: Whether the page is for somebody who signed in with a key, and can sign out.
    ///   - signIn: The provider to sign in with, on a page that may find that nobody is signed in.
    init(_ title: String, script: String, hasKey: Bool = false, signIn: OIDCSettings? = nil) {
        let marks = [
            hasKey ? "data-has-key" : nil,
            signIn.map { #"data-sign-in="\#(HTMLText.escaped($0.startURL))" data-sign-in-host="\#(HTMLText.escaped($0.host))""# },
        ].compactMap { $0.map { " \($0)" } }.joined()
        html = HTMLPage(
            title: "\(title) · Prelabel",
            head: """
                \(Self.style)
                <script type="module" src="\(PageRoutes.assetPath)portal/\(script).js"></script>
                """,
            body: """
                <main id="main" aria-busy="true"\(marks)></main>
                <noscript>\(signIn.map { "<p>\(SignInPage.button($0))</p>" } ?? "")<p>These pages need JavaScript.</p></noscript>
                """,
            policy: ContentPolicy.page)
    }

    /// A page that says why a task cannot be shown.
    ///
    /// - Parameters:
    ///   - notFound: What is said where there is nothing.
    ///   - back: The name and path of the page to go on from.
    init(refusing problem: Problem, notFound: String, back: (name: String, path: String)) {
        let reason = problem.status == .notFound ? notFound : problem.detail
        html = HTMLPage(
            title: "No task · Prelabel", head: Self.style,
            body: """
                <main class="content narrow"><section class="panel"><h1>This task cannot be shown</h1>
                <p class="notice problem">\(HTMLText.escaped(reason))</p><p><a href="\(back.path)">\(back.name)</a></p></section></main>
                """,
            policy: ContentPolicy.page, status: problem.status)
    }

    private static let style = #"<link rel="stylesheet" href="\#(PageRoutes.assetPath)portal/portal.css">"#
}

/// The page of one task: a bar above the annotator, or above the sandboxed frame with the job's own template.
struct TaskShell: Sendable {
    let job: JobRecord
    let number: Int
    let documents: TaskDocuments
    let imageSources: [String]

    /// - Parameters:
    ///   - script: A module of `Assets/portal/`, without its ending, that fills the bar.
    ///   - framePath: Where the template's document is; by default the worker's own task's.
    ///   - worker: Whose task it is: drafts of several people may lie in one browser.
    func page(script: String, framePath: String? = nil, worker: String = "") -> HTMLPage {
        let isTemplate = documents.hasTemplate(job)
        let path = "\(WorkerRoutes.path)\(job.name)/\(number)"
        let frame = """
            <iframe title="Task" data-src="\(HTMLText.escaped(framePath ?? "\(path)/frame"))" sandbox="\(ContentPolicy.sandbox)" \
            data-submit="\(HTMLText.escaped("\(path)/answer"))"></iframe>
            """
        let work = isTemplate ? frame : #"<prelabel-annotator><p class="pa-loading">Opening the task …</p></prelabel-annotator>"#
        let style = isTemplate ? "" : #"<link rel="stylesheet" href="\#(PageRoutes.assetPath)annotator/annotator.css">"#
        return HTMLPage(
            title: "\(job.title) · Prelabel",
            head: """
                \(style)<link rel="stylesheet" href="\(PageRoutes.assetPath)portal/portal.css">
                <script type="module" src="\(PageRoutes.assetPath)portal/\(script).js"></script>
                """,
            body: """
                <div class="task-page" data-job="\(HTMLText.escaped(job.name))" data-number="\(number)" data-worker="\(HTMLText.escaped(worker))">
                <nav id="bar" class="task-bar" aria-label="Task"></nav>
                \(work)
                </div>
                """,
            policy: isTemplate ? ContentPolicy.pageAroundTemplate : ContentPolicy.annotator(imageSources: imageSources))
    }
}
