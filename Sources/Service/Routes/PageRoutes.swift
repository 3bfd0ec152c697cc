import AWS
import HTTPTypes
import Hummingbird
import NIOCore
import Storage

/// What pages load: `GET /assets/…`, the static files, and `GET /objects/…`, objects by signed URL. Neither needs a key.
package struct PageRoutes: Sendable {
    static let assetPath = "/assets/"

    private let assets: AssetFolder
    let links: ReadLinks
    private let imageSources: [String]

    /// - Parameter imageSources: Where page images come from beside this service, as content security policies write it.
    package init(assets: AssetFolder, links: ReadLinks, imageSources: [String] = []) {
        (self.assets, self.links, self.imageSources) = (assets, links, imageSources)
    }

    func add(to router: Router<ServiceContext>) {
        router.get("/assets/**") { request, _ in try asset(request) }
        router.get("/objects/**") { request, _ in try await object(request) }
    }

    /// Whether everybody may ask for it: files that are public anyway, and what a signature guards.
    static func isOpen(_ path: String) -> Bool { path.hasPrefix(assetPath) || path.hasPrefix(ReadLinks.path) }

    // MARK: Assets

    private func asset(_ request: Request) throws -> Response {
        let name = String(request.uri.path.dropFirst(Self.assetPath.count))
        guard let file = assets[name] else {
            throw Problem(status: .notFound, code: "not-found", detail: "there is no file of this name")
        }
        var headers: HTTPFields = [
            .contentType: file.contentType, .eTag: file.eTag, .cacheControl: "no-cache", .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: ContentPolicy.page,
        ]
        if name.hasPrefix("annotator/") {
            headers[.contentSecurityPolicy] = ContentPolicy.annotator(imageSources: imageSources)
        } else {
            // A template's origin is nobody's, and it fetches these modules.
            headers[.accessControlAllowOrigin] = "*"
        }
        guard request.headers[.ifNoneMatch] != file.eTag else { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }

    // MARK: Objects

    private func object(_ request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        guard let name = PercentEncoding.decode(request.uri.path.dropFirst(ReadLinks.path.count)) else {
            throw Problem(status: .badRequest, code: "bad-link", detail: "the link is not percent-encoded UTF-8")
        }
        let uri = try links.object(
            named: name, expires: query["expires"].map { String($0) }, signature: query["signature"].map { String($0) })
        let store = links.store
        let info = try await info(of: uri)
        let headers: HTTPFields = [
            .contentType: info.contentType ?? "application/octet-stream", .cacheControl: "private, max-age=300",
            .xContentTypeOptions: "nosniff", .contentSecurityPolicy: ContentPolicy.object, .accessControlAllowOrigin: "*",
        ]
        return Response(status: .ok, headers: headers, body: .object(uri, in: store, 0..<info.size))
    }

    private func info(of uri: ObjectURI) async throws -> ObjectInfo {
        do {
            return try await links.store.info(of: uri)
        } catch {
            guard error.code == .notFound else { throw error }
            throw Problem(status: .notFound, code: "not-found", detail: "the object does not exist any more")
        }
    }
}
