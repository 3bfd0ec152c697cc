import Hummingbird
import LabelingJobs

/// The owner's pages; their scripts ask ``OwnerRoutes``, which lets the owner in.
struct OwnerPages: Sendable {
    let store: JobStore
    let access: OwnerAccess
    let documents: TaskDocuments
    let imageSources: [String]

    func add(to router: Router<ServiceContext>) {
        router.get("/portal/owner") { _, _ in PortalPage("Labeling jobs", script: "owner-jobs").response }
        router.get("/portal/owner/new") { _, _ in PortalPage("New labeling job", script: "owner-new").response }
        router.get("/portal/owner/jobs/:job") { _, context in
            PortalPage(try context.job(), script: "owner-job").response
        }
        router.get("/portal/owner/jobs/:job/disputes") { _, context in
            PortalPage("Disputed places", script: "owner-disputes").response
        }
        router.get("/portal/owner/jobs/:job/preview/:number") { request, context in
            guard access.isSignedIn(request) else { return PortalPage("Sign in", script: "owner-jobs").response }
            let (job, number) = (try await store.job(named: context.job()), try context.objectNumber())
            let shell = TaskShell(job: job, number: number, documents: documents, imageSources: imageSources)
            let frame = "\(OwnerRoutes.path)jobs/\(job.name)/objects/\(number)/frame"
            return try await shell.page(script: "owner-preview", framePath: frame).response
        }
    }
}
