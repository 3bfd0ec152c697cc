import HTTPTypes
import Hummingbird
import LabelingJobs

/// Whether a request comes from the jobs' owner: with a configured key, as a bearer token or by the cookie that signing in with it sets.
/// Without configured keys everybody on this machine is the owner.
struct OwnerAccess: Sendable {
    static let cookie = "prelabel-owner"
    private static let sessionSeconds = 12 * 3600
    /// Whom a session's pass names; the secret is the key itself, so that a key that is taken away ends its sessions.
    private static let holder = "owner"

    let keys: [[UInt8]]
    let clock: JobClock

    var needsKey: Bool { !keys.isEmpty }

    /// - Throws: ``Problem`` 401, or 403 for a change that a page of somebody else asks for.
    func require(_ request: Request) throws {
        guard needsKey else { return try SameOrigin.require(request, trustsSilence: true) }
        if let token = request.bearerToken {
            guard key(Array(token.utf8)) != nil else { throw Self.refused }
            return
        }
        guard isSignedIn(request) else { throw Self.refused }
        try SameOrigin.require(request)
    }

    func isSignedIn(_ request: Request) -> Bool {
        guard needsKey else { return true }
        guard let pass = request.cookies[Self.cookie].flatMap({ AccessPass($0.value) }),
            pass.holder.utf8.elementsEqual(Self.holder.utf8)
        else { return false }
        return keys.contains { pass.isValid(for: .session, secret: $0, at: clock.now()) }
    }

    /// - Throws: ``Problem`` 401.
    func signIn(_ text: String, _ request: Request) throws -> Cookie {
        guard let key = key(Array(text.utf8)) else { throw Self.refusal("this is none of the service's keys") }
        let expires = clock.now().adding(seconds: Self.sessionSeconds)
        let pass = AccessPass(Self.holder, for: .session, expires: expires, secret: key)
        return request.sessionCookie(Self.cookie, "\(pass)", seconds: Self.sessionSeconds)
    }

    /// The configured key that was offered; each is compared, so that the time taken tells nothing about them.
    private func key(_ offered: [UInt8]) -> [UInt8]? {
        keys.reduce(nil as [UInt8]?) { found, key in KeyCheck.areEqual(key, offered) ? key : found }
    }

    private static var refused: Problem { refusal("sign in with one of the service's keys") }

    private static func refusal(_ sentence: String) -> Problem {
        Problem(status: .unauthorized, code: "unauthorized", detail: sentence)
    }
}
