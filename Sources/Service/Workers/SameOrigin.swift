import HTTPTypes
import Hummingbird

/// Whether a page of this service sent a request: what changes something for a browser that is signed in must come from there.
///
/// `Sec-Fetch-Site` says it where a browser sends it (https, and this machine); everywhere browsers send `Origin` with what is not a GET.
enum SameOrigin {
    /// - Parameter trustsSilence: Also let pass what names no origin at all, as programs that are no browser do.
    /// - Throws: ``Problem`` 403.
    static func require(_ request: Request, trustsSilence: Bool = false) throws {
        guard request.method != .get, request.method != .head else { return }
        let isOwn: Bool
        if let site = request.headers[.secFetchSite] {
            isOwn = site == "same-origin"
        } else if let origin = request.headers[.origin] {
            isOwn = origin.split(separator: "://", maxSplits: 1).last.map(String.init) == request.head.authority
        } else {
            isOwn = trustsSilence
        }
        guard isOwn else {
            throw Problem(
                status: .forbidden, code: "cross-origin",
                detail: "the request does not come from a page of this service; programs send `Authorization: Bearer TOKEN`")
        }
    }
}

extension HTTPField.Name {
    fileprivate static let secFetchSite = named("Sec-Fetch-Site")
}
