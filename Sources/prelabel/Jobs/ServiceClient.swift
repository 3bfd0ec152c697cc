import AWS
import GroundTruth
import LabelingJobs
import Service
import Storage
import Transport

/// A `prelabel serve` on this or another machine, asked as the jobs' owner.
///
/// What it refuses is thrown as the error that the same call throws on a data folder, so that a command ends alike.
struct ServiceClient: Sendable {
    /// A page of a job's objects with all of their lines.
    private static let maximumAnswerBytes = 256 << 20
    /// Counting a large manifest's objects, or rewriting outputs, takes its time.
    private static let deadline = Duration.seconds(1800)

    let address: HTTPURL
    private let key: OwnerKey?
    private let transport = CurlTransport(settings: TransportSettings(environment: Settings.environment))

    /// - Throws: ``CommandFailure`` with 64 for what is no address of a service, with 78 for a key that is none.
    init(address text: String) throws {
        do { address = try HTTPURL(parsing: text) } catch {
            throw CommandFailure(status: .usage, message: "--endpoint: \(error.message)")
        }
        guard address.query == nil else {
            throw CommandFailure(status: .usage, message: "--endpoint: \(address.redacted): a service's address has no `?`")
        }
        key = try OwnerKey.configured()
        if let key, address.scheme == .http, !ServiceConfiguration.isLoopback(address.host) {
            Terminal.say(
                "prelabel: warning: the key of \(key.variable) goes to \(address.redacted) unencrypted, for everybody on the way "
                    + "to read; https:// would hide it")
        }
    }

    /// - Throws: ``CommandFailure`` with 69 for a service that is not reached, 78 for one that does not let its caller in; else what
    ///   the call throws.
    func answer(to request: ServiceRequest) async throws -> JSONValue {
        var outgoing = OutgoingRequest(
            request.method, request.url(below: address), headers: ["Accept": "application/json"], body: request.body,
            deadline: Self.deadline)
        if let type = request.contentType { outgoing.headers.add("Content-Type", type) }
        if let key { outgoing.headers.add("Authorization", "Bearer \(key.value)") }
        let (response, body): (IncomingResponse, [UInt8])
        do {
            response = try await transport.send(outgoing)
            body = try await response.body.collect(atMost: Self.maximumAnswerBytes)
        } catch {
            throw CommandFailure(status: .unavailable, message: "the service is not reached: \(error.message)")
        }
        let document = try? JSONScanner.parse(body)
        guard (200..<300).contains(response.status) else { throw failure(response, document) }
        guard let document, document.object != nil else { throw strange(response) }
        return document
    }

    private func failure(_ response: IncomingResponse, _ problem: JSONValue?) -> any Error {
        guard let code = problem?["code"]?.string, let detail = problem?["detail"]?.string else { return strange(response) }
        if response.status == 401 { return refused }
        if let code = JobError.Code(code) { return JobError(code, detail) }
        if code.hasPrefix(OwnerDesk.storagePrefix),
            let code = StorageError.Code(String(code.dropFirst(OwnerDesk.storagePrefix.count)))
        {
            return StorageError(code, detail)
        }
        let status: ExitStatus =
            switch response.status {
            case 403: .configuration
            case 429, 500...: .unavailable
            default: .badData
            }
        let id = response.status >= 500 ? response.headers["X-Request-ID"].map { " (\($0))" } ?? "" : ""
        return CommandFailure(status: status, message: "\(address.redacted): \(detail)\(id)")
    }

    private var refused: CommandFailure {
        let what = key.map { "does not know the key of \($0.variable)" } ?? "asks for a key"
        return CommandFailure(
            status: .configuration,
            message:
                "\(address.redacted) \(what): set \(OwnerKey.variables[0]) to one of the service's keys, in the environment or the "
                + "configuration file")
    }

    private func strange(_ response: IncomingResponse) -> CommandFailure {
        CommandFailure(
            status: .unavailable,
            message:
                "\(address.redacted) answers \(response.status), and not as `prelabel serve` with labeling jobs does: is the "
                + "address right?")
    }
}

/// What the owner of a service's jobs shows it: one of the keys that `serve` takes, by the same variables.
private struct OwnerKey: Sendable {
    /// Keys, and access keys, whose secret is a key too.
    static let variables = ["PRELABEL_API_KEYS", "PRELABEL_ACCESS_KEYS"]

    let value: String
    let variable: String

    /// The first key that is set.
    ///
    /// - Throws: ``CommandFailure`` or ``ConfigurationError``, both 78.
    static func configured() throws -> OwnerKey? {
        if let first = Settings.keys.first {
            guard first.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw CommandFailure(
                    status: .configuration, message: "the first key of \(variables[0]) has a character that cannot be sent")
            }
            return OwnerKey(value: first, variable: variables[0])
        }
        let pairs = try ServiceConfiguration.accessKeys(parsing: Settings.string("ACCESS_KEYS") ?? "")
        return pairs.first.map { OwnerKey(value: $0.secretAccessKey.value, variable: variables[1]) }
    }
}
