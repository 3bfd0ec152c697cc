import Hummingbird
package import LabelingJobs
import Storage

/// The workers' API and pages, and the owner's.
package struct Portal: Sendable {
    private let workers: WorkerRoutes
    private let pages: WorkerPages
    private let owner: OwnerRoutes
    private let ownerPages: OwnerPages
    private let signIn: OIDCRoutes?

    /// - Parameters:
    ///   - keys: What the owner signs in with; none: everybody on this machine is the owner.
    ///   - links: Under which pages read objects; a service that is started again should sign them with the same secret.
    ///   - imageSources: See ``PageRoutes``.
    ///   - hosts: See ``WorkerTemplate``.
    ///   - provider: Whom workers can sign in with, beside their links.
    package init(
        engine: JobEngine, keys: [String], links: ReadLinks, imageSources: [String] = [], hosts: [String]? = nil,
        provider: OIDCProvider? = nil
    ) {
        let access = WorkerAccess(store: engine.store, clock: engine.clock, region: engine.account.region)
        let documents = TaskDocuments(
            store: engine.store, objects: engine.objects, links: links, clock: engine.clock, hosts: hosts)
        workers = WorkerRoutes(store: engine.store, clock: engine.clock, access: access, documents: documents)
        pages = WorkerPages(
            store: engine.store, access: access, documents: documents, imageSources: imageSources, signIn: provider?.settings)
        signIn = provider.map { OIDCRoutes(provider: $0, access: access) }
        let ownerAccess = OwnerAccess(keys: keys.map { Array($0.utf8) }, clock: engine.clock)
        owner = OwnerRoutes(engine: engine, access: ownerAccess, documents: documents)
        ownerPages = OwnerPages(store: engine.store, access: ownerAccess, documents: documents, imageSources: imageSources)
    }

    func add(to router: Router<ServiceContext>) {
        workers.add(to: router)
        pages.add(to: router)
        owner.add(to: router)
        ownerPages.add(to: router)
        signIn?.add(to: router)
    }
}
