import LabelingJobs
import Service
import Storage

/// What pages need that comes with the program or is made for one run.
enum PageFiles {
    /// - Throws: ``CommandFailure`` with 78 where the files are not installed.
    static func assets() throws -> AssetFolder {
        guard let folder = Settings.home(holding: "Assets") ?? Settings.home(holding: "Sources/Service/Assets") else {
            throw CommandFailure(
                status: .configuration, message: "the pages' files are not installed; PRELABEL_HOME names the folder with `Assets`")
        }
        return try AssetFolder(folder)
    }

    /// What pages load, and the links under which they read objects.
    ///
    /// - Parameter secret: What the links are signed with; by default one for this run.
    static func routes(
        _ assets: AssetFolder, store: any ObjectStore, isFolder: Bool, secret: [UInt8] = makeSecret()
    ) -> (routes: PageRoutes, links: ReadLinks) {
        let links = ReadLinks(store: store, secret: secret)
        return (PageRoutes(assets: assets, links: links, imageSources: imageSources(isFolder: isFolder)), links)
    }

    /// Where presigned URLs of S3 lead: over https, or to an endpoint without it that was set.
    static func imageSources(isFolder: Bool) -> [String] {
        guard !isFolder else { return [] }
        let endpoint = Settings.environment["AWS_ENDPOINT_URL_S3"] ?? Settings.environment["AWS_ENDPOINT_URL"] ?? ""
        guard endpoint.hasPrefix("http://") else { return ["https:"] }
        return ["https:", "http://\(endpoint.dropFirst("http://".count).prefix { $0 != "/" })"]
    }
}
