import FoundationEssentials
import GroundTruth
import HTTPTypes
import Hummingbird
import LabelingJobs
import NIOCore

/// `POST /jobs/NAME/objects`: objects for a streaming job as JSON Lines. `GET /jobs/NAME/stream`: what came in, what was refused, and
/// who could not be told.
struct StreamRoutes: Sendable {
    /// In one request.
    private static let maximumLines = 100_000
    /// Taken in at a time.
    private static let batchSize = 500
    /// Shown of each kind.
    private static let shown = 100
    private static let maximumKeyCharacters = 64

    let engine: JobEngine
    let access: OwnerAccess

    func add(to router: Router<ServiceContext>) {
        router.post("/jobs/:job/objects") { request, context in
            try access.require(request)
            return Response.json(try await take(request, job: try context.job()))
        }
        router.get("/jobs/:job/stream") { request, context in
            try access.require(request)
            return Response.json(try await status(of: try context.job()))
        }
    }

    private func take(_ request: Request, job: String) async throws -> JSONOutput {
        let key = request.headers[.idempotencyKey]
        if let key, !(1...Self.maximumKeyCharacters).contains(key.utf8.count) {
            throw Problem(
                status: .badRequest, code: "bad-idempotency-key",
                detail: "Idempotency-Key has \(key.utf8.count) characters, expected 1 to \(Self.maximumKeyCharacters)")
        }
        // Without objects too, a job that takes none is told.
        var total = try await engine.addObjects([], to: job)
        var numbers: [String: Int] = [:]
        var batch: [(text: String, id: String)] = []
        var splitter = LineSplitter()
        func add(_ line: LineSplitter.Line) throws {
            guard !line.isBlank else { return }
            guard line.number <= Self.maximumLines else {
                throw Problem(
                    status: .contentTooLarge, code: "too-many-lines",
                    detail: "more than \(Self.maximumLines) lines; those before are taken in")
            }
            let id = key.map { "\($0)#\(line.number)" } ?? UUID().uuidString.lowercased()
            numbers[id] = line.number
            batch.append((String(decoding: line.bytes, as: UTF8.self), id))
        }
        var rejected: [JSONOutput] = []
        func flush() async throws {
            let tally = try await engine.addObjects(batch, to: job)
            total.accepted += tally.accepted
            total.duplicates += tally.duplicates
            total.rejected += tally.rejected
            for rejection in tally.rejected where rejected.count < Self.shown {
                rejected.append(["line": .int(numbers[rejection.message] ?? 0), "reason": .string(rejection.reason)])
            }
            batch.removeAll(keepingCapacity: true)
            numbers.removeAll(keepingCapacity: true)
        }
        for try await buffer in request.body {
            for line in splitter.append(Array(buffer.readableBytesView)) { try add(line) }
            if batch.count >= Self.batchSize { try await flush() }
        }
        if let last = splitter.finish() { try add(last) }
        if !batch.isEmpty { try await flush() }
        return [
            "accepted": .int(total.accepted), "duplicates": .int(total.duplicates), "rejected": .array(rejected),
            "rejectedCount": .int(total.rejected.count),
        ]
    }

    private func status(of name: String) async throws -> JSONOutput {
        let job = try await engine.store.job(named: name)
        let dead = try await engine.store.deadNotices(of: job, limit: Self.shown)
        var members: [String: JSONOutput] = [
            "notices": [
                "failed": .array(dead.map { OwnerDesk.document(of: $0) }),
                "waiting": .int(try await engine.store.noticeCounts(of: job).waiting),
            ], "status": .string(job.status.rawValue),
        ]
        guard let stream = try await engine.store.stream(of: job) else { return .object(members) }
        let rejections = try await engine.store.rejections(of: job, limit: Self.shown)
        members["dropped"] = .int(stream.dropped)
        members["duplicates"] = .int(stream.duplicates)
        members["isIdle"] = .bool(stream.isIdle)
        members["lastInput"] = .string(stream.lastInput.answerDate)
        members["queue"] = stream.queue.map { .string($0) } ?? .null
        members["rejected"] = .array(rejections.map { OwnerDesk.document(of: $0) })
        return .object(members)
    }
}

extension HTTPField.Name {
    fileprivate static let idempotencyKey = named("Idempotency-Key")
}
