import GroundTruth
import HTTPTypes
import Hummingbird
import NIOCore
import Storage

/// New jobs: how much work they would be, their files, and the jobs themselves.
extension OwnerRoutes {
    func addNewJobs(to router: Router<ServiceContext>) {
        router.get("/portal/api/effort") { request, _ in
            try access.require(request)
            return Response.json(
                try await Self.telling {
                    let manifest = try request.uri.queryParameters["manifest"].map { try ObjectURI(received: String($0)) }
                    return try await desk.effort(of: manifest)
                })
        }
        router.put("/portal/api/jobs/:job/input/:file") { request, context in
            try access.require(request)
            guard let input = OwnerDesk.Input(rawValue: try context.named("file")) else {
                throw Problem(status: .notFound, code: "not-found", detail: "a job has no file of this name")
            }
            return Response.json(try await Self.telling { try await put(input, of: try context.job(), request) })
        }
        router.post("/portal/api/jobs") { request, _ in
            try access.require(request)
            let job = try await request.json(atMost: Self.maximumRequestBytes)
            return Response.json(try await desk.create(job), status: .created)
        }
    }

    /// Takes a file as it comes. One that is cut short leaves nothing behind.
    private func put(_ input: OwnerDesk.Input, of job: String, _ request: Request) async throws -> JSONOutput {
        let output = try ObjectURI(member: String(request.uri.queryParameters["output"] ?? "")).asFolder
        let uri = try await desk.place(of: input, of: job, below: output)
        let length = request.headers[.contentLength].flatMap { Int($0) }
        guard length ?? 0 <= input.maximumBytes else { throw Self.tooLarge(input) }
        let writer = try desk.objects.writer(to: uri)
        var count = 0
        for try await buffer in request.body {
            count += buffer.readableBytes
            guard count <= input.maximumBytes else { throw Self.tooLarge(input) }
            try writer.append(buffer.readableBytesView)
        }
        guard length ?? count == count else { throw Problem.badRequest("the body ended after \(count) bytes") }
        try await writer.commit()
        return ["uri": .string("\(uri)")]
    }

    private static func tooLarge(_ input: OwnerDesk.Input) -> Problem {
        Problem(
            status: .contentTooLarge, code: "content-too-large",
            detail:
                "\(input.rawValue) has more than \(input.maximumBytes) bytes, the most that is taken; put it into the service's "
                + "object store and name it as s3://BUCKET/KEY")
    }

    /// The owner named the objects, and is told what the store says of them.
    private static func telling<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as StorageError { throw Problem(error) }
    }
}

extension Problem {
    fileprivate init(_ error: StorageError) {
        let status: HTTPResponse.Status =
            switch error.code {
            case .notFound: .notFound
            case .badURI, .notAllowed, .noStore, .unsupported: .unprocessableContent
            case .tooLarge: .contentTooLarge
            default: .badGateway
            }
        self.init(status: status, code: "\(OwnerDesk.storagePrefix)\(error.code)", detail: error.message)
    }
}
