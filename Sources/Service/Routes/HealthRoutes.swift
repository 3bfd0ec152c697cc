import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /health/live`: the process answers. `GET /health/ready`: what it needs can be reached.
struct HealthRoutes {
    let isReady: @Sendable () async -> Bool

    func add(to router: Router<ServiceContext>) {
        router.get("/health/live") { _, _ in Self.status("live") }
        router.get("/health/ready") { _, _ in
            guard await isReady() else {
                throw Problem(status: .serviceUnavailable, code: "not-ready", detail: "the data folder cannot be reached")
            }
            return Self.status("ready")
        }
    }

    private static func status(_ word: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: #"{"status":"\#(word)"}"# + "\n")))
    }
}
