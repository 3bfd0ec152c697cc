import Hummingbird
import LabelingJobs

/// The owner's pages; their scripts ask ``OwnerRoutes``, which lets the owner in.
struct OwnerPages: Sendable {
    let store: JobStore
    let access: OwnerAccess
    let documents: TaskDocuments
    let imageSources: [String]

    func add(to router: Router<ServiceContext>) {
        router.get("/portal/owner") { _, _ in page("Labeling jobs", "owner-jobs") }
        router.get("/portal/owner/new") { _, _ in page("New labeling job", "owner-new") }
        router.get("/portal/owner/jobs/:job") { _, context in page(try context.job(), "owner-job") }
        router.get("/portal/owner/jobs/:job/disputes") { _, _ in page("Disputed places", "owner-disputes") }
        router.get("/portal/owner/jobs/:job/preview/:number") { request, context in
            guard access.isSignedIn(request) else { return page("Sign in", "owner-jobs") }
            do { return try await preview(context).response } catch let error as CancellationError { throw error } catch {
                let problem = ProblemResponses().problem(for: error, context: context)
                let reason = "There is no such task: \(problem.detail)."
                return PortalPage(refusing: problem, notFound: reason, back: ("Labeling jobs", "/portal/owner")).response
            }
        }
    }

    private func preview(_ context: ServiceContext) async throws -> HTMLPage {
        let (job, number) = (try await store.job(named: context.job()), try context.objectNumber())
        let frame = "\(OwnerRoutes.path)jobs/\(job.name)/objects/\(number)/frame"
        return TaskShell(job: job, number: number, documents: documents, imageSources: imageSources)
            .page(script: "owner-preview", framePath: frame)
    }

    private func page(_ title: String, _ script: String) -> Response {
        PortalPage(title, script: script, hasKey: access.needsKey).response
    }
}
