import Functions
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// `POST /pre-annotation` and `POST /post-annotation`: the event in, the response out, byte for byte what the command line writes.
struct FunctionRoutes {
    static let maximumBodyBytes = FunctionHandler.maximumPayloadBytes

    let preAnnotation: PreAnnotation
    let postAnnotation: PostAnnotation

    func add(to router: Router<ServiceContext>) {
        router.post("/pre-annotation") { request, context in
            try await json(preAnnotation.respond(to: event(request), logger: context.log))
        }
        router.post("/post-annotation") { request, context in
            try await json(postAnnotation.respond(to: event(request), logger: context.log).body)
        }
    }

    private func event(_ request: Request) async throws -> [UInt8] {
        let buffer = try await request.body.collect(upTo: Self.maximumBodyBytes)
        return Array(buffer.readableBytesView)
    }

    private func json(_ bytes: [UInt8]) -> Response {
        Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
