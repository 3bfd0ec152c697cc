import HTTPTypes
import Hummingbird
import LabelingJobs

/// Who a worker's request comes from: a bearer token, which is the pass of the worker's link, or the cookie that a link sets.
struct WorkerAccess: Sendable {
    static let cookie = "prelabel-worker"
    /// How long a link lets a browser in. Whoever came by the open link stays the same worker as long as that.
    private static let sessionSeconds = 12 * 3600
    private static let publicSessionSeconds = 30 * 86_400

    let store: JobStore
    let clock: JobClock
    /// Stands in the ids of workers who come by the open link.
    let region: String

    /// - Throws: ``Problem`` 401, or 403 for a change that a page of somebody else asks for.
    func worker(_ request: Request) async throws -> Worker {
        if let token = request.bearerToken {
            guard let pass = AccessPass(token), let worker = try await store.worker(showing: pass, for: .link, at: clock.now())
            else { throw Self.refused("the token is not valid, or no longer") }
            return worker
        }
        guard let worker = try await session(request) else {
            throw Self.refused("open your link to sign in, or send its token as `Authorization: Bearer TOKEN`")
        }
        try SameOrigin.require(request)
        return worker
    }

    /// The worker whom the request's cookie lets in.
    private func session(_ request: Request) async throws -> Worker? {
        guard let pass = request.cookies[Self.cookie].flatMap({ AccessPass($0.value) }) else { return nil }
        return try await store.worker(showing: pass, for: .session, at: clock.now())
    }

    private static func refused(_ detail: String) -> Problem {
        Problem(status: .unauthorized, code: "unauthorized", detail: detail)
    }

    // MARK: Signing in

    /// The cookie that a link's pass gives. The open link makes a worker, unless the browser is one already.
    ///
    /// - Throws: ``Problem`` 401.
    func signIn(_ text: String, _ request: Request) async throws -> Cookie {
        guard let pass = AccessPass(text) else { throw Self.refused("this is no link of a worker") }
        if pass.holder.utf8.elementsEqual(AccessPass.publicTeam.utf8) {
            guard pass.isValid(for: .link, secret: try await store.secret(.publicLink), at: clock.now()) else {
                throw Self.refused("this link has ended; ask for a new one")
            }
            if let worker = try await session(request), worker.isPublic { return cookie(for: worker, request) }
            return cookie(for: try await store.makePublicWorker(region: region, at: clock.now()), request)
        }
        guard let worker = try await store.worker(showing: pass, for: .link, at: clock.now()) else {
            throw Self.refused("this link has ended; ask for a new one")
        }
        return cookie(for: worker, request)
    }

    /// A new session of somebody who proved to be the worker.
    func cookie(for worker: Worker, _ request: Request) -> Cookie {
        let seconds = worker.isPublic ? Self.publicSessionSeconds : Self.sessionSeconds
        let pass = worker.pass(for: .session, expires: clock.now().adding(seconds: seconds))
        return request.sessionCookie(Self.cookie, "\(pass)", seconds: seconds)
    }
}

extension Request {
    /// What stands behind `Authorization: Bearer`.
    var bearerToken: String? {
        guard let authorization = headers[.authorization], authorization.lowercased().hasPrefix("bearer ") else { return nil }
        return String(authorization.dropFirst("bearer ".count))
    }

    /// A cookie that scripts cannot read and that goes with requests of this service's own pages only.
    ///
    /// - Parameter seconds: Its lifetime; 0 takes it away.
    func sessionCookie(_ name: String, _ value: String, seconds: Int) -> Cookie {
        Cookie(name: name, value: value, maxAge: seconds, path: "/", secure: isSecure, httpOnly: true, sameSite: .strict)
    }
}
